import { z } from 'zod';
import type { Setting } from '../../contract/settings.ts';
import { AppError } from '../../core/errors/app-error.ts';
import { type Command, defineCommand, type Session } from '../command.ts';
import type { Look } from '../output/look.ts';
import { renderTable } from '../output/table.ts';
import { printable } from '../output/width.ts';

const keyArgument = { term: '<key>', summary: 'Name of the setting, such as `HASH_WORKERS`.' };
const keySchema = z
  .string()
  .min(1)
  .transform((key) => key.toUpperCase());

const shown = (value: Setting['value']) => (value === null ? 'not set' : String(value));

function settingNamed(settings: readonly Setting[], key: string): Setting {
  const found = settings.find((setting) => setting.key === key);
  if (found) return found;
  throw new AppError('INVALID_SETTING', `There is no setting ${key}.`, {
    hint: `Settings: ${settings.map((setting) => setting.key).join(', ')}.`,
  });
}

const list = defineCommand({
  path: 'config list',
  summary: 'Show all settings, their values and where each comes from.',
  notes: ['Strongest first: environment, `.env`, settings file, default.'],
  examples: [{ line: 'weightroom config list', meaning: 'What is in force, and why.' }],
  input: () => z.object({}),
  run: async (_input, session) => session.host.settings.listSettings({}),
  json: (result) => ({ value: result }),
  *text({ settings }, look) {
    yield* renderTable<Setting>(
      [
        { title: 'Setting', cell: ({ key }) => key, paint: () => look.bold },
        { title: 'Value', cell: ({ value }) => shown(value), shrinks: true },
        { title: 'From', cell: ({ source, origin }) => origin ?? source, shrinks: true, paint: () => look.dim },
      ],
      settings,
      look,
    );
  },
});

const get = defineCommand({
  path: 'config get',
  summary: 'Print the value of one setting.',
  args: [keyArgument],
  examples: [{ line: 'weightroom config get LAKE_MODELS_ROOT', meaning: 'Just the value, for a script.' }],
  input: () => z.object({ key: keySchema }),
  run: async ({ key }, session) => settingNamed((await session.host.settings.listSettings({})).settings, key),
  json: (setting) => ({ value: setting }),
  text: ({ value }) => (value === null ? [] : [printable(String(value))]),
});

interface Written {
  readonly setting: Setting;
  readonly settingsFile: string;
  /** undefined: it was removed. */
  readonly wanted: string | undefined;
}

async function write({ host }: Session, key: string, wanted: string | undefined): Promise<Written> {
  const changed = await host.settings.changeSettings({ values: { [key]: wanted ?? null } });
  return { setting: settingNamed(changed.settings, key), settingsFile: changed.settingsFile, wanted };
}

function* written({ setting, settingsFile, wanted }: Written, look: Look): Iterable<string> {
  yield wanted === undefined
    ? `Removed ${setting.key} from ${settingsFile}.`
    : `Wrote ${setting.key} to ${settingsFile}.`;
  if (setting.source === 'environment' || setting.source === 'env-file') {
    yield look.yellow(`${setting.origin ?? 'The environment'} sets it too and wins: ${shown(setting.value)}.`);
  } else yield 'It applies at the next start.';
}

const set = defineCommand({
  path: 'config set',
  summary: 'Write a setting to the settings file. It applies at the next start.',
  args: [keyArgument, { term: '[value]', summary: 'The new value.' }],
  options: [{ flags: '--unset', summary: 'Remove the setting from the file, so that its default applies.' }],
  examples: [
    { line: 'weightroom config set LAKE_MODELS_ROOT /mnt/nas/models', meaning: 'Point the lake at a share.' },
    { line: 'weightroom config set HASH_WORKERS --unset', meaning: 'Back to the default.' },
  ],
  input: () =>
    z
      .object({ key: keySchema, value: z.string().optional(), unset: z.boolean().default(false) })
      .refine(({ value, unset }) => (value === undefined) === unset, {
        path: ['value'],
        message: 'give a value, or --unset',
      }),
  run: async ({ key, value }, session) => write(session, key, value),
  json: ({ setting, settingsFile }) => ({ value: { setting, settingsFile } }),
  text: written,
});

const unset = defineCommand({
  path: 'config unset',
  summary: 'Remove a setting from the settings file, so that its default applies at the next start.',
  args: [keyArgument],
  examples: [{ line: 'weightroom config unset HASH_WORKERS', meaning: 'Back to the default.' }],
  input: () => z.object({ key: keySchema }),
  run: async ({ key }, session) => write(session, key, undefined),
  json: ({ setting, settingsFile }) => ({ value: { setting, settingsFile } }),
  text: written,
});

const path = defineCommand({
  path: 'config path',
  summary: 'Print the path of the settings file.',
  examples: [{ line: 'weightroom config path', meaning: 'Where `config set` writes.' }],
  input: () => z.object({}),
  run: async (_input, session) => ({ settingsFile: (await session.host.settings.listSettings({})).settingsFile }),
  json: (result) => ({ value: result }),
  text: ({ settingsFile }) => [settingsFile],
});

export const settingsCommands: readonly Command[] = [list, get, set, unset, path];
