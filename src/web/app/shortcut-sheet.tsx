import { useAllCommands } from '../ui/commands.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';

const inRows: readonly (readonly [string, string])[] = [
  ['ArrowUp', 'Row above'],
  ['ArrowDown', 'Row below'],
  ['PageUp', 'One screen up'],
  ['PageDown', 'One screen down'],
  ['Home', 'First row'],
  ['End', 'Last row'],
  ['Space', 'Select or deselect the row'],
  ['Shift+ArrowDown', 'Extend the selection'],
  ['Mod+a', 'Select all rows of the filter'],
  ['Enter', 'Details of the row'],
  ['Shift+F10', 'Menu of the row'],
  ['ArrowRight', 'To the other list, with a list per side'],
  ['Tab', 'Column titles: sort, then resize'],
  ['Escape', 'Back: clear selection, search'],
];

const inQueue: readonly (readonly [string, string])[] = [
  ['Enter', 'Files of the task'],
  ['Alt+ArrowUp', 'Earlier'],
  ['Alt+ArrowDown', 'Later'],
  ['Alt+Home', 'Next of all'],
  ['Delete', 'Cancel the task, or take it out'],
];

function Line({ keys, title }: { readonly keys: string; readonly title: string }) {
  return (
    <div className="flex items-center justify-between gap-4 border-b py-1 last:border-0">
      <dt>{title}</dt>
      <dd>
        <Kbd keys={keys} />
      </dd>
    </div>
  );
}

interface ShortcutSheetProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ShortcutSheet({ isOpen, onClose }: ShortcutSheetProps) {
  const commands = useAllCommands();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keyboard shortcuts" className="dialog-wide">
      <div className="grid gap-x-8 gap-y-4 pt-3 sm:grid-cols-2">
        <section>
          <h3 className="pb-1 font-medium text-muted">In the rows</h3>
          <dl>
            {inRows.map(([keys, title]) => (
              <Line key={keys} keys={keys} title={title} />
            ))}
          </dl>
          <h3 className="pt-4 pb-1 font-medium text-muted">In the queue</h3>
          <dl>
            {inQueue.map(([keys, title]) => (
              <Line key={keys} keys={keys} title={title} />
            ))}
          </dl>
        </section>
        <section>
          <h3 className="pb-1 font-medium text-muted">Everywhere</h3>
          <dl>{commands.map(({ id, keys, title }) => keys && <Line key={id} keys={keys} title={title} />)}</dl>
        </section>
      </div>
    </Dialog>
  );
}
