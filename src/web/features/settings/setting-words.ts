import type { Setting } from '../../../contract/settings.ts';

export type SettingValue = Setting['value'];

export const sourceWords: Readonly<Record<Setting['source'], string>> = {
  environment: 'environment',
  'env-file': '.env file',
  'settings-file': 'settings file',
  default: 'default',
};

const groups: readonly (readonly [title: string, keys: RegExp])[] = [
  ['Folders', /_MODELS_ROOT$|_ALLOW_DELETE$/],
  ['Reading and hashing', /^HASH_|^MODEL_|^IGNORE_/],
  ['Queue', /^QUEUE_/],
  ['Program', /^/],
];

/** Settings under headings; each in the first group that its key fits. */
export function grouped(settings: readonly Setting[]): readonly (readonly [title: string, members: Setting[]])[] {
  const titleOf = ({ key }: Setting): string => groups.find(([, keys]) => keys.test(key))?.[0] ?? '';
  return groups.flatMap(([title]) => {
    const members = settings.filter((setting) => titleOf(setting) === title);
    return members.length === 0 ? [] : [[title, members] as const];
  });
}

export function valueText(value: SettingValue): string {
  if (value === null || value === '') return 'not set';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}

/** What can be told without asking the program; null when nothing is wrong. */
export function problemOf({ input, values }: Setting, text: string): string | null {
  if (input.kind !== 'number') return null;
  const number = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  return number >= input.least && number <= input.most ? null : values;
}

/** The setting that a refusal is about: its sentence names the key. */
export function keyNamedIn(message: string, keys: readonly string[]): string | undefined {
  return keys
    .filter((key) => message.includes(key))
    .sort((one, other) => message.indexOf(one) - message.indexOf(other))[0];
}
