import { z } from 'zod';
import type { Candidate } from '../../contract/folders.ts';
import { type Command, defineCommand } from '../command.ts';
import { formatCount } from '../output/format.ts';
import { renderTable } from '../output/table.ts';
import { printable } from '../output/width.ts';

const lookWords: Readonly<Record<Candidate['looks'], string>> = {
  comfyui: 'ComfyUI',
  'comfyui-models': 'ComfyUI models folder',
  webui: 'web UI (A1111, Forge)',
  models: 'folder with models',
};

const discover = defineCommand({
  path: 'location discover',
  summary: 'Look where models usually are, and propose what to use. Nothing is changed.',
  notes: ['Looks for a few seconds at most; drives that do not answer are named.'],
  examples: [{ line: 'weightroom location discover', meaning: 'Find ComfyUI installs, models folders and shares.' }],
  input: () => z.object({}),
  run: async (_input, session) => (await session.engine()).api.discoverFolders({}, { signal: session.signal }),
  json: (result) => ({ value: result }),
  *text({ candidates, proposal, silent }, look) {
    if (candidates.length === 0) yield 'No models folder was found in the usual places.';
    else {
      yield* renderTable<Candidate>(
        [
          { title: 'Looks like', cell: ({ looks }) => lookWords[looks] },
          { title: 'Drive', cell: ({ driveKind }) => driveKind },
          {
            title: 'Models',
            align: 'right',
            cell: ({ modelFiles, isPartial }) => `${formatCount(modelFiles)}${isPartial ? '+' : ''}`,
          },
          { title: 'Location', cell: ({ location }) => location ?? '—' },
          { title: 'Path', cell: ({ path }) => path, shrinks: true, paint: () => look.bold },
        ],
        candidates,
        look,
      );
    }
    for (const place of silent) yield look.yellow(`${printable(place)} did not answer.`);
    if (proposal.local === null) {
      yield 'Add one yourself: weightroom location add PATH';
      return;
    }
    yield '';
    yield `To use them:  weightroom location add "${printable(proposal.local)}" --id local --name Local`;
    if (proposal.lake !== null) {
      yield `              weightroom location add "${printable(proposal.lake)}" --id lake --name Lake`;
    }
  },
});

export const folderCommands: readonly Command[] = [discover];
