import { memo, type ReactNode, useEffect, useMemo, useRef } from 'react';
import type { Location } from '../../../contract/locations.ts';
import type { CompareRow } from '../../../contract/sync.ts';
import { usePreference } from '../../ui/preferences.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import type { Pair } from './choose-pair.ts';
import { CompareHead } from './compare-head.tsx';
import { DetailsPanel } from './details-panel.tsx';
import { FolderMenu } from './folder-menu.tsx';
import { FolderTrail } from './folder-trail.tsx';
import { FolderTree } from './folder-tree.tsx';
import { allFiles } from './folder-tree-nodes.ts';
import { ListedRows } from './listed-rows.tsx';
import { ListFailure, NoRows, NotIndexed } from './no-rows.tsx';
import { RowGestures } from './row-gestures.tsx';
import type { PickMode } from './row-grid.tsx';
import { RowMenu } from './row-menu.tsx';
import { RowPanes } from './row-panes.tsx';
import { SidePanels } from './side-panels.tsx';
import type { Side } from './states.ts';
import { StatusLine } from './status-line.tsx';
import { layoutOf, type SearchChange, type SyncSearch } from './sync-search.ts';
import { useCompareAddress } from './use-compare-address.ts';
import { useCompareCommands } from './use-compare-commands.ts';
import { useCompareLists } from './use-compare-lists.ts';
import { usePanels } from './use-panels.ts';
import { useRowCommands } from './use-row-commands.ts';
import { useTransferCommands } from './use-transfer-commands.ts';
import { useChosenTransfer, useTransfers } from './use-transfers.ts';

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

/** With another layout come other grids: who was in the rows stays in them. */
function useKeyboardStays(isPanes: boolean, enterRows: () => void): void {
  const was = useRef(isPanes);
  useEffect(() => {
    if (was.current === isPanes) return;
    was.current = isPanes;
    if (document.activeElement === document.body) enterRows();
  }, [isPanes, enterRows]);
}

/** Not drawn again for each letter of a search. */
const Details = memo(DetailsPanel);
const Trail = memo(FolderTrail);

export function CompareView({ pair, locations, search, onSearchChange, notices }: CompareViewProps) {
  const address = useCompareAddress(onSearchChange);
  const searchInput = useRef<HTMLInputElement>(null);
  const panels = usePanels();
  const layout = layoutOf(search, usePreference('rowLayout'));
  const isPanes = layout === 'panes' && !panels.isNarrow;
  const isReady = !isUnknown(pair.a) && !isUnknown(pair.b);
  // The same objects for as long as they say the same: rows are drawn again for other ones.
  const { a, b } = pair;
  const names = useMemo(() => ({ a: a.name, b: b.name }), [a.name, b.name]);
  const [isAwayA, isAwayB] = [isUnreachable(a), isUnreachable(b)];
  const isDimmed = useMemo(() => ({ a: isAwayA, b: isAwayB }), [isAwayA, isAwayB]);
  const { searchText, lists, list, found, active, setActive } = useCompareLists({
    pair,
    search,
    address,
    isPanes,
    isReady,
  });
  const { view, total, shown, picks, current, actions } = list;

  const handlers = useHandlers({
    onPick: (side: Side | null, index: number, row: CompareRow | undefined, mode: PickMode) => {
      if (side !== null) setActive(side);
      lists[side ?? 'a'].picks.move(index, row, mode);
    },
    onPress: () => {
      if (panels.isNarrow) panels.setDetailsOpen(true);
    },
    onTurn: (to: Side) => {
      setActive(to);
      lists[to].enter();
    },
    onActive: setActive,
    onOpen: () => {
      if (panels.isDetailsOpen) panels.showDetails();
      else panels.setDetailsOpen(true);
    },
    onClose: () => panels.setDetailsOpen(false),
    onChooseFolder: (folder: string) => {
      address.setFolder(folder);
      if (panels.isNarrow) panels.setTreeOpen(false);
    },
    onEnterRows: list.enter,
    onSelectAll: () => {
      picks.selectAll();
      list.grid.current?.focus();
    },
    onBack: () => {
      if (list.picked > 0) picks.selectNone();
      else if (searchText.typed.get() !== '') searchText.setText('');
      else if (panels.isDetailsOpen) panels.setDetailsOpen(false);
    },
  });
  const transfers = useTransfers(pair);
  const chosen = useChosenTransfer(list, found, pair);
  useTransferCommands({ chosen, pair, folder: view.folder, transfers });
  useRowCommands(list, pair, panels.showDetails);
  useCompareCommands({ pair, view, layout, address, searchInput, panels, selectAll: handlers.onSelectAll, found });
  useKeyboardStays(isPanes, handlers.onEnterRows);

  const rows = {
    names,
    isDimmed,
    onPick: handlers.onPick,
    onPress: handlers.onPress,
    onOpen: handlers.onOpen,
    onBack: handlers.onBack,
    onSort: address.setSort,
    onTurn: handlers.onTurn,
  };
  const isEmpty = isPanes ? [lists.a, lists.b].every((one) => one.shown && one.total === 0) : shown && total === 0;

  return (
    <div className="sync">
      <CompareHead
        pair={pair}
        locations={locations}
        show={view.show}
        folder={view.folder}
        found={found}
        layout={layout}
        typed={searchText.typed}
        searchInput={searchInput}
        onText={searchText.setText}
        onEnterRows={handlers.onEnterRows}
        address={address}
        panels={panels}
        notices={notices}
        onMirror={transfers.mirror}
      />
      <SidePanels
        panels={panels}
        onLeaveDetails={handlers.onEnterRows}
        tree={
          <FolderMenu sides={pair} transfers={transfers}>
            {(onAct) => (
              <FolderTree
                a={pair.a.id}
                b={pair.b.id}
                folder={view.folder}
                isEnabled={isReady}
                onChoose={handlers.onChooseFolder}
                onAct={onAct}
              />
            )}
          </FolderMenu>
        }
        above={<Trail folder={view.folder} onChoose={handlers.onChooseFolder} />}
        details={<Details row={current} sides={pair} actions={actions} onClose={handlers.onClose} />}
      >
        {!isReady && <NotIndexed pair={pair} />}
        {isReady && list.error && !shown && (
          <ListFailure error={list.error} onRetry={list.retry} onClearSearch={() => searchText.setText('')} />
        )}
        {isReady && isEmpty && (
          <NoRows
            view={view}
            pair={pair}
            filesInFolder={found ? allFiles(found.summary) : 0}
            onShow={address.setShow}
            onClearSearch={() => searchText.setText('')}
            onLeaveFolder={() => address.setFolder('')}
          />
        )}
        {isReady && !isEmpty && !(list.error && !shown) && (
          <RowMenu
            actions={actions}
            current={current}
            count={Math.max(1, list.picked)}
            sides={pair}
            chosen={chosen}
            transfers={transfers}
            onOpen={panels.showDetails}
          >
            <RowGestures
              lists={lists}
              sides={pair}
              chosen={chosen}
              transfers={transfers}
              copiesByArrow={!panels.isNarrow}
            >
              {isPanes ? (
                <RowPanes lists={lists} active={active} onActive={handlers.onActive} {...rows} />
              ) : (
                <ListedRows list={list} {...rows} />
              )}
            </RowGestures>
          </RowMenu>
        )}
      </SidePanels>
      <StatusLine list={list} names={names} chosen={chosen} transfers={transfers} />
    </div>
  );
}
