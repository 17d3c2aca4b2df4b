/** The program itself; `bin/weightroom.cjs` finds the right Node and comes here. */
import { setFlagsFromString } from 'node:v8';
import { loadMain } from '../load-main.ts';
import { startEarly } from '../start-early.ts';

// A collection so small needs no helpers, and while all processors are busy it would wait for each of them to get one.
setFlagsFromString('--no-parallel-scavenge');

const words = process.argv.slice(2);
startEarly(words);
// Only now, which takes as long as what was started.
const main = await loadMain();

// Where loading its modules took it (4 MiB), the young generation stays. Left alone it grows to 64 MiB, and each of its
// collections holds the event loop for 20 ms and more; the index lives long, and what is short-lived is little.
setFlagsFromString('--semi-space-growth-factor=1');
// All output is written when `main` resolves, and nothing that still runs may keep the program alive.
process.exit(await main(words));
