import { useState } from 'react';
import { useLocations } from '../../api/queries.ts';
import { FolderTree } from './folder-tree.tsx';
import { StateMark } from './state-mark.tsx';
import { type RowState, stateMeaning, stateWord } from './states.ts';
import './sync.css';

const states: readonly RowState[] = [
  'same-verified',
  'same-probable',
  'unverified',
  'only-a',
  'only-b',
  'conflict',
  'case-clash',
  'moved',
];

function LiveTree({ a, b }: { readonly a: string; readonly b: string }) {
  const [folder, setFolder] = useState('');
  return (
    <div className="panel h-56 max-w-72 overflow-hidden">
      <FolderTree a={a} b={b} folder={folder} isEnabled onChoose={setFolder} />
    </div>
  );
}

/** Parts of the compare page for the page that shows all parts: every state, and the folder tree with real folders. */
export function SyncParts() {
  const [one, other] = useLocations().data ?? [];
  const names = { a: one?.name ?? 'Local', b: other?.name ?? 'Lake' };
  return (
    <div className="grid gap-6">
      <dl className="grid grid-cols-[minmax(120px,auto)_1fr] gap-x-6 gap-y-1">
        {states.map((state) => (
          <div key={state} className="contents">
            <dt>
              <StateMark state={state} word={stateWord(state, names)} />
            </dt>
            <dd className="text-muted">{stateMeaning(state, names)}</dd>
          </div>
        ))}
      </dl>
      {one && other ? (
        <LiveTree a={one.id} b={other.id} />
      ) : (
        <p className="text-muted">The folder tree shows here once there are two locations.</p>
      )}
    </div>
  );
}
