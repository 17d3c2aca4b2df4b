// The long fault tests: what crashes, power cuts and bad drives do to files, with Weightroom and with the programs that
// people would use instead. Prints one table and writes docs/fault-table.md. `-- --cycles N` runs each row so often,
// `-- --only ROW` those whose name contains it, `-- --program NAME` one program; the page is written by a full run, and with `--page`.
import { parseArgs } from 'node:util';
import { exitStatus, requireCurrentNode } from './run.mjs';
import { provideTestTools } from './test-tools.mjs';
import { finish, nothing } from './totals.mjs';

requireCurrentNode();
const { values } = parseArgs({
  options: {
    cycles: { type: 'string' },
    only: { type: 'string' },
    program: { type: 'string' },
    page: { type: 'boolean' },
  },
});
await provideTestTools(['test/crash/', 'test/faults/']);
if ((await exitStatus('scripts/build.mjs', ['--quiet'])) !== 0) {
  finish({ ...nothing, failed: 1 });
} else {
  const { testRelease } = await import('../test/crash/release.ts');
  const { cycles, ...rest } = values;
  finish(await testRelease({ ...rest, ...(cycles === undefined ? {} : { cycles: Number(cycles) }) }));
}
