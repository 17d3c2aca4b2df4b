import { type Command, useAllCommands } from '../ui/commands.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';

type Lines = readonly (readonly [keys: string, title: string])[];

const inRows: Lines = [
  ['ArrowUp', 'Row above'],
  ['ArrowDown', 'Row below'],
  ['PageUp', 'One screen up'],
  ['PageDown', 'One screen down'],
  ['Home', 'First row'],
  ['End', 'Last row'],
  ['Space', 'Select or deselect the row'],
  ['Shift+ArrowDown', 'Extend the selection'],
  ['Enter', 'Details of the row'],
  ['Shift+F10', 'Menu of the row'],
  ['ArrowRight', 'To the other list'],
  ['Tab', 'Column titles: sort, resize'],
  ['Escape', 'Back: clear selection, search'],
];

const inQueue: Lines = [
  ['Enter', 'Files of the task'],
  ['Alt+ArrowUp', 'Earlier'],
  ['Alt+ArrowDown', 'Later'],
  ['Alt+Home', 'Next of all'],
  ['Delete', 'Cancel the task, or take it out'],
];

/** Their commands are there on every page. */
const everywhere: ReadonlySet<string> = new Set(['Queue', 'Pages', 'Look', 'Help']);

function linesOf(commands: readonly Command[]): Lines {
  return commands.flatMap(({ keys, title }) => (keys === undefined ? [] : [[keys, title] as const]));
}

function Keys({ title, lines }: { readonly title: string; readonly lines: Lines }) {
  if (lines.length === 0) return null;
  return (
    <section className="mb-4 break-inside-avoid">
      <h3 className="pb-1 font-medium text-muted">{title}</h3>
      <dl>
        {lines.map(([keys, what]) => (
          <div key={`${keys} ${what}`} className="flex items-center justify-between gap-4 border-b py-1 last:border-0">
            <dt>{what}</dt>
            <dd>
              <Kbd keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface ShortcutSheetProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ShortcutSheet({ isOpen, onClose }: ShortcutSheetProps) {
  const commands = useAllCommands();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keyboard shortcuts" className="dialog-widest">
      <div className="gap-x-8 pt-3 sm:columns-2 lg:columns-3">
        <Keys title="On this page" lines={linesOf(commands.filter(({ section }) => !everywhere.has(section)))} />
        <Keys title="Everywhere" lines={linesOf(commands.filter(({ section }) => everywhere.has(section)))} />
        <Keys title="In the rows" lines={inRows} />
        <Keys title="In the queue" lines={inQueue} />
      </div>
    </Dialog>
  );
}
