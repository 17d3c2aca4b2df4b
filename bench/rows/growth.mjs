import { posix } from 'node:path';
import { holds, medianMs } from '../measure/bars.mjs';
import { memoryOfTree } from '../measure/process-tree.mjs';
import { dropAppData, freshAppData, runWeightroom, startServer } from '../weightroom.mjs';
import { checkIndex } from './first-index.mjs';

/** How cost grows with the number of files, and that one folder costs the same in a library of any size. */
export async function growth(bench) {
  const results = [];
  const perFile = [];
  for (const library of bench.growthLibraries()) {
    const { files } = library.truth.local;
    const figures = await measureSize(library, bench);
    for (const [what, samples] of Object.entries(figures)) {
      results.push({ name: `${files.toLocaleString('en')} files: ${what}`, isOurs: true, samples });
    }
    const first = results.findLast(({ name }) => name.endsWith('first index'));
    perFile.push((medianMs(first) * 1000) / files);
    bench.say(`  ${files} files: ${perFile.at(-1).toFixed(1)} µs a file`);
  }
  const text = perFile.map((micros) => `${micros.toFixed(1)}`).join(' → ');
  const isLinear = perFile.every((micros, k) => k === 0 || micros <= perFile[k - 1] * 1.25);
  return { results, bars: [holds('must', 'first index: time a file does not grow', `${text} µs a file`, isLinear)] };
}

/** A folder of about 15 files without subfolders: the same work in a library of any size. */
function smallFolder(library) {
  const counts = new Map();
  for (const [relPath] of library.files('local')) {
    const folder = posix.dirname(relPath);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const parents = new Set([...counts.keys()].map((folder) => posix.dirname(folder)));
  const leaves = [...counts].filter(([folder]) => !parents.has(folder));
  return leaves.toSorted(([, a], [, b]) => Math.abs(a - 15) - Math.abs(b - 15))[0][0];
}

async function measureSize(library, { rounds }) {
  const { local, truth } = library;
  const folder = smallFolder(library);
  const figures = {
    'first index': [],
    're-scan in the server': [],
    'refresh of one small folder': [],
    'memory right after that': [],
  };
  const appData = freshAppData();
  try {
    for (let round = 0; round <= rounds; round += 1) {
      dropAppData(appData);
      const { answer, ...sample } = await runWeightroom(['index', 'refresh', 'local'], { appData, local });
      checkIndex(answer.locations[0], truth.local);
      if (round > 0) figures['first index'].push(sample);
    }
    const server = await startServer({ appData, local });
    try {
      await server.settled();
      const timed = async (work) => {
        const { answer: _answer, ...sample } = await server.measure(work);
        return sample;
      };
      for (let round = 0; round < rounds; round += 1) {
        figures['re-scan in the server'].push(await timed(() => server.refresh('local')));
        figures['refresh of one small folder'].push(
          await timed(() => server.post('/api/index/refresh', { location: 'local', folder, wait: true })),
        );
      }
      figures['memory right after that'].push({ peakMiB: memoryOfTree(server.pid) });
    } finally {
      await server.stop();
    }
    return figures;
  } finally {
    dropAppData(appData);
  }
}
