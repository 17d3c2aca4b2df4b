import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Disks } from './disks.ts';
import { leftAtSource, type Mover, type PerformOptions, performedFrom } from './mover.ts';
import type { Order, OrderState } from './oracle.ts';

interface Peer {
  readonly name: string;
  readonly verb: 'copy' | 'move';
  readonly usesLibc: boolean;
  readonly keepExisting: string;
  /** All files lie in `folder`. */
  argv(relPaths: readonly string[], folder: string, disks: Disks): readonly string[];
}

const from = (relPaths: readonly string[], { local }: Disks): readonly string[] =>
  relPaths.map((relPath) => path.join(local, relPath));

/** As people call them; each with the option that keeps times. */
const peers: readonly Peer[] = [
  {
    name: 'mv',
    verb: 'move',
    keepExisting: '-n',
    usesLibc: true,
    argv: (relPaths, folder, disks) => ['mv', ...from(relPaths, disks), `${path.join(disks.lake, folder)}/`],
  },
  {
    name: 'rsync --remove-source-files',
    verb: 'move',
    keepExisting: '--ignore-existing',
    usesLibc: true,
    argv: (relPaths, folder, disks) => [
      ...['rsync', '-t', '--remove-source-files'],
      ...from(relPaths, disks),
      `${path.join(disks.lake, folder)}/`,
    ],
  },
  {
    name: 'rclone move',
    verb: 'move',
    keepExisting: '--ignore-existing',
    usesLibc: false,
    argv(relPaths, _folder, disks) {
      const list = path.join(disks.home, 'files.txt');
      fs.writeFileSync(list, relPaths.join('\n'));
      return ['rclone', 'move', '--config', '/dev/null', '--files-from-raw', list, disks.local, disks.lake];
    },
  },
  {
    name: 'cp -p',
    verb: 'copy',
    keepExisting: '-n',
    usesLibc: true,
    argv: (relPaths, folder, disks) => ['cp', '-p', ...from(relPaths, disks), `${path.join(disks.lake, folder)}/`],
  },
];

function versionOf(command: string): string | null {
  const { status, stdout } = spawnSync(command, [command === 'rclone' ? 'version' : '--version'], { encoding: 'utf8' });
  return status === 0 ? (/\d+(\.\d+)+/.exec(stdout)?.[0] ?? 'unknown') : null;
}

function moverOf({ name, verb, usesLibc, keepExisting: keep, argv: wordsFor }: Peer): Mover {
  async function perform(order: Order, { disks, groups, through = [], env, uid, keepExisting }: PerformOptions) {
    const { relPaths } = order;
    const folder = path.dirname(relPaths[0]!);
    const [command, ...words] = wordsFor(relPaths, folder, disks);
    const argv = [...through, command!, ...(keepExisting ? [keep] : []), ...words];
    return performedFrom(
      await groups.run({
        argv,
        env: { HOME: disks.home, ...env },
        cwd: disks.home,
        ...(uid === undefined ? {} : { uid }),
      }),
    );
  }
  return {
    name,
    verbs: [verb],
    usesLibc,
    version: () => versionOf(name.split(' ')[0]!),
    perform,
    // They remember nothing: a person calls them again with what is still there.
    async recover(orders, options) {
      const again = async (state: OrderState): Promise<OrderState> => {
        const relPaths = leftAtSource(state.order, options.disks);
        if (state.progress !== 'begun') return state;
        if (relPaths.length === 0) return { ...state, progress: 'done' };
        const { isDone } = await perform({ ...state.order, relPaths }, options);
        return { ...state, progress: isDone ? 'done' : 'begun' };
      };
      const states: OrderState[] = [];
      for (const state of orders) states.push(await again(state));
      return { orders: states, problems: [], doubled: [] };
    },
  };
}

export const peerMovers: readonly Mover[] = peers.map(moverOf);
