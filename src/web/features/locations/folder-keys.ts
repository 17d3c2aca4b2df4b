import type { ListedFolder } from '../../../contract/folders.ts';

const pageRows = 8;

/** Where a key leads in the list; null for keys that mean something else. */
export function nextIndex(key: string, index: number, count: number): number | null {
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'PageDown':
      return Math.min(last, index + pageRows);
    case 'PageUp':
      return Math.max(0, index - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** The next folder whose name starts so, after the current one. */
export function indexByLetter(folders: readonly Pick<ListedFolder, 'name'>[], from: number, letter: string): number {
  const matches = (index: number) => folders[index]?.name.toLowerCase().startsWith(letter.toLowerCase()) === true;
  for (let step = 1; step <= folders.length; step += 1) {
    const index = (from + step) % folders.length;
    if (matches(index)) return index;
  }
  return from;
}
