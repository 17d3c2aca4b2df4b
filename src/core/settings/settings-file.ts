import { AppError } from '../errors/app-error.ts';
import { quoted } from '../paths/quoted.ts';
import type { PathPlatform } from '../paths/rel-path.ts';
import { findJsonError } from './json-error.ts';
import { checkSettingsFileKeys, parseSetting, type SettingsText } from './resolve-settings.ts';
import { ruleOf, settingKeys } from './setting-rules.ts';

/** What the settings file is called in the app-data folder. Format: docs/formats/settings-file.md. */
export const settingsFileName = 'settings.json';

/** A value as the settings file and the API carry it; null takes a setting out of the file. */
export type WrittenValue = string | number | boolean | null;

/**
 * Reads the text of a settings file: one JSON object, keys as in the environment, values text, numbers or true/false.
 *
 * @throws AppError INVALID_SETTING with the line and column of what is wrong, or the key.
 */
export function parseSettingsFile(text: string, path: string): SettingsText {
  const json = parseJson(text.replace(/^\uFEFF/, ''), path);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new AppError('INVALID_SETTING', `${path} must hold one JSON object, such as {"HASH_WORKERS": 2}.`, {
      hint: leftAlone,
    });
  }
  const values: [string, string][] = [];
  for (const [key, value] of Object.entries(json)) {
    if (value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new AppError('INVALID_SETTING', `${quoted(key)} in ${path} must be text, a number, true or false.`, {
        hint: `Write it as text in quotes, such as ${JSON.stringify(ruleOf(key)?.example ?? 'value')}.`,
      });
    }
    values.push([key, String(value)]);
  }
  const file = { path, values: Object.fromEntries(values) };
  checkSettingsFileKeys(file);
  return file;
}

const leftAlone = 'Correct the file, or remove it to start from the defaults. Weightroom has not changed it.';

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { line, column, problem } = findJsonError(text);
    throw new AppError('INVALID_SETTING', `${path} is not valid JSON: line ${line}, column ${column}: ${problem}.`, {
      hint: leftAlone,
    });
  }
}

export interface SettingsChange {
  /** The file as it is; null: there is none yet. */
  readonly current: SettingsText | null;
  readonly changes: Readonly<Record<string, WrittenValue>>;
  readonly path: string;
  readonly platform: PathPlatform;
}

/**
 * The new text of the settings file. Every value in it has been checked, and numbers and switches are written as such.
 *
 * @throws AppError INVALID_SETTING; nothing is to be written then.
 */
export function changeSettingsFile({ current, changes, path, platform }: SettingsChange): string {
  const values = new Map(Object.entries(current?.values ?? {}));
  for (const [key, value] of Object.entries(changes)) {
    checkSettingsFileKeys({ path, values: { [key]: '' } });
    const text = value === null ? '' : String(value).trim();
    if (text === '') values.delete(key);
    else values.set(key, text);
  }
  const written: Record<string, unknown> = {};
  for (const key of settingKeys) {
    const rule = ruleOf(key);
    const text = values.get(key);
    if (rule === undefined || text === undefined) continue;
    const value = parseSetting(rule, text, { origin: path, platform });
    written[key] = typeof value === 'number' || typeof value === 'boolean' ? value : text;
  }
  return `${JSON.stringify(written, null, 2)}\n`;
}
