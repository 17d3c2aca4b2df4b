import type { MouseEvent } from 'react';
import type { CompareSummary } from '../../../contract/sync.ts';
import { type CompareState, compareStates } from '../../../contract/sync-words.ts';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { differenceStates, type Show } from './diff-view.ts';
import { allFiles, differingFiles } from './folder-tree-nodes.ts';
import { StateGlyph } from './state-mark.tsx';
import { type RowState, stateMeaning, stateWord } from './states.ts';

const chipStates: readonly CompareState[] = [
  ...differenceStates,
  ...compareStates.filter((state) => state.startsWith('same')),
];

interface StateChipsProps {
  readonly show: Show;
  readonly summary: CompareSummary | undefined;
  readonly moved: number;
  readonly nameA: string;
  readonly nameB: string;
  readonly onShow: (show: Show) => void;
}

interface ChipProps {
  readonly word: string;
  readonly state?: RowState;
  readonly count: number | undefined;
  readonly isOn: boolean;
  readonly tip: string;
  readonly onPress: (isAdding: boolean) => void;
}

function Chip({ word, state, count, isOn, tip, onPress }: ChipProps) {
  const press = (event: MouseEvent) => onPress(event.shiftKey || event.ctrlKey || event.metaKey);
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={isOn}
      data-tip={tip}
      data-empty={count === 0 || undefined}
      onClick={press}
    >
      {state && (
        <span className="state" data-state={state}>
          <StateGlyph state={state} size={13} />
        </span>
      )}
      {word} <span className="chip-count">{count === undefined ? '' : formatCount(count)}</span>
    </button>
  );
}

/** With Shift or Ctrl a state joins or leaves the ones shown; alone it is shown, and pressed again the differences. */
function afterPress(show: Show, state: CompareState, isAdding: boolean): Show {
  const shown = show.kind === 'states' ? show.states : [];
  if (!isAdding)
    return shown.length === 1 && shown[0] === state ? { kind: 'differences' } : { kind: 'states', states: [state] };
  const states = shown.includes(state) ? shown.filter((one) => one !== state) : [...shown, state];
  return states.length === 0 ? { kind: 'differences' } : { kind: 'states', states };
}

/** How many files are in each state, and which states are shown. */
export function StateChips({ show, summary, moved, nameA, nameB, onShow }: StateChipsProps) {
  const names = { a: nameA, b: nameB };
  const total = summary && allFiles(summary);
  return (
    <div role="group" aria-label="States shown" className="chips">
      <Chip
        word="differences"
        count={summary && differingFiles(summary)}
        isOn={show.kind === 'differences'}
        tip="Everything that is not the same on both sides"
        onPress={() => onShow({ kind: 'differences' })}
      />
      {chipStates.map((state) => (
        <Chip
          key={state}
          word={stateWord(state, names)}
          state={state}
          count={summary?.[state].files}
          isOn={show.kind === 'states' && show.states.includes(state)}
          tip={`${summary ? `${formatCount(summary[state].files)} files, ${formatBytes(summary[state].bytes)}. ` : ''}${stateMeaning(state, names)}\nShift: show it besides the others.`}
          onPress={(isAdding) => onShow(afterPress(show, state, isAdding))}
        />
      ))}
      <Chip
        word={stateWord('moved', names)}
        state="moved"
        count={summary && moved}
        isOn={show.kind === 'moved'}
        tip={stateMeaning('moved', names)}
        onPress={() => onShow(show.kind === 'moved' ? { kind: 'differences' } : { kind: 'moved' })}
      />
      <Chip
        word="all"
        count={total}
        isOn={show.kind === 'all'}
        tip="Every file of both sides"
        onPress={() => onShow({ kind: 'all' })}
      />
    </div>
  );
}
