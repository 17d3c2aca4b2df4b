import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Location } from '../../../contract/locations.ts';
import type { CompareRow } from '../../../contract/sync.ts';
import { toApiError } from '../../api/api-error.ts';
import { Failure } from '../../ui/failure.tsx';
import type { Pair } from './choose-pair.ts';
import { CompareHead } from './compare-head.tsx';
import { DetailsPanel } from './details-panel.tsx';
import { pageQuery, rowAt, useFirstPage } from './diff-rows.ts';
import type { DiffView, Show, SortKey } from './diff-view.ts';
import { FolderTree } from './folder-tree.tsx';
import { allFiles } from './folder-tree-nodes.ts';
import { NoRows, NotIndexed } from './no-rows.tsx';
import { useRowActions } from './row-actions.ts';
import { type PickMode, RowGrid, type RowGridHandle } from './row-grid.tsx';
import { RowMenu } from './row-menu.tsx';
import { pickedCount } from './selection.ts';
import { SidePanels } from './side-panels.tsx';
import { StatusLine } from './status-line.tsx';
import { changeSearch, type SearchChange, type SyncSearch, viewOf, writeShow, writeSort } from './sync-search.ts';
import { useCompareCommands } from './use-compare-commands.ts';
import { usePanels } from './use-panels.ts';
import { useSearchText } from './use-search-text.ts';
import { useSelection } from './use-selection.ts';

interface CompareViewProps {
  readonly pair: Pair;
  readonly locations: readonly Location[];
  readonly search: SyncSearch;
  readonly onSearchChange: SearchChange;
  readonly notices: ReactNode;
}

function isUnreachable(location: Location): boolean {
  return location.state.kind === 'offline' || location.state.kind === 'attention';
}

/** A side that was never read, and of which nothing is known. */
function isUnknown(location: Location): boolean {
  return location.index.scannedAtMs === null && location.index.files === 0;
}

/** Changes of the address, by name. */
function useAddress(onSearchChange: SearchChange) {
  const change = (changes: Parameters<typeof changeSearch>[1], replace = false) =>
    onSearchChange((search) => changeSearch(search, changes), { replace });
  const noRow = { row: undefined, at: undefined };
  return {
    setFolder: (folder: string) => change({ folder, ...noRow }),
    setShow: (show: Show) => change({ show: writeShow(show), ...noRow }),
    setSort: (sort: SortKey | null, descending: boolean) => change({ sort: writeSort(sort, descending), ...noRow }),
    setQuery: (q: string) => change({ q, ...noRow }, true),
    setPair: (side: 'a' | 'b', id: string) => change({ [side]: id, ...noRow }),
    setRow: (row: string | undefined, at: string | undefined) => change({ row, at }, true),
  };
}

export function CompareView({ pair, locations, search, onSearchChange, notices }: CompareViewProps) {
  const client = useQueryClient();
  const address = useAddress(onSearchChange);
  const ids = { a: pair.a.id, b: pair.b.id };
  const [text, showText] = useSearchText(search.q ?? '', address.setQuery);
  const setText = (next: string) => {
    // Asked before the page is drawn with the new text: the answer is on its way meanwhile.
    void client.prefetchQuery(pageQuery(viewOf(search, ids, next), 0));
    showText(next);
  };
  const searchInput = useRef<HTMLInputElement>(null);
  const grid = useRef<RowGridHandle>(null);
  const panels = usePanels();

  const names = { a: pair.a.name, b: pair.b.name };
  const isReady = !isUnknown(pair.a) && !isUnknown(pair.b);
  const wanted: DiffView = viewOf(search, ids, text);
  const first = useFirstPage(wanted, isReady);
  const shown = first.data;
  const view = shown?.view ?? wanted;
  const total = shown?.total ?? 0;

  const picks = useSelection({
    view: shown?.view,
    search,
    isInRows: () => grid.current?.hasFocus() ?? false,
    onCurrent: address.setRow,
  });
  const { selection } = picks;
  const current = selection.focus === null ? undefined : rowAt(client, view, selection.focus);
  const actions = useRowActions({ view, total, sides: pair, selection, current });

  const { focus, focusPath } = selection;
  useEffect(() => {
    if (focus !== null && focusPath === null && current) picks.name(focus, current.relPath);
  }, [focus, focusPath, current, picks.name]);

  const enterRows = () => {
    grid.current?.focus();
    if (focus === null && total > 0) picks.move(0, rowAt(client, view, 0), 'replace');
  };

  const pickRow = (index: number, row: CompareRow | undefined, mode: PickMode) => {
    picks.move(index, row, mode);
    if (panels.isNarrow) panels.setDetailsOpen(true);
  };

  const chooseFolder = (folder: string) => {
    address.setFolder(folder);
    if (panels.isNarrow) panels.setTreeOpen(false);
  };

  const goBack = () => {
    if (pickedCount(selection, total) > 0) picks.selectNone();
    else if (text !== '') setText('');
    else if (panels.isDetailsOpen) panels.setDetailsOpen(false);
  };
  useCompareCommands({ pair, view, address, searchInput, panels, selectAll: picks.selectAll, summary: shown?.summary });

  const noRows = (
    <NoRows
      view={view}
      pair={pair}
      filesInFolder={shown ? allFiles(shown.summary) : 0}
      onShow={address.setShow}
      onClearSearch={() => setText('')}
      onLeaveFolder={() => address.setFolder('')}
    />
  );

  return (
    <div className="sync">
      <CompareHead
        pair={pair}
        locations={locations}
        names={names}
        show={wanted.show}
        folder={view.folder}
        shown={shown}
        search={{ text, input: searchInput, onText: setText, onLeave: enterRows }}
        address={address}
        panels={panels}
        notices={notices}
      />
      <SidePanels
        panels={panels}
        tree={
          <FolderTree a={pair.a.id} b={pair.b.id} folder={view.folder} isEnabled={isReady} onChoose={chooseFolder} />
        }
        details={
          <DetailsPanel row={current} sides={pair} actions={actions} onClose={() => panels.setDetailsOpen(false)} />
        }
      >
        {!isReady && <NotIndexed pair={pair} />}
        {isReady && first.error && !shown && (
          <Failure failure={toApiError(first.error)} onRetry={() => void first.refetch()} />
        )}
        {isReady && shown && total === 0 && noRows}
        {isReady && !first.error && (!shown || total > 0) && (
          <RowMenu
            actions={actions}
            current={current}
            count={Math.max(1, pickedCount(selection, total))}
            names={names}
            onOpen={() => panels.setDetailsOpen(true)}
          >
            <RowGrid
              view={view}
              total={shown ? total : 24}
              names={names}
              selection={selection}
              isDimmed={{ a: isUnreachable(pair.a), b: isUnreachable(pair.b) }}
              handle={grid}
              onMove={pickRow}
              onSelectAll={picks.selectAll}
              onOpen={panels.toggleDetails}
              onBack={goBack}
              onSort={address.setSort}
              onShifted={picks.shift}
            />
          </RowMenu>
        )}
      </SidePanels>
      <StatusLine
        total={total}
        totalBytes={shown?.totalBytes}
        names={names}
        selection={selection}
        actions={actions}
        onSelectNone={picks.selectNone}
      />
    </div>
  );
}
