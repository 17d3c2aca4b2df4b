import type { RefObject } from 'react';
import { type CompareState, compareStates } from '../../../contract/sync-words.ts';
import { useRefreshIndex, useStartHashing } from '../../api/actions.ts';
import { useCommands } from '../../ui/commands.ts';
import { type RowLayout, setPreference } from '../../ui/preferences.ts';
import type { Pair } from './choose-pair.ts';
import { columnsOf } from './columns.ts';
import type { DiffView } from './diff-view.ts';
import { nextSort } from './next-sort.ts';
import { stateWord } from './states.ts';
import type { CompareAddress } from './use-compare-address.ts';
import type { Found } from './use-compare-lists.ts';
import type { Panels } from './use-panels.ts';

interface CompareCommandsOptions {
  readonly pair: Pair;
  readonly view: DiffView;
  readonly layout: RowLayout;
  readonly address: CompareAddress;
  readonly searchInput: RefObject<HTMLInputElement | null>;
  readonly panels: Panels;
  readonly selectAll: () => void;
  readonly found: Found | undefined;
}

const uncertain = [
  ['unverified', 'Hash what is not verified'],
  ['same-probable', 'Hash what is probably the same'],
] as const;

/** Everything the compare view can do, for the palette and the keyboard. */
export function useCompareCommands(options: CompareCommandsOptions): void {
  const { pair, view, layout, address, searchInput, panels, selectAll, found } = options;
  const { mutate: refresh } = useRefreshIndex();
  const { mutate: hash } = useStartHashing();
  const names = { a: pair.a.name, b: pair.b.name };
  const whyNot = (side: 'a' | 'b') =>
    pair[side].state.kind === 'offline' ? `${pair[side].name} is offline` : undefined;
  const showOnly = (state: CompareState) => () => address.setShow({ kind: 'states', states: [state] });

  useCommands([
    {
      id: 'search',
      title: 'Search',
      section: 'Compare',
      keys: '/',
      run: () => {
        searchInput.current?.focus();
        searchInput.current?.select();
      },
    },
    {
      id: 'refresh-both',
      title: `Refresh ${names.a} and ${names.b}`,
      section: 'Compare',
      keys: 'r',
      run: () => {
        for (const location of [pair.a.id, pair.b.id]) refresh({ location });
      },
    },
    ...(['a', 'b'] as const).map((side) => ({
      id: `refresh-${side}`,
      title: `Refresh ${names[side]}`,
      section: 'Compare',
      run: () => refresh({ location: pair[side].id }),
      disabledReason: whyNot(side),
    })),
    ...uncertain.map(([state, title]) => ({
      id: `hash-${state}`,
      title: view.folder === '' ? title : `${title} in ${view.folder}`,
      section: 'Compare',
      run: () => hash({ scope: { kind: 'compare', a: view.a, b: view.b, folder: view.folder, include: [state] } }),
      disabledReason: found?.summary[state].files === 0 ? 'nothing to hash' : (whyNot('a') ?? whyNot('b')),
    })),
    { id: 'select-all', title: 'Select all rows of the filter', section: 'Compare', keys: 'Mod+a', run: selectAll },
    { id: 'tree', title: 'Folder tree', section: 'Compare', keys: 't', run: panels.toggleTree },
    { id: 'details', title: 'Details', section: 'Compare', keys: 'd', run: panels.toggleDetails },
    {
      id: 'layout',
      title: layout === 'panes' ? 'Both sides in one list' : 'A list per side',
      section: 'Compare',
      keys: 'v',
      run: () => address.setLayout(layout === 'panes' ? 'aligned' : 'panes'),
      disabledReason: panels.isNarrow ? 'the window is too narrow' : undefined,
    },
    ...columnsOf(names, view.side).map(({ id, label, sort }) => ({
      id: `sort-${id}`,
      title: `Sort: ${label}`,
      section: 'Sort',
      run: () => address.setSort(view.side, ...nextSort(view, sort)),
    })),
    {
      id: 'usual-columns',
      title: 'Usual column widths',
      section: 'Sort',
      run: () => setPreference('columnWidths', {}),
    },
    { id: 'all-folders', title: 'Show all folders', section: 'Show', run: () => address.setFolder('') },
    {
      id: 'show-differences',
      title: 'Show differences',
      section: 'Show',
      run: () => address.setShow({ kind: 'differences' }),
    },
    { id: 'show-all', title: 'Show all files', section: 'Show', run: () => address.setShow({ kind: 'all' }) },
    { id: 'show-moved', title: 'Show moved files', section: 'Show', run: () => address.setShow({ kind: 'moved' }) },
    ...compareStates.map((state) => ({
      id: `show-${state}`,
      title: `Show: ${stateWord(state, names)}`,
      section: 'Show',
      run: showOnly(state),
    })),
  ]);
}
