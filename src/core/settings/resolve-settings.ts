import type { Setting } from '../../contract/settings.ts';
import { AppError } from '../errors/app-error.ts';
import { type AbsolutePath, normaliseRoot } from '../paths/absolute-path.ts';
import { overlap } from '../paths/containment.ts';
import { quoted } from '../paths/quoted.ts';
import type { PathPlatform } from '../paths/rel-path.ts';
import { nearestKey } from './nearest-key.ts';
import {
  belongsInSettingsFile,
  ruleOf,
  type SettingRule,
  settingKeys,
  settingNames,
  settingRules,
} from './setting-rules.ts';
import type { Settings } from './settings.ts';

type SettingSource = Setting['source'];
type SettingValue = Setting['value'];

/** Key and text as written, and the file they come from. */
export interface SettingsText {
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Where values may come from, strongest first. */
export interface SettingsSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly envFile: SettingsText | null;
  readonly settingsFile: SettingsText | null;
  /** What APP_DATA_DIR is when nobody sets it. */
  readonly defaultAppDataDir: string;
  readonly platform: PathPlatform;
}

export interface ResolvedSettings {
  readonly values: Settings;
  /** The same for people: each with its source. */
  readonly settings: readonly Setting[];
  /** Sentences about keys that look like a misspelt setting and have no effect. */
  readonly warnings: readonly string[];
}

/**
 * Environment before `.env` before settings file before default. An empty value counts as not set.
 *
 * @throws AppError INVALID_SETTING at the first value that cannot be used, wherever it is: also when a stronger source
 * hides it, so that a broken file shows before it matters.
 */
export function resolveSettings(sources: SettingsSources): ResolvedSettings {
  if (sources.settingsFile) checkSettingsFileKeys(sources.settingsFile);
  const resolved: Partial<Record<keyof Settings, unknown>> = {};
  const settings: Setting[] = [];
  for (const name of settingNames) {
    const rule: SettingRule<unknown> = settingRules[name];
    const found = resolveOne(rule, sources);
    resolved[name] = found.value;
    settings.push({
      key: rule.key,
      value: shown(found.value, rule.separator),
      source: found.source,
      origin: found.origin,
      description: rule.description,
      values: rule.values,
      defaultValue: shown(defaultOf(rule, sources), rule.separator),
      input: rule.input,
      fixedReason: fixedReason(rule.key, found),
      waitsForRestart: false,
    });
  }
  // Each field was parsed by the rule of the same name, whose type `SettingRules` ties to the field's.
  const values = resolved as Settings;
  refuseOverlap(values, settings, sources.platform);
  return { values, settings, warnings: misspelt(sources) };
}

/** The one setting that is needed before the settings file can be found. */
export function resolveAppDataDir(sources: Omit<SettingsSources, 'settingsFile'>): AbsolutePath {
  const { value } = resolveOne(settingRules.appDataDir, { ...sources, settingsFile: null });
  return value ?? normaliseRoot(sources.defaultAppDataDir, sources.platform);
}

interface Found<Value> {
  readonly value: Value | null;
  readonly source: SettingSource;
  readonly origin: string | null;
}

function resolveOne<Value>(rule: SettingRule<Value>, sources: SettingsSources): Found<Value> {
  const places: readonly (readonly [SettingSource, string | null, string | undefined])[] = [
    ['environment', null, sources.environment[rule.key]],
    ['env-file', sources.envFile?.path ?? null, sources.envFile?.values[rule.key]],
    ['settings-file', sources.settingsFile?.path ?? null, sources.settingsFile?.values[rule.key]],
  ];
  let strongest: Found<Value> | null = null;
  for (const [source, origin, written] of places) {
    const text = written?.trim() ?? '';
    if (text === '') continue;
    const value = parseSetting(rule, text, { origin, platform: sources.platform });
    strongest ??= { value, source, origin };
  }
  return strongest ?? { value: defaultOf(rule, sources), source: 'default', origin: null };
}

function defaultOf<Value>(rule: SettingRule<Value>, sources: SettingsSources): Value | null {
  const text = rule.key === settingRules.appDataDir.key ? sources.defaultAppDataDir : rule.defaultText;
  if (text === null) return null;
  return parseSetting(rule, text, { origin: 'the defaults', platform: sources.platform });
}

interface WrittenIn {
  /** File the text comes from; null: the environment. */
  readonly origin: string | null;
  readonly platform: PathPlatform;
}

/** @throws AppError INVALID_SETTING */
export function parseSetting<Value>(rule: SettingRule<Value>, text: string, { origin, platform }: WrittenIn): Value {
  const parsed = rule.parse(text, platform);
  if ('value' in parsed) return parsed.value;
  const place = origin ?? 'the environment';
  const otherwise =
    rule.defaultText === null || rule.defaultText === ''
      ? 'or remove it.'
      : `or remove it to get the default (${rule.defaultText}).`;
  throw new AppError('INVALID_SETTING', `${rule.key} is ${quoted(text)} in ${place}, but ${parsed.problem}.`, {
    hint: `Set ${rule.key} to ${rule.example}, ${otherwise}`,
  });
}

/** A stronger source wins over whatever the settings file says. */
function fixedReason(key: string, { source, origin }: Found<unknown>): string | null {
  if (source === 'environment') return `The environment sets it. Change or remove the variable ${key} there.`;
  if (source === 'env-file') return `${origin ?? '.env'} sets it. Change or remove the line ${key} there.`;
  if (!belongsInSettingsFile(key))
    return `Only the environment or .env can set it: the settings file lies in the folder it names.`;
  return null;
}

function shown(value: unknown, separator = ' '): SettingValue {
  if (Array.isArray(value)) return value.join(separator);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}

/** @throws AppError INVALID_SETTING naming the key and, where there is one, the key it may have been meant to be. */
export function checkSettingsFileKeys(file: SettingsText): void {
  for (const key of Object.keys(file.values)) {
    if (belongsInSettingsFile(key)) continue;
    if (ruleOf(key)) {
      throw new AppError(
        'INVALID_SETTING',
        `${key} cannot be set in ${file.path}, because that file lies in the folder it names.`,
        {
          hint: `Set ${key} in the environment or in .env, and remove it from the settings file.`,
        },
      );
    }
    const nearest = nearestKey(key, settingKeys.filter(belongsInSettingsFile));
    throw new AppError('INVALID_SETTING', `${file.path} contains ${quoted(key)}, which is not a setting.`, {
      hint: nearest === null ? 'Remove it from the file.' : `Did you mean ${nearest}?`,
    });
  }
}

function refuseOverlap(values: Settings, settings: readonly Setting[], platform: PathPlatform): void {
  const { localModelsRoot: local, lakeModelsRoot: lake } = values;
  if (local === null || lake === null) return;
  const lie = overlap(local, lake, platform);
  if (lie === 'apart') return;
  const how = { same: 'is the same folder as', 'a-inside-b': 'lies inside', 'b-inside-a': 'contains' }[lie];
  const origins = new Set(
    settings.filter(({ key }) => key.endsWith('_MODELS_ROOT')).map(({ origin }) => origin ?? 'the environment'),
  );
  throw new AppError('INVALID_SETTING', `LOCAL_MODELS_ROOT ${quoted(local)} ${how} LAKE_MODELS_ROOT ${quoted(lake)}.`, {
    hint: `Give two folders that lie apart (set in ${[...origins].join(' and ')}).`,
  });
}

/** Only where a key can be meant for this program: `.env` of the working folder, and WEIGHTROOM_… in the environment. */
function misspelt(sources: SettingsSources): string[] {
  const inFile = Object.keys(sources.envFile?.values ?? {}).map(
    (key) => [key, sources.envFile?.path ?? '.env'] as const,
  );
  const inEnvironment = Object.keys(sources.environment)
    .filter((key) => key.startsWith('WEIGHTROOM_'))
    .map((key) => [key, 'the environment'] as const);
  return [...inFile, ...inEnvironment].flatMap(([key, place]) => {
    const nearest = ruleOf(key) ? null : nearestKey(key);
    return nearest === null ? [] : [`${key} in ${place} is not a setting and has no effect; did you mean ${nearest}?`];
  });
}
