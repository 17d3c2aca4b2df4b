import type { Handlers } from '../../contract/endpoint.ts';
import type { Setting, settingsEndpoints } from '../../contract/settings.ts';
import type { WrittenValue } from '../../core/settings/settings-file.ts';

export interface SettingsPorts {
  readonly settingsFile: () => string;
  /** Reads all sources again. @throws AppError INVALID_SETTING */
  readonly read: () => readonly Setting[];
  /** Checks and writes; nothing is written when one value is bad. @throws AppError INVALID_SETTING */
  readonly write: (changes: Readonly<Record<string, WrittenValue>>) => void;
}

export function createSettingsFeature({
  settingsFile,
  read,
  write,
}: SettingsPorts): Handlers<typeof settingsEndpoints> {
  return {
    async listSettings() {
      return { settings: [...read()], settingsFile: settingsFile() };
    },
    async changeSettings({ values }) {
      write(values);
      return { settings: [...read()], settingsFile: settingsFile(), restartNeeded: Object.keys(values).length > 0 };
    },
  };
}
