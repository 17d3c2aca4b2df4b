import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { type Command as AppCommand, useAllCommands } from '../ui/commands.ts';
import { Kbd } from '../ui/kbd.tsx';
import { commandScore } from './command-score.ts';

interface PaletteProps {
  readonly onClose: () => void;
}

/** The page's own commands first. */
const lastSections = ['Queue', 'Pages', 'Look', 'Help'];

function bySection(commands: readonly AppCommand[]): readonly (readonly [string, readonly AppCommand[]])[] {
  const sections = [...new Set(commands.map((command) => command.section))].sort(
    (one, other) => lastSections.indexOf(one) - lastSections.indexOf(other),
  );
  return sections.map((section) => [section, commands.filter((command) => command.section === section)]);
}

/** Every command by name. */
export function Palette({ onClose }: PaletteProps) {
  const commands = useAllCommands().filter((command) => command.id !== 'palette');
  const runAndClose = (command: AppCommand) => {
    onClose();
    command.run();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="dialog palette" aria-label="All commands">
          <Command label="All commands" loop filter={commandScore}>
            <Command.Input className="palette-input" placeholder="Type what you want to do" />
            <Command.List className="palette-list">
              <Command.Empty className="menu-item text-muted">No command is called that.</Command.Empty>
              {bySection(commands).map(([section, members]) => (
                <Command.Group key={section} heading={section}>
                  {members.map((command) => (
                    <Command.Item
                      key={command.id}
                      value={`${command.title} ${command.id}`}
                      disabled={command.disabledReason !== undefined}
                      onSelect={() => runAndClose(command)}
                      className="menu-item"
                    >
                      {command.title}
                      {command.disabledReason && <span className="text-faint">{command.disabledReason}</span>}
                      {command.keys && <Kbd keys={command.keys} />}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
