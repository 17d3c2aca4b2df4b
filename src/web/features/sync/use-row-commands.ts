import { type Command, useCommands } from '../../ui/commands.ts';
import { countOf } from '../../ui/format.ts';
import type { Pair } from './choose-pair.ts';
import type { Side } from './states.ts';
import type { RowList } from './use-row-list.ts';
import { whyNot } from './why-not.ts';

const noRow = 'no row is chosen';

/** What the menu of the rows offers, for the palette. */
export function useRowCommands(list: RowList, sides: Pair, showDetails: () => void): void {
  const { current, picked, actions } = list;
  const isMany = picked > 1;
  const what = isMany ? countOf(picked, 'selected row') : 'current row';
  const reason = current || picked > 0 ? undefined : noRow;
  const onSide = (side: Side): readonly Command[] => [
    {
      id: `open-folder-${side}`,
      title: `Open folder on ${sides[side].name}`,
      section: 'Rows',
      run: () => actions.openFolder(side),
      disabledReason: current ? (whyNot(sides[side], current[side] !== null) ?? undefined) : noRow,
    },
    {
      id: `copy-full-${side}`,
      title: `Copy full path on ${sides[side].name}: ${what}`,
      section: 'Rows',
      run: () => actions.copyPaths(side),
      disabledReason: reason ?? (isMany || current?.[side] ? undefined : 'missing there'),
    },
  ];
  useCommands([
    { id: 'show-details', title: 'Show details', section: 'Rows', run: showDetails, disabledReason: reason },
    { id: 'hash-rows', title: `Hash now: ${what}`, section: 'Rows', run: actions.hashNow, disabledReason: reason },
    {
      id: 'copy-relative',
      title: `Copy relative path: ${what}`,
      section: 'Rows',
      run: actions.copyRelPaths,
      disabledReason: reason,
    },
    ...onSide('a'),
    ...onSide('b'),
  ]);
}
