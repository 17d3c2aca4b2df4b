import { Columns2, FolderSync, Hash, ListTree, PanelRight, RefreshCw } from 'lucide-react';
import { memo, type ReactNode, type RefObject } from 'react';
import type { Location } from '../../../contract/locations.ts';
import { useRefreshIndex, useStartHashing } from '../../api/actions.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { countOf, formatCount } from '../../ui/format.ts';
import type { RowLayout } from '../../ui/preferences.ts';
import type { Pair } from './choose-pair.ts';
import type { Show } from './diff-view.ts';
import { SearchBox } from './search-box.tsx';
import { SidePlate } from './side-plate.tsx';
import { StateChips } from './state-chips.tsx';
import type { Side } from './states.ts';
import type { CompareAddress } from './use-compare-address.ts';
import type { Found } from './use-compare-lists.ts';
import type { Panels } from './use-panels.ts';
import type { SearchText } from './use-search-text.ts';
import { whyNoMirror } from './use-transfer-commands.ts';

interface CompareHeadProps {
  readonly pair: Pair;
  readonly locations: readonly Location[];
  readonly show: Show;
  readonly folder: string;
  readonly found: Found | undefined;
  readonly layout: RowLayout;
  readonly typed: SearchText['typed'];
  readonly searchInput: RefObject<HTMLInputElement | null>;
  readonly onText: (text: string) => void;
  readonly onEnterRows: () => void;
  readonly address: CompareAddress;
  readonly panels: Panels;
  readonly notices: ReactNode;
  readonly onMirror: (folder: string) => void;
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
      aria-label="Refresh both"
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
      aria-label={`Verify ${formatCount(unverified)}`}
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

function MirrorButton({ pair, folder, onMirror }: Pick<CompareHeadProps, 'pair' | 'folder' | 'onMirror'>) {
  const reason = whyNoMirror(pair);
  return (
    <Button
      icon={FolderSync}
      disabled={reason !== null}
      aria-label="Mirror"
      data-tip={reason ?? `What would make ${folder === '' ? pair.b.name : folder} like ${pair.a.name}; shown first`}
      data-tip-keys="m"
      onClick={() => onMirror(folder)}
    >
      Mirror …
    </Button>
  );
}

function LayoutButton({ layout, address }: Pick<CompareHeadProps, 'layout' | 'address'>) {
  const isPanes = layout === 'panes';
  return (
    <IconButton
      icon={Columns2}
      label="A list per side"
      keys="v"
      aria-pressed={isPanes}
      onClick={() => address.setLayout(isPanes ? 'aligned' : 'panes')}
    />
  );
}

const Chips = memo(StateChips);

/** Search, the two sides, and which rows are shown. Memoised: an answer to a search changes nothing in it. */
export const CompareHead = memo(function CompareHead(props: CompareHeadProps) {
  const { pair, locations, show, folder, found, layout, address, panels, notices } = props;
  const plate = (side: Side, label: string) => (
    <SidePlate side={side} location={pair[side]} locations={locations} label={label} onChoose={address.setPair} />
  );
  return (
    <div className="sync-head">
      <h1 className="sr-only">
        {pair.a.name} and {pair.b.name}
      </h1>
      <div className="toolbar">
        <IconButton
          icon={ListTree}
          label="Folder tree"
          keys="t"
          aria-pressed={panels.isTreeOpen}
          onClick={panels.toggleTree}
        />
        <SearchBox typed={props.typed} input={props.searchInput} onText={props.onText} onLeave={props.onEnterRows} />
        <VerifyButton pair={pair} folder={folder} unverified={found?.summary.unverified.files ?? 0} />
        <MirrorButton pair={pair} folder={folder} onMirror={props.onMirror} />
        <RefreshBoth pair={pair} />
        {!panels.isNarrow && <LayoutButton layout={layout} address={address} />}
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
      <Chips
        show={show}
        summary={found?.summary}
        moved={found?.moved ?? 0}
        nameA={pair.a.name}
        nameB={pair.b.name}
        onShow={address.setShow}
      />
    </div>
  );
});
