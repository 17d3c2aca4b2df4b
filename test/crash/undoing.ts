import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

type Undo = () => void | Promise<void>;

/** Everything that must not outlive a run: mounts, loop devices, folders. What was made last is undone first. */
export interface Undoing {
  after(undo: Undo): void;
  undoAll(): Promise<void>;
}

const open = new Set<Undoing>();

export function makeUndoing(): Undoing {
  undoWhenInterrupted();
  const undos: Undo[] = [];
  const undoing: Undoing = {
    after: (undo) => void undos.push(undo),
    async undoAll() {
      for (let undo = undos.pop(); undo; undo = undos.pop()) await undo();
      open.delete(undoing);
    },
  };
  open.add(undoing);
  return undoing;
}

/** Runs something with an undoing of its own; all is undone, whatever happens. */
export async function withUndoing<T>(work: (undoing: Undoing) => Promise<T>): Promise<T> {
  const undoing = makeUndoing();
  try {
    return await work(undoing);
  } finally {
    await undoing.undoAll();
  }
}

export async function makeFolder(undoing: Undoing, within = tmpdir()): Promise<string> {
  const folder = await mkdtemp(path.join(within, 'weightroom-crash-'));
  undoing.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

let isWatching = false;

/** Undoes all when the run is interrupted. */
function undoWhenInterrupted(): void {
  if (isWatching) return;
  isWatching = true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      void Promise.allSettled([...open].map((undoing) => undoing.undoAll())).then(() => process.exit(130));
    });
  }
}
