import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { packageOf } from './peers.mjs';
import { figureTable, verdictTable } from './table.mjs';

/** The Markdown page about one run. */
export function pageOfResults({ rows, bench, startedAt, minutes, mostOtherWork }) {
  return `# Performance

Weightroom against the programs that people would use instead, on one machine, in one run of \`npm run bench\`. Ratios
travel to other machines; absolute times do not. This page is written by that command (a full run, profile L); do not
edit it. What stands behind the bars that are not met: [performance-notes.md](performance-notes.md).

${machineFacts({ bench, startedAt, minutes, mostOtherWork })}

## Verdicts

${verdictTable(rows)}

## Figures

${figureTable(rows)}

## How it is measured

- Libraries are made by \`bench/library\`, the same on every machine: L has ${bench.library.truth.local.files.toLocaleString('en')} files on the local side and
  ${bench.library.truth.lake.files.toLocaleString('en')} on the lake, S has ${bench.hashLibrary.truth.local.files.toLocaleString('en')} files of ${(bench.hashLibrary.truth.local.bytes / 1024 ** 3).toFixed(1)} GiB.
- Contenders of a row run in interleaved rounds, each round in another order; warm rows have a round before that does not
  count. Cold rows start with every cache of the system dropped, that of the programs themselves included.
- Every answer is compared with the truth that the generator knows, those of the peers too; a wrong one fails the case.
- Time of commands is from start to exit of the process; of the server, from request to answer unless the line says that
  it is the time in the server. CPU is the sum over all processes and threads, exact to 20 ms.
- Memory of a single process is the highest resident size that the kernel noted. Of several processes it is the highest
  sum seen at one moment (looked at every 20 ms), where pages of files, which they share, count once.
- The event loop is watched from within the server by a timer of 2 ms; “held” is how late it came.
`;
}

function machineFacts({ bench, startedAt, minutes, mostOtherWork }) {
  const peers = Object.entries(bench.peers).map(([name, peer]) =>
    peer ? `${name} ${peer.version}` : `${name} (missing: Debian package ${packageOf(name)})`,
  );
  const facts = [
    ['date', startedAt.toISOString().slice(0, 16).replace('T', ' ')],
    [
      'machine',
      `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB`,
    ],
    ['system', `${systemName()}, Linux ${release()}, ${fileSystemOf(bench.cacheFolder)}`],
    ['other work meanwhile', `at most ${(mostOtherWork * 100).toFixed(0)} % of the machine during a row`],
    ['Node', process.version],
    ['peers', peers.join(', ')],
    ['rounds', `${bench.rounds}, ${minutes.toFixed(1)} minutes in all`],
  ];
  return facts.map(([name, value]) => `- ${name}: ${value}`).join('\n');
}

function systemName() {
  try {
    return /^PRETTY_NAME="(.*)"/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown system';
  } catch {
    return 'unknown system';
  }
}

/** Of the mount with the longest path above the folder. */
function fileSystemOf(folder) {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, place]) => place && (folder === place || folder.startsWith(place.endsWith('/') ? place : `${place}/`)));
  const nearest = mounts.toSorted(([, a], [, b]) => b.length - a.length)[0];
  return nearest?.[2] ?? 'unknown file system';
}
