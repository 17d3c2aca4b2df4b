// Everything that needs no run of the program: types and layer boundaries, format and lint, dead code, generated docs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exitStatus, requireCurrentNode, root } from './run.mjs';
import { finish } from './totals.mjs';

requireCurrentNode();
const checks = [
  ['types and layers', 'tsc', ['-b']],
  ['format and lint', 'biome', ['ci', '--error-on-warnings', '.']],
  ['dead code', 'knip', []],
  ['reference pages', 'scripts/reference.mjs', ['--check']],
];

const failed = [];
let passed = 0;
for (const [title, tool, args] of checks) {
  if (tool.startsWith('scripts/') && !existsSync(join(root, tool))) continue;
  process.stdout.write(`\n── ${title}\n`);
  if ((await exitStatus(tool, args)) === 0) passed += 1;
  else failed.push(title);
}
process.stdout.write(failed.length === 0 ? '\nAll checks passed.\n' : `\nFailed: ${failed.join(', ')}.\n`);
finish({ passed, failed: failed.length, skipped: 0 });
