import path from 'node:path';
import type { Setting } from '../contract/settings.ts';
import { parseSettingsFile, settingsFileName, changeSettingsFile, type WrittenValue } from '../core/settings/settings-file.ts';
import { type ResolvedSettings, resolveAppDataDir, resolveSettings, type SettingsText } from '../core/settings/resolve-settings.ts';
import { defaultAppDataDir, openAppDataFolder } from '../platform/app-data/app-data-folder.ts';
import { readEnvFile } from '../platform/app-data/env-file.ts';
import { readConfigText, writeSettingsText } from '../platform/app-data/settings-store.ts';

export interface LoadedSettings extends ResolvedSettings {
  /** Resolved, existing, writable. */
  readonly appDataDir: string;
  readonly settingsFile: string;
}

const platform = process.platform === 'win32' ? 'win32' : 'posix';

/** Reads environment, `.env` of the working directory and the settings file. @throws AppError INVALID_SETTING and more */
export function loadSettings(): LoadedSettings {
  const sources = {
    environment: process.env,
    envFile: readEnvFile(process.cwd()),
    defaultAppDataDir: defaultAppDataDir(),
    platform,
  } as const;
  const appDataDir = openAppDataFolder(resolveAppDataDir(sources));
  const settingsFile = path.join(appDataDir, settingsFileName);
  return { ...resolveSettings({ ...sources, settingsFile: readSettingsFile(settingsFile) }), appDataDir, settingsFile };
}

function readSettingsFile(file: string): SettingsText | null {
  const text = readConfigText(file);
  return text === null ? null : parseSettingsFile(text, file);
}

export function listSettings(): readonly Setting[] {
  return loadSettings().settings;
}

export function changeSettings(changes: Readonly<Record<string, WrittenValue>>): void {
  const { settingsFile } = loadSettings();
  const current = readSettingsFile(settingsFile);
  writeSettingsText(settingsFile, changeSettingsFile({ current, changes, path: settingsFile, platform }));
}
