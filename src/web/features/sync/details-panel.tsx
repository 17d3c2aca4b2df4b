import { Copy, Hash, X } from 'lucide-react';
import type { Location } from '../../../contract/locations.ts';
import type { CompareRow } from '../../../contract/sync.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { DetailsTable } from './details-table.tsx';
import { HeaderDetails } from './header-details.tsx';
import type { RowActions } from './row-actions.ts';
import { StateMark } from './state-mark.tsx';
import { elsewhereOf, rowStateOf, stateMeaning, stateWord } from './states.ts';
import { useEntry } from './use-entry.ts';
import { whatDiffers } from './what-differs.ts';

interface DetailsPanelProps {
  readonly row: CompareRow | undefined;
  readonly sides: { readonly a: Location; readonly b: Location };
  readonly actions: RowActions;
  readonly onClose: () => void;
}

function Certainty({ row, sides }: { readonly row: CompareRow; readonly sides: DetailsPanelProps['sides'] }) {
  const names = { a: sides.a.name, b: sides.b.name };
  const state = rowStateOf(row);
  const elsewhere = elsewhereOf(row, names);
  const differences = whatDiffers(row, names);
  return (
    <div className="details-state" data-state={state}>
      <StateMark state={state} word={stateWord(state, names)} />
      <p>{stateMeaning(state, names)}</p>
      {elsewhere && <p className="wrap-anywhere">It {visibleName(elsewhere)}.</p>}
      {differences.length > 0 && (
        <ul className="details-differences">
          {differences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Details({ row, sides, actions }: Omit<DetailsPanelProps, 'row' | 'onClose'> & { row: CompareRow }) {
  const a = useEntry(row.a?.id ?? null);
  const b = useEntry(row.b?.id ?? null);
  const name = row.relPath.slice(row.relPath.lastIndexOf('/') + 1);
  const isHashed = [row.a, row.b].every((side) => side === null || side.kind === 'folder' || side.hash === 'known');
  const isOffline = (row.a && sides.a.state.kind === 'offline') || (row.b && sides.b.state.kind === 'offline');
  return (
    <div className="details-body">
      <h2 className="details-name">
        <bdi>{visibleName(name)}</bdi>
      </h2>
      <p className="details-path mono">
        <bdi>{visibleName(row.relPath)}</bdi>
        <IconButton icon={Copy} label="Copy relative path" onClick={() => void copyText(row.relPath, 'Path')} />
      </p>
      <Certainty row={row} sides={sides} />
      <DetailsTable row={row} entries={{ a, b }} sides={sides} actions={actions} />
      {!isHashed && (
        <Button
          icon={Hash}
          disabled={Boolean(isOffline)}
          data-tip={isOffline ? 'A side of this row is offline' : 'Reads the file and computes its hash'}
          onClick={actions.hashNow}
        >
          Hash now
        </Button>
      )}
      <HeaderDetails row={row} sides={sides} />
    </div>
  );
}

/** What is it, where is it, how sure are we, what may I do. */
export function DetailsPanel({ row, onClose, ...rest }: DetailsPanelProps) {
  return (
    <aside className="details" aria-label="Details">
      <header className="details-head">
        <span className="font-medium text-muted">Details</span>
        <IconButton icon={X} label="Close details" keys="d" onClick={onClose} />
      </header>
      {row ? (
        <Details row={row} {...rest} />
      ) : (
        <p className="p-3 text-muted">Choose a row to see what is known about it.</p>
      )}
    </aside>
  );
}
