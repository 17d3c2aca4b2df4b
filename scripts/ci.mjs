// Everything that must hold before a change is taken: static checks, all tests, and the tests under Windows. Each runs
// whatever became of the ones before; the last line adds up what they counted, and any failure is one of the whole.
import { exitStatus, requireCurrentNode } from './run.mjs';
import { add, finish, nothing, scratchFile, takeTotals } from './totals.mjs';

requireCurrentNode();
let totals = nothing;
for (const name of ['check', 'test', 'test-windows']) {
  process.stdout.write(`\n══ ${name}\n`);
  const file = scratchFile(name);
  process.env.TOTALS_FILE = file;
  const status = await exitStatus(`scripts/${name}.mjs`, []);
  delete process.env.TOTALS_FILE;
  const counted = takeTotals(file) ?? { ...nothing, failed: 1 };
  totals = add(totals, status !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted);
}
finish(totals);
