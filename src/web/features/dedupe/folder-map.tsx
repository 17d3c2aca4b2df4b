import { ChevronRight } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { countOf, formatBytes } from '../../ui/format.ts';
import { visibleName } from '../../ui/visible-name.ts';
import type { NameOf } from './scan-words.ts';
import { type FolderBytes, type FolderNode, folderTree, layOut, nodeAt, type Tile } from './treemap-layout.ts';
import { useLocationNames } from './use-location-names.ts';

/** Smaller tiles have no room for words. */
const leastWidth = 44;
const leastHeight = 18;
const twoLines = 34;

function nameOfNode({ path, name }: FolderNode, nameOf: NameOf): string {
  const [location] = path;
  if (path.length === 1 && location !== undefined && name === location) return nameOf(location);
  return visibleName(name);
}

interface TileViewProps {
  readonly tile: Tile;
  readonly nameOf: NameOf;
  readonly onOpen: (path: readonly string[]) => void;
}

function TileView({ tile, nameOf, onOpen }: TileViewProps) {
  const { node, depth, left, top, width, height } = tile;
  const name = nameOfNode(node, nameOf);
  const size = formatBytes(node.bytes);
  const says = `${name}: ${size}, ${countOf(node.files, 'file')}`;
  const hasRoom = width >= leastWidth && height >= leastHeight;
  const isFrame = depth === 1 && node.children.length > 0;
  const common = {
    className: 'tile',
    'data-depth': depth,
    'data-frame': isFrame || undefined,
    'data-tip': says,
    style: { left, top, width, height },
  };
  const text = hasRoom && (
    <span className="tile-text" data-lines={!isFrame && height >= twoLines ? 2 : 1}>
      <span className="tile-name">{name}</span>
      {(isFrame || height >= twoLines) && <span className="tile-size"> {size}</span>}
    </span>
  );
  if (node.children.length === 0) return <div {...common}>{text}</div>;
  return (
    <button type="button" {...common} onClick={() => onOpen(node.path)}>
      {text}
      <span className="sr-only">
        {hasRoom ? '' : says} {countOf(node.files, 'file')}. Look inside
      </span>
    </button>
  );
}

function Trail({ node, nameOf, onOpen }: { node: FolderNode; nameOf: NameOf; onOpen: TileViewProps['onOpen'] }) {
  return (
    <nav aria-label="Folder shown" className="tile-trail">
      <button type="button" className="link" disabled={node.path.length === 0} onClick={() => onOpen([])}>
        All
      </button>
      {node.path.map((name, place) => {
        const path = node.path.slice(0, place + 1);
        return (
          <span key={path.join('/')} className="tile-step">
            <ChevronRight size={12} aria-hidden />
            <button
              type="button"
              className="link"
              disabled={path.length === node.path.length}
              onClick={() => onOpen(path)}
            >
              {place === 0 ? nameOf(name) : visibleName(name)}
            </button>
          </span>
        );
      })}
    </nav>
  );
}

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setWidth(element.clientWidth);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}

/** Where the bytes lie: areas like sizes, folders in folders. The table below says the same in words. */
export function FolderMap({ folders }: { readonly folders: readonly FolderBytes[] }) {
  const nameOf = useLocationNames();
  const { box, width } = useWidth();
  const [path, setPath] = useState<readonly string[]>([]);
  const tree = useMemo(() => folderTree(folders), [folders]);
  const node = nodeAt(tree, path);
  const height = width > 600 ? 320 : 260;
  const tiles = useMemo(() => layOut(node, width, height), [node, width, height]);
  return (
    <section aria-labelledby="folder-map">
      <header className="map-head">
        <h2 id="folder-map" className="dedupe-heading">
          Where it lies
        </h2>
        <Trail node={node} nameOf={nameOf} onOpen={setPath} />
      </header>
      <div ref={box} className="map" role="group" aria-label="Bytes by folder" style={{ height }}>
        {tiles.map((tile) => (
          <TileView
            key={`${tile.depth} ${tile.node.path.join('/')} ${tile.node.name}`}
            tile={tile}
            nameOf={nameOf}
            onOpen={setPath}
          />
        ))}
      </div>
    </section>
  );
}
