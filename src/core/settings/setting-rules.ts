import type { SettingInput } from '../../contract/settings.ts';
import type { AbsolutePath } from '../paths/absolute-path.ts';
import {
  type Parse,
  parseExtensions,
  parseFolder,
  parseGlobs,
  parseHashAlgorithm,
  parseLoopbackHost,
  parseSwitch,
  wholeNumber,
} from './setting-parsers.ts';
import type { Settings } from './settings.ts';

/** One setting as people write it: an environment variable, a line of `.env` or a field of settings.json. */
export interface SettingRule<Value> {
  readonly key: string;
  readonly description: string;
  /** What is allowed, in words. */
  readonly values: string;
  /** null: there is none, or it depends on the machine (APP_DATA_DIR). */
  readonly defaultText: string | null;
  /** A value that works, for the advice in an error message. */
  readonly example: string;
  readonly parse: Parse<Value>;
  readonly input: SettingInput;
  /** Between the parts of a list, as `parse` reads it. */
  readonly separator?: string;
}

type SettingRules = { readonly [Name in keyof Settings]: SettingRule<Settings[Name]> };

const folderValues = 'Full path of a folder: a drive letter or network path on Windows, a path from / elsewhere.';
const folderExample = 'the full path of the folder, in single quotes where it contains a backslash, a space or a #';

function root(key: string, whose: string): SettingRule<AbsolutePath | null> {
  return {
    key,
    description: `The ComfyUI models folder ${whose}. It is only read until you confirm a plan that changes it.`,
    values: folderValues,
    defaultText: null,
    example: folderExample,
    parse: parseFolder,
    input: { kind: 'folder' },
  };
}

function allowDelete(key: string, which: string): SettingRule<boolean> {
  return {
    key,
    description: `Whether a confirmed plan may delete files in the ${which} location.`,
    values: 'true or false.',
    defaultText: 'false',
    example: 'true',
    parse: parseSwitch,
    input: { kind: 'switch' },
  };
}

function count(
  key: string,
  description: string,
  range: readonly [number, number],
  standard: string,
): SettingRule<number> {
  return {
    key,
    description,
    values: `A whole number from ${range[0]} to ${range[1]}.`,
    defaultText: standard,
    example: standard,
    parse: wholeNumber(range[0], range[1]),
    input: { kind: 'number', least: range[0], most: range[1] },
  };
}

/** Every setting, in the order they are listed. */
export const settingRules: SettingRules = {
  localModelsRoot: root('LOCAL_MODELS_ROOT', 'on this machine'),
  lakeModelsRoot: root('LAKE_MODELS_ROOT', 'on the big drive, NAS or share'),
  localAllowDelete: allowDelete('LOCAL_ALLOW_DELETE', 'local'),
  lakeAllowDelete: allowDelete('LAKE_ALLOW_DELETE', 'lake'),
  queueConcurrency: count('QUEUE_CONCURRENCY', 'How many jobs of the queue run at once.', [1, 16], '1'),
  queueRetryCount: count('QUEUE_RETRY_COUNT', 'How often a job is tried again after a passing error.', [0, 20], '3'),
  hashAlgo: {
    key: 'HASH_ALGO',
    description: 'The hash that identifies content.',
    values: 'blake3.',
    defaultText: 'blake3',
    example: 'blake3',
    parse: parseHashAlgorithm,
    input: { kind: 'choice', options: ['blake3'] },
  },
  hashWorkers: count('HASH_WORKERS', 'How many threads read and hash files.', [1, 32], '2'),
  appDataDir: {
    key: 'APP_DATA_DIR',
    description: 'Where Weightroom keeps its index, settings and token: a folder on a drive of this machine.',
    values: `${folderValues} Not on a network drive, and not inside a models folder. Only from the environment or .env.`,
    defaultText: null,
    example: folderExample,
    parse: parseFolder,
    input: { kind: 'folder' },
  },
  host: {
    key: 'WEIGHTROOM_HOST',
    description: 'The address the server listens on.',
    values: 'localhost (both 127.0.0.1 and ::1), 127.0.0.1 or ::1.',
    defaultText: 'localhost',
    example: 'localhost',
    parse: parseLoopbackHost,
    input: { kind: 'choice', options: ['localhost', '127.0.0.1', '::1'] },
  },
  port: {
    ...count('WEIGHTROOM_PORT', 'The port the server listens on.', [0, 65535], '4810'),
    values: 'A whole number from 0 to 65535; 0 takes any free port.',
  },
  modelExtensions: {
    key: 'MODEL_EXTENSIONS',
    description: 'Which files count as models.',
    values: 'File extensions, separated by spaces or commas.',
    defaultText: '.safetensors .sft .ckpt .pt .pt2 .pth .bin .gguf .onnx .pkl',
    example: '.safetensors .gguf',
    parse: parseExtensions,
    input: { kind: 'text' },
    separator: ' ',
  },
  ignoreGlobs: {
    key: 'IGNORE_GLOBS',
    description: 'Files and folders that every scan leaves out.',
    values:
      'Patterns over paths inside a location, separated by semicolons; * and ? stay in one folder, ** crosses folders.',
    defaultText: '',
    example: '**/*.tmp; downloads/**',
    parse: parseGlobs,
    input: { kind: 'text' },
    separator: '; ',
  },
};

export const settingNames = Object.keys(settingRules) as readonly (keyof Settings)[];

/** Keys as people write them. */
export const settingKeys: readonly string[] = settingNames.map((name) => settingRules[name].key);

const byKey = new Map<string, SettingRule<unknown>>(
  settingNames.map((name) => [settingRules[name].key, settingRules[name]]),
);

export function ruleOf(key: string): SettingRule<unknown> | undefined {
  return byKey.get(key);
}

/** The settings file lies in the app-data folder, so it cannot say where that is. */
export function belongsInSettingsFile(key: string): boolean {
  return byKey.has(key) && key !== settingRules.appDataDir.key;
}
