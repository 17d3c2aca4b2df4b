import path from 'node:path';
import type { Setting } from '../contract/settings.ts';
import { AppError } from '../core/errors/app-error.ts';
import { appDataInsideRoot } from '../core/settings/app-data-place.ts';
import {
  type ResolvedSettings,
  resolveAppDataDir,
  resolveSettings,
  type SettingsSources,
  type SettingsText,
} from '../core/settings/resolve-settings.ts';
import {
  changeSettingsFile,
  parseSettingsFile,
  settingsFileName,
  type WrittenValue,
} from '../core/settings/settings-file.ts';
import { defaultAppDataDir, openAppDataFolder } from '../platform/app-data/app-data-folder.ts';
import { readEnvFile } from '../platform/app-data/env-file.ts';
import { followLinks } from '../platform/app-data/follow-links.ts';
import { readMounts } from '../platform/app-data/mounts.ts';
import { readConfigText, writeSettingsText } from '../platform/app-data/settings-store.ts';

export interface LoadedSettings extends ResolvedSettings {
  /** Resolved, existing, writable. */
  readonly appDataDir: string;
  readonly settingsFile: string;
}

const platform = process.platform === 'win32' ? 'win32' : 'posix';

/** Reads environment, `.env` of the working directory and the settings file. @throws AppError INVALID_SETTING and more */
export function loadSettings(): LoadedSettings {
  const { sources, appDataDir, settingsFile } = openSources();
  return { ...resolveAll(sources, readSettingsFile(settingsFile), appDataDir), appDataDir, settingsFile };
}

export function listSettings(): readonly Setting[] {
  return loadSettings().settings;
}

/** Writes the settings file, if the program could start with it. What is wrong in it now may be mended by this. */
export function changeSettings(changes: Readonly<Record<string, WrittenValue>>): void {
  const { sources, appDataDir, settingsFile } = openSources();
  const current = readSettingsFile(settingsFile);
  const text = changeSettingsFile({ current, changes, path: settingsFile, platform });
  resolveAll(sources, parseSettingsFile(text, settingsFile), appDataDir);
  writeSettingsText(settingsFile, text);
}

type OuterSources = Omit<SettingsSources, 'settingsFile'>;

function openSources() {
  const sources: OuterSources = {
    environment: process.env,
    envFile: readEnvFile(process.cwd()),
    defaultAppDataDir: defaultAppDataDir(),
    platform,
  };
  const wanted = resolveAppDataDir(sources);
  // Before the folder is opened, which may have to make it: nothing of ours is ever made in a models folder.
  refuseInsideRoot(wanted, resolveSettings({ ...sources, settingsFile: null }));
  const appDataDir = openAppDataFolder(wanted);
  return { sources, appDataDir, settingsFile: path.join(appDataDir, settingsFileName) };
}

function resolveAll(sources: OuterSources, settingsFile: SettingsText | null, appDataDir: string): ResolvedSettings {
  const resolved = resolveSettings({ ...sources, settingsFile });
  refuseInsideRoot(appDataDir, resolved);
  return resolved;
}

function refuseInsideRoot(appDataDir: string, { values }: ResolvedSettings): void {
  const roots = [
    { name: 'local', path: values.localModelsRoot },
    { name: 'lake', path: values.lakeModelsRoot },
  ].flatMap(({ name, path: root }) => (root === null ? [] : [{ name, path: realPlace(root) }]));
  const reason = appDataInsideRoot(realPlace(appDataDir), roots, platform);
  if (reason === null) return;
  throw new AppError('INVALID_SETTING', `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`, {
    hint: 'Set APP_DATA_DIR to a folder outside of your models, or the models root to another folder.',
  });
}

/** Links resolved, without touching a share or any other FUSE mount: one that hangs would hang the whole program. */
function realPlace(folder: string): string {
  if (process.platform !== 'linux') return folder;
  const mounts = readMounts().map((mount) => ({ ...mount, isNetwork: mount.isNetwork || mount.isFuse }));
  return followLinks(folder, mounts).path;
}

function readSettingsFile(file: string): SettingsText | null {
  const text = readConfigText(file);
  return text === null ? null : parseSettingsFile(text, file);
}
