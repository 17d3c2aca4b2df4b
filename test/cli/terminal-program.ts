/**
 * A real process around `runCli`, for terminal.test.ts: its engine has endless rows, a refresh that never ends, and loses
 * the call to cancel one.
 */
import { stayUntil } from '../../src/app/stay-until.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { cancelled } from '../../src/core/errors/app-error.ts';
import { createFakeApi } from './fake-host.ts';
import { diffOver, rows, twoLocations } from './fixtures.ts';

/** One document of some 20 kB. */
const manyEntries = Array.from({ length: 300 }, (_, k) => ({
  id: `local:${k}`,
  location: 'local',
  relPath: `loras/${'x'.repeat(40)}${k}.pt`,
  name: `${k}.pt`,
  extension: '.pt',
  category: 'loras',
  kind: 'file' as const,
  size: k,
  mtimeMs: k,
  hash: 'unknown' as const,
}));
const api = createFakeApi({
  ...twoLocations,
  refreshIndex: ({ location }, options) =>
    new Promise((_resolve, reject) => {
      setInterval(() => {}, 1000);
      options?.signal?.addEventListener('abort', () => reject(cancelled(`The refresh of ${location}`)));
      process.stderr.write('refreshing\n');
    }),
  cancelRefresh: () => new Promise(() => {}),
  listEntries: async () => ({ entries: manyEntries, total: manyEntries.length, cursor: null, elapsedMs: 1 }),
  diff: async (input) => ({ ...(await diffOver(rows)(input)), cursor: '0' }),
});
const notUsed = async () => {
  throw new Error('not used');
};

const ended = runCli(process.argv.slice(2), {
  ...createTerminal(),
  version: '1.2.3',
  settings: api,
  openEngine: async () => ({ api, mode: 'in-process', onEvent: () => () => {}, close: async () => {} }),
  hashFiles: notUsed,
  serve: notUsed,
});
process.exit(await stayUntil(ended));
