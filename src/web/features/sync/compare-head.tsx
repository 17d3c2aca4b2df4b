import { Hash, ListTree, PanelRight, RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Location } from '../../../contract/locations.ts';
import type { CompareSummary } from '../../../contract/sync.ts';
import { useRefreshIndex, useStartHashing } from '../../api/actions.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { countOf, formatCount } from '../../ui/format.ts';
import type { Pair } from './choose-pair.ts';
import type { Show } from './diff-view.ts';
import { FolderTrail } from './folder-trail.tsx';
import { SearchBox } from './search-box.tsx';
import { SidePlate } from './side-plate.tsx';
import { StateChips } from './state-chips.tsx';
import type { SideNames } from './states.ts';
import type { Panels } from './use-panels.ts';

interface CompareHeadProps {
  readonly pair: Pair;
  readonly locations: readonly Location[];
  readonly names: SideNames;
  readonly show: Show;
  readonly folder: string;
  readonly shown: { readonly summary: CompareSummary; readonly moved: number } | undefined;
  readonly search: Parameters<typeof SearchBox>[0];
  readonly address: {
    readonly setShow: (show: Show) => void;
    readonly setFolder: (folder: string) => void;
    readonly setPair: (side: 'a' | 'b', id: string) => void;
  };
  readonly panels: Panels;
  readonly notices: ReactNode;
}

function RefreshBoth({ pair }: { readonly pair: Pair }) {
  const refresh = useRefreshIndex();
  const reachable = [pair.a, pair.b].filter(({ state, index }) => state.kind !== 'offline' && !index.refreshing);
  const refreshAll = () => {
    for (const { id } of reachable) refresh.mutate({ location: id });
  };
  return (
    <Button
      icon={RefreshCw}
      isBusy={pair.a.index.refreshing && pair.b.index.refreshing}
      disabled={reachable.length === 0}
      data-tip={`Read ${pair.a.name} and ${pair.b.name} again`}
      data-tip-keys="r"
      onClick={refreshAll}
    >
      Refresh both
    </Button>
  );
}

function VerifyButton({ pair, folder, unverified }: { pair: Pair; folder: string; unverified: number }) {
  const hashing = useStartHashing();
  const isOffline = [pair.a, pair.b].some(({ state }) => state.kind === 'offline');
  if (unverified === 0) return null;
  return (
    <Button
      icon={Hash}
      disabled={isOffline || hashing.isPending}
      data-tip={
        isOffline
          ? 'A side is offline'
          : `Hash ${countOf(unverified, 'file')} on both sides to know whether they are the same`
      }
      onClick={() =>
        hashing.mutate({ scope: { kind: 'compare', a: pair.a.id, b: pair.b.id, folder, include: ['unverified'] } })
      }
    >
      Verify {formatCount(unverified)}
    </Button>
  );
}

/** Search, the two sides, and which rows are shown. */
export function CompareHead(props: CompareHeadProps) {
  const { pair, locations, names, show, folder, shown, search, address, panels, notices } = props;
  const plate = (side: 'a' | 'b', label: string) => (
    <SidePlate location={pair[side]} locations={locations} label={label} onChoose={(id) => address.setPair(side, id)} />
  );
  return (
    <div className="sync-head">
      <h1 className="sr-only">
        {names.a} and {names.b}
      </h1>
      <div className="toolbar">
        <IconButton
          icon={ListTree}
          label="Folder tree"
          keys="t"
          aria-pressed={panels.isTreeOpen}
          onClick={panels.toggleTree}
        />
        <SearchBox {...search} />
        <VerifyButton pair={pair} folder={folder} unverified={shown?.summary.unverified.files ?? 0} />
        <RefreshBoth pair={pair} />
        <IconButton
          icon={PanelRight}
          label="Details"
          keys="d"
          aria-pressed={panels.isDetailsOpen}
          onClick={panels.toggleDetails}
        />
      </div>
      <div className="sides">
        {plate('a', 'Left side')}
        {plate('b', 'Right side')}
      </div>
      {notices}
      <StateChips
        show={show}
        summary={shown?.summary}
        moved={shown?.moved ?? 0}
        names={names}
        onShow={address.setShow}
      />
      <FolderTrail folder={folder} onChoose={address.setFolder} />
    </div>
  );
}
