import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, memo, useEffect, useRef, useState } from 'react';
import type { FolderNode } from '../../../contract/sync.ts';
import { countOf, formatCompact, formatCount } from '../../ui/format.ts';
import { useRowHeight } from '../../ui/preferences.ts';
import { useRowMeasure } from '../../ui/use-row-measure.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { allFiles, differingFiles, parentOf, type TreeLine } from './folder-tree-nodes.ts';
import { openMenuAt } from './grid-place.ts';
import { useFolderTree } from './use-folder-tree.ts';

interface FolderTreeProps {
  readonly a: string;
  readonly b: string;
  readonly folder: string;
  readonly isEnabled: boolean;
  readonly onChoose: (folder: string) => void;
  /** A menu is about to open for a folder, or a key was pressed that does something with it. */
  readonly onAct?: ((act: FolderAct, node: FolderNode) => void) | undefined;
}

export type FolderAct = 'menu' | 'copy' | 'copy-a' | 'copy-b' | 'mirror' | 'delete';

const actOfKey: Readonly<Record<string, FolderAct>> = {
  c: 'copy',
  '>': 'copy-a',
  '<': 'copy-b',
  m: 'mirror',
  Delete: 'delete',
};

const lineId = (index: number): string => `folder-${index}`;

function tipOf({ node }: TreeLine): string {
  const differing = differingFiles(node.summary);
  const conflicts = node.summary.conflict.files;
  return [
    visibleName(node.path === '' ? 'All folders' : node.path),
    `${countOf(allFiles(node.summary), 'file')}, ${formatCount(differing)} differ`,
    conflicts > 0 ? countOf(conflicts, 'conflict') : '',
  ]
    .filter(Boolean)
    .join('\n');
}

interface LineProps {
  readonly line: TreeLine;
  readonly index: number;
  readonly top: number;
  readonly isChosen: boolean;
  readonly isFocused: boolean;
}

function FolderLine({ line, index, top, isChosen, isFocused }: LineProps) {
  const { node, level } = line;
  const differing = differingFiles(node.summary);
  return (
    <div
      role="treeitem"
      id={lineId(index)}
      aria-level={level}
      aria-expanded={node.hasFolders ? line.isOpen : undefined}
      aria-selected={isChosen}
      aria-posinset={line.position}
      aria-setsize={line.siblings}
      aria-busy={line.isLoading}
      className="folder"
      data-line={index}
      data-focused={isFocused || undefined}
      data-tip={tipOf(line)}
      style={{ transform: `translateY(${top}px)`, paddingLeft: 4 + Math.max(0, level - 2) * 14 }}
    >
      <span className="folder-toggle" data-toggle={level > 1 && node.hasFolders ? '' : undefined}>
        {level > 1 && node.hasFolders && (
          <ChevronRight size={14} aria-hidden className={line.isOpen ? 'rotate-90' : ''} />
        )}
      </span>
      <span className="folder-name">{level === 1 ? 'All folders' : visibleName(node.name)}</span>
      {node.summary.conflict.files > 0 && (
        <span className="folder-conflicts">
          <TriangleAlert size={12} className="warn-glyph" aria-label="conflicts" role="img" />
          {formatCompact(node.summary.conflict.files)}
        </span>
      )}
      <span className="folder-count">{differing > 0 ? formatCompact(differing) : ''}</span>
    </div>
  );
}

/** Folders of both sides together, with what differs below each. */
export const FolderTree = memo(function FolderTree(props: FolderTreeProps) {
  const { a, b, folder, isEnabled, onChoose, onAct } = props;
  const { lines, setFolderOpen } = useFolderTree({ a, b }, folder, isEnabled);
  const [focus, setFocus] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  useRowMeasure(virtualizer, rowHeight);

  const chosen = lines.findIndex(({ node }) => node.path === folder);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (chosen < 0 || shown.current === folder) return;
    shown.current = folder;
    setFocus(chosen);
    if (chosen > 0) virtualizer.scrollToIndex(chosen);
  }, [folder, chosen, virtualizer]);

  const moveTo = (index: number) => {
    const target = Math.min(lines.length - 1, Math.max(0, index));
    setFocus(target);
    virtualizer.scrollToIndex(target);
  };

  const stepOut = (line: TreeLine) => {
    if (line.isOpen && line.node.hasFolders && line.level > 1) setFolderOpen(line.node.path, false);
    else moveTo(lines.findIndex(({ node }) => node.path === parentOf(line.node.path)));
  };

  const stepIn = (line: TreeLine) => {
    if (!line.node.hasFolders) return;
    if (line.isOpen) moveTo(focus + 1);
    else setFolderOpen(line.node.path, true);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[focus];
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actOfKey[event.key];
    if (event.key === 'ArrowDown') moveTo(focus + 1);
    else if (event.key === 'ArrowUp') moveTo(focus - 1);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(lines.length - 1);
    else if (event.key === 'ArrowRight') stepIn(line);
    else if (event.key === 'ArrowLeft') stepOut(line);
    else if (event.key === 'Enter' || event.key === ' ') onChoose(line.node.path);
    else if (act && onAct) onAct(act, line.node);
    else return;
    event.preventDefault();
  };

  const onContextMenu = (event: MouseEvent) => {
    const under = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-line]') : null;
    if (!under) return openMenuAt(event, lineId(focus));
    const line = lines[Number(under.dataset.line)];
    if (line) onAct?.('menu', line.node);
  };

  const onClick = (event: MouseEvent) => {
    if (!(event.target instanceof Element)) return;
    const index = Number(event.target.closest<HTMLElement>('[data-line]')?.dataset.line ?? -1);
    const line = lines[index];
    if (!line) return;
    setFocus(index);
    if (event.target.closest('[data-toggle]')) setFolderOpen(line.node.path, !line.isOpen);
    else onChoose(line.node.path);
  };

  return (
    <div
      ref={scroller}
      role="tree"
      aria-label="Folders"
      aria-activedescendant={lines.length > 0 ? lineId(focus) : undefined}
      tabIndex={0}
      className="folder-tree"
      onKeyDown={onKeyDown}
      onClick={onClick}
      onContextMenu={onAct && onContextMenu}
    >
      <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (!line) return null;
          return (
            <FolderLine
              key={line.node.path}
              line={line}
              index={index}
              top={start}
              isChosen={line.node.path === folder}
              isFocused={index === focus}
            />
          );
        })}
      </div>
    </div>
  );
});
