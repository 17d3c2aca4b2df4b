import path from 'node:path';
import { type Mover, performedFrom } from './mover.ts';
import type { OrderState } from './oracle.ts';

/** Copies beside the final name, makes it durable, publishes without replacing, makes that durable, then removes the source. */
const script = `
set -e
target=$1; shift
for source; do
  name=\${source##*/}; part=$target/.$name.part
  [ -e "$source" ] || continue
  rm -f "$part"
  cp -p "$source" "$part"
  sync "$part"
  ln "$part" "$target/$name" 2>/dev/null || cmp -s "$part" "$target/$name"
  rm "$part"
  sync "$target"
  rm "$source"
done`;

/**
 * The control of the experiment: every rule of a safe move in a few lines of shell. Where it loses a file, the harness
 * does something that no crash does.
 */
export const carefulScript: Mover = {
  name: 'careful script',
  verbs: ['move'],
  usesLibc: true,
  version: () => '1',
  async perform({ relPaths }, { disks, groups, env = {}, through = [] }) {
    const target = path.join(disks.lake, path.dirname(relPaths[0]!));
    const sources = relPaths.map((relPath) => path.join(disks.local, relPath));
    const argv = [...through, 'sh', '-c', script, 'sh', target, ...sources];
    return performedFrom(await groups.run({ argv, env }));
  },
  async recover(orders, options) {
    const states: OrderState[] = [];
    for (const state of orders) {
      const isDone = state.progress === 'begun' ? (await this.perform(state.order, options)).isDone : false;
      states.push(isDone ? { ...state, progress: 'done' } : state);
    }
    return { orders: states, problems: [], doubled: [] };
  },
};
