import { Segmented } from '../../ui/segmented.tsx';

const panes = ['list', 'group', 'rules'] as const;
export type Pane = (typeof panes)[number];

const words = { list: 'Groups', group: 'Group', rules: 'Rules and sum' } as const;

/** Where there is no room for three parts beside each other. */
export function PaneSwitch({ pane, onChange }: { readonly pane: Pane; readonly onChange: (pane: Pane) => void }) {
  return (
    <div className="pane-switch">
      <Segmented label="Show" options={panes} words={words} value={pane} onChange={onChange} />
    </div>
  );
}
