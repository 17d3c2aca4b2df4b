import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';

export interface FolderBytes {
  readonly location: string;
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/** A folder with what is directly in it and below it. `path`: location, then folders. */
export interface FolderNode {
  readonly path: readonly string[];
  /** Folders that hold nothing but one other are one node. */
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  readonly children: readonly FolderNode[];
}

interface Growing {
  readonly path: readonly string[];
  readonly below: Map<string, Growing>;
  files: number;
  bytes: number;
}

function grow(path: readonly string[]): Growing {
  return { path, below: new Map(), files: 0, bytes: 0 };
}

function put(root: Growing, { location, folder, files, bytes }: FolderBytes): void {
  let node = root;
  for (const name of [location, ...folder.split('/').filter(Boolean)]) {
    const next = node.below.get(name) ?? grow([...node.path, name]);
    node.below.set(name, next);
    node = next;
  }
  node.files += files;
  node.bytes += bytes;
}

const nameBelow = (path: readonly string[], above: number) => path.slice(above).join('/');

/** `above`: how many names of the path the node above has said already. */
function settle(growing: Growing, above: number): FolderNode {
  const { path, below, files, bytes } = growing;
  const only = below.size === 1 && files === 0 ? [...below.values()][0] : undefined;
  if (only && path.length > 1) return settle(only, above);
  const inside = [...below.values()].map((child) => settle(child, path.length));
  const own = files > 0 && inside.length > 0 ? [{ path, name: 'directly here', files, bytes, children: [] }] : [];
  const children = [...inside, ...own].sort((x, y) => y.bytes - x.bytes);
  return {
    path,
    name: nameBelow(path, above),
    files: files + inside.reduce((sum, child) => sum + child.files, 0),
    bytes: bytes + inside.reduce((sum, child) => sum + child.bytes, 0),
    children,
  };
}

/** Folders as a tree, each with everything below it. Its root stands for all locations. */
export function folderTree(folders: readonly FolderBytes[]): FolderNode {
  const root = grow([]);
  for (const folder of folders) put(root, folder);
  return settle(root, 0);
}

/** The folder at a path, or the nearest one above it. */
export function nodeAt(root: FolderNode, path: readonly string[]): FolderNode {
  const next = root.children.find(
    (child) =>
      child.path.length > root.path.length &&
      child.path.length <= path.length &&
      child.path.every((name, place) => name === path[place]),
  );
  return next ? nodeAt(next, path) : root;
}

export interface Tile {
  readonly node: FolderNode;
  /** 1: directly in the folder shown; 2: inside of one of these. */
  readonly depth: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const gap = 2;
/** Room for the name of a folder above what is in it. */
const headHeight = 20;

/** Two levels of a folder as rectangles of areas like their bytes, nearly square. */
export function layOut(folder: FolderNode, width: number, height: number): readonly Tile[] {
  if (width <= 0 || height <= 0 || folder.bytes <= 0) return [];
  const depthOf = (node: FolderNode) => (node === folder ? 0 : folder.children.includes(node) ? 1 : 2);
  const root = hierarchy<FolderNode>(folder, (node) => (depthOf(node) < 2 ? node.children : []))
    .sum((node) => (depthOf(node) < 2 && node.children.length > 0 ? 0 : node.bytes))
    .sort((x, y) => (y.value ?? 0) - (x.value ?? 0));
  const laid = treemap<FolderNode>()
    .tile(treemapSquarify)
    .size([width, height])
    .paddingInner(gap)
    .paddingTop((node) => (node.depth === 1 && node.children ? headHeight : 0))
    .paddingRight((node) => (node.depth === 1 && node.children ? gap : 0))
    .paddingBottom((node) => (node.depth === 1 && node.children ? gap : 0))
    .paddingLeft((node) => (node.depth === 1 && node.children ? gap : 0))
    .round(true)(root);
  return laid
    .descendants()
    .filter(({ depth }) => depth > 0)
    .map(({ data, depth, x0, y0, x1, y1 }) => {
      // Rounding pushes what is smaller than a gap out of the frame.
      const [left, top] = [Math.min(x0, width), Math.min(y0, height)];
      return {
        node: data,
        depth,
        left,
        top,
        width: Math.max(0, Math.min(x1, width) - left),
        height: Math.max(0, Math.min(y1, height) - top),
      };
    });
}
