/** A path in three: what all share at the beginning, what is its own, what all share at the end. */
export interface PathParts {
  readonly head: string;
  readonly own: string;
  readonly tail: string;
}

function sharedCount(paths: readonly (readonly string[])[]): number {
  const [first = [], ...others] = paths;
  const most = Math.min(...paths.map(({ length }) => length));
  let count = 0;
  while (count < most && others.every((path) => path[count] === first[count])) count += 1;
  return count;
}

/** Where paths differ, folder by folder, so that the eye finds it. Equal paths have nothing of their own but a name. */
export function partsOfPaths(paths: readonly string[]): readonly PathParts[] {
  const split = paths.map((path) => path.split('/'));
  const least = Math.min(...split.map(({ length }) => length));
  const head = Math.min(sharedCount(split), least - 1);
  const rests = split.map((path) => path.slice(head));
  const shared = sharedCount(rests.map((rest) => rest.toReversed()));
  const tail = Math.min(shared, Math.min(...rests.map(({ length }) => length)) - 1);
  return split.map((path) => {
    const own = path.slice(head, path.length - tail).join('/');
    return {
      head: head === 0 ? '' : `${path.slice(0, head).join('/')}/`,
      own,
      tail: tail === 0 ? '' : `/${path.slice(path.length - tail).join('/')}`,
    };
  });
}
