import { queryOptions, useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { foldersAbove, type TreeLine, treeLines } from './folder-tree-nodes.ts';

interface Pair {
  readonly a: string;
  readonly b: string;
}

export function foldersQuery({ a, b }: Pair, parent: string) {
  return queryOptions({
    queryKey: [...keys.diff, 'folders', a, b, parent],
    queryFn: ({ signal }) => api.diffFolders({ a, b, parent }, { signal }),
  });
}

/** The folders in sight; each level is asked for when it is unfolded. The way to `current` is unfolded by itself. */
export function useFolderTree(pair: Pair, current: string, isEnabled: boolean) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(foldersAbove(current)));
  useEffect(() => setOpen((known) => new Set([...known, ...foldersAbove(current)])), [current]);

  const parents = ['', ...open];
  const answers = useQueries({
    queries: parents.map((parent) => ({ ...foldersQuery(pair, parent), enabled: isEnabled })),
  });
  const byParent = new Map(parents.map((parent, index) => [parent, answers[index]?.data]));
  const lines: readonly TreeLine[] = treeLines(
    { root: byParent.get('')?.folder, childrenOf: (path) => byParent.get(path)?.folders },
    open,
  );

  const setFolderOpen = (path: string, isOpen: boolean) =>
    setOpen((known) => new Set(isOpen ? [...known, path] : [...known].filter((one) => one !== path)));
  return { lines, setFolderOpen };
}
