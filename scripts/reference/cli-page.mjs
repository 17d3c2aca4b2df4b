import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../src/cli/command-table.ts';
import { renderHelp, renderOverview } from '../../src/cli/help.ts';
import { root } from '../run.mjs';
import { fence, page } from './markdown.mjs';

export function cliPage() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const list = commands.map(({ path, summary }) => `- [\`${path}\`](#${path.replaceAll(' ', '-')}): ${summary}`);
  return page(
    'Command line',
    'These are the pages that `--help` prints. The documents that `--json` writes are described in [scripts.md](scripts.md).',
    fence('text', renderOverview(version)),
    list.join('\n'),
    ...commands.flatMap((command) => [`## ${command.path}`, fence('text', renderHelp(command))]),
  );
}
