import { failingDrives } from './failing-drives.ts';
import { killAtRandom } from './kill-at-random.ts';
import { killAtEveryCall, skipWithoutCompiler } from './kill-points.ts';
import { killServer } from './kill-server.ts';
import type { Mover } from './mover.ts';
import { cutPower } from './power-cut.ts';
import { fileSystems, skipWithoutLoops } from './power-domain.ts';
import { raceForNames } from './race-for-names.ts';
import { smallMounts } from './small-mounts.ts';
import type { Tally } from './tally.ts';
import { meetTrouble } from './troubles.ts';

export interface RowOptions {
  readonly mover: Mover;
  readonly seed: number;
  readonly cycles: number;
}

/** One kind of fault: a row of the table. */
export interface Row {
  readonly name: string;
  /** Why it cannot be made here. */
  skip(): Promise<string | false>;
  /** Cycles of the long run: ours, and each peer's. */
  readonly cycles: { readonly ours: number; readonly peers: number };
  /** Whether it means anything for this program. */
  applies(mover: Mover): boolean;
  run(options: RowOptions): Promise<Tally>;
}

const always = (): boolean => true;

const skipElsewhere: Row['skip'] = async () =>
  process.platform !== 'linux' && 'process groups are killed on Linux only';

const kills: readonly Row[] = [
  {
    name: 'kill -9 at a random moment',
    skip: skipElsewhere,
    cycles: { ours: 200, peers: 100 },
    applies: always,
    run: killAtRandom,
  },
  {
    name: 'kill -9 of the server, its queue full',
    skip: skipElsewhere,
    cycles: { ours: 1_000, peers: 0 },
    applies: ({ name }) => name === 'weightroom',
    run: killServer,
  },
  killPoints('kill -9 at a call that changes a file', 'disks', 280),
  killPoints('kill -9 at a call on its own records', 'home', 120),
];

function killPoints(name: string, of: 'disks' | 'home', ours: number): Row {
  return {
    name,
    skip: async () => skipWithoutCompiler,
    cycles: { ours, peers: 100 },
    applies: (mover) => mover.usesLibc && (of === 'disks' || mover.name === 'weightroom'),
    async run({ mover, seed, cycles }) {
      const points = Math.max(1, Math.ceil(cycles / mover.verbs.length));
      return (await killAtEveryCall({ mover, seed, of, points })).tally;
    },
  };
}

const races: readonly Row[] = [
  {
    name: 'another program takes the names meanwhile',
    skip: async () => process.platform !== 'linux' && 'folders are watched on Linux only',
    cycles: { ours: 60, peers: 40 },
    applies: always,
    run: raceForNames,
  },
];

const powerCuts: readonly Row[] = fileSystems.flatMap((fileSystem) =>
  (['all', 'target'] as const).map(
    (power): Row => ({
      name: `power cut, ${fileSystem}${power === 'target' ? ', only the target’s' : ''}`,
      skip: () => skipWithoutLoops(fileSystem),
      cycles: power === 'all' ? { ours: 200, peers: 48 } : { ours: 24, peers: 8 },
      applies: always,
      run: (options) => cutPower({ ...options, fileSystem, power }),
    }),
  ),
);

const troubles: readonly Row[] = [...smallMounts, ...failingDrives].map((trouble) => ({
  name: trouble.name,
  skip: trouble.skip,
  cycles: { ours: 4, peers: 2 },
  applies: (mover) => mover.verbs.some((verb) => trouble.verbs.includes(verb)),
  run: (options) => meetTrouble(trouble, options),
}));

export const rows: readonly Row[] = [...kills, ...powerCuts, ...races, ...troubles];

/** The same cycles in pieces, each with a seed of its own, so that several can run side by side. */
export function pieces(cycles: number, most: number): readonly { readonly seed: number; readonly cycles: number }[] {
  const count = Math.ceil(cycles / most);
  return Array.from({ length: count }, (_, n) => ({
    seed: n + 1,
    cycles: Math.floor(((n + 1) * cycles) / count) - Math.floor((n * cycles) / count),
  }));
}
