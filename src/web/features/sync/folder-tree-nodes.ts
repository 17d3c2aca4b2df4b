import type { CompareSummary, FolderNode } from '../../../contract/sync.ts';

/** One visible line of the tree. */
export interface TreeLine {
  readonly node: FolderNode;
  readonly level: number;
  readonly isOpen: boolean;
  /** Its folders are on the way. */
  readonly isLoading: boolean;
  readonly position: number;
  readonly siblings: number;
}

export interface KnownFolders {
  readonly root: FolderNode | undefined;
  childrenOf(path: string): readonly FolderNode[] | undefined;
}

/** The tree as lines, top to bottom, with only open folders unfolded. The root is the first line, always open. */
export function treeLines(known: KnownFolders, open: ReadonlySet<string>): TreeLine[] {
  if (!known.root) return [];
  const lines: TreeLine[] = [];
  const add = (node: FolderNode, level: number, position: number, siblings: number) => {
    const isOpen = level === 1 || open.has(node.path);
    const children = isOpen && node.hasFolders ? known.childrenOf(node.path) : [];
    lines.push({ node, level, isOpen, isLoading: children === undefined, position, siblings });
    for (const [index, child] of (children ?? []).entries()) add(child, level + 1, index + 1, children?.length ?? 0);
  };
  add(known.root, 1, 1, 1);
  return lines;
}

/** `a/b/c` lies in `a` and `a/b`. */
export function foldersAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function differingFiles(summary: CompareSummary): number {
  const count = (state: keyof CompareSummary) => summary[state].files;
  return count('only-a') + count('only-b') + count('unverified') + count('conflict') + count('case-clash');
}

export function allFiles(summary: CompareSummary): number {
  return Object.values(summary).reduce((sum, { files }) => sum + files, 0);
}
