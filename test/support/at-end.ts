/** A test, or whatever else has an end. */
export interface Cleanup {
  after(undo: () => void | Promise<void>): void;
}

const undoing = new WeakMap<Cleanup, (() => unknown)[]>();

/** Runs at the end of the test, what was begun last first: a file is closed before its folder is removed. */
export function atEnd(t: Cleanup, undo: () => unknown): void {
  let undos = undoing.get(t);
  if (undos === undefined) {
    const all: (() => unknown)[] = [];
    undoing.set(t, all);
    t.after(async () => {
      for (const one of all.toReversed()) await one();
    });
    undos = all;
  }
  undos.push(undo);
}
