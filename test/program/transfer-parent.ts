/** Copies `from/a.bin` to `to/a.bin` and says when it moves: a program for `killed-transfer.test.ts` to kill. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHostedTransferFiles } from '../../src/platform/processes/hosted-transfer-files.ts';

const [from = '', to = ''] = process.argv.slice(2);
const { size, mtimeNs, ino } = fs.statSync(path.join(from, 'a.bin'), { bigint: true });
const entry = fileURLToPath(new URL('../../src/app/entries/transfer-host.ts', import.meta.url));
await createHostedTransferFiles({ entry, startDeadlineMs: 60_000, silenceDeadlineMs: 60_000 }).run(
  [
    {
      op: 'copy',
      n: 1,
      from: { location: 'from', root: from, relPath: 'a.bin' },
      to: { location: 'to', root: to, relPath: 'a.bin' },
      expected: { size: Number(size), mtimeNs, fileId: ino },
      blake3: null,
      // Never by sharing blocks, which would be over at once.
      verify: 'readback',
      tag: 'task',
      isResumed: false,
    },
  ],
  ([report]) => process.stdout.write(`${report?.type}\n`),
);
