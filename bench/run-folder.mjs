import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Holds what a run writes besides libraries: output of commands, app data. It goes with the run, however that ends. */
export const runFolder = mkdtempSync(join(tmpdir(), 'weightroom-bench-run-'));

/** `tidyUp` is called when the process ends, also by Ctrl+C. Returns how to forget it again. */
export function atEnd(tidyUp) {
  process.on('exit', tidyUp);
  return () => process.off('exit', tidyUp);
}

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => process.exit(status));
}
atEnd(() => rmSync(runFolder, { recursive: true, force: true, maxRetries: 3 }));
