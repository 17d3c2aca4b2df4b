import { Popover } from '@base-ui/react/popover';
import { Info } from 'lucide-react';
import { memo } from 'react';
import { compareStates } from '../../../contract/sync-words.ts';
import { StateMark } from './state-mark.tsx';
import { type RowState, type SideNames, stateMeaning, stateWord } from './states.ts';

const shown: readonly RowState[] = [...compareStates, 'moved'];

/** What each glyph means. */
export const Legend = memo(function Legend({ names }: { readonly names: SideNames }) {
  return (
    <Popover.Root>
      <Popover.Trigger className="icon-button legend-button">
        <Info size={14} aria-hidden />
        Legend
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} side="top" align="end" className="z-45">
          <Popover.Popup className="popup legend">
            <Popover.Title className="sr-only">What the states mean</Popover.Title>
            <dl>
              {shown.map((state) => (
                <div key={state} className="legend-line">
                  <dt>
                    <StateMark state={state} word={stateWord(state, names)} />
                  </dt>
                  <dd>{stateMeaning(state, names)}</dd>
                </div>
              ))}
            </dl>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
});
