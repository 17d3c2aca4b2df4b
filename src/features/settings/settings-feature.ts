import type { Handlers } from '../../contract/endpoint.ts';
import type { Setting, settingsEndpoints } from '../../contract/settings.ts';
import type { WrittenValue } from '../../core/settings/settings-file.ts';

export interface SettingsPorts {
  readonly settingsFile: () => string;
  /** Reads all sources again. @throws AppError INVALID_SETTING */
  readonly read: () => readonly Setting[];
  /** Checks and writes; nothing is written when one value is bad. @throws AppError INVALID_SETTING */
  readonly write: (changes: Readonly<Record<string, WrittenValue>>) => void;
  /** What the running program was started with; left out where a command only reads the settings. */
  readonly running?: readonly Setting[];
}

export function createSettingsFeature({
  settingsFile,
  read,
  write,
  running = [],
}: SettingsPorts): Handlers<typeof settingsEndpoints> {
  function current(): Setting[] {
    return read().map((setting) => {
      const started = running.find(({ key }) => key === setting.key);
      return { ...setting, waitsForRestart: started !== undefined && started.value !== setting.value };
    });
  }

  return {
    async listSettings() {
      return { settings: current(), settingsFile: settingsFile() };
    },
    async changeSettings({ values }) {
      write(values);
      return { settings: current(), settingsFile: settingsFile(), restartNeeded: Object.keys(values).length > 0 };
    },
  };
}
