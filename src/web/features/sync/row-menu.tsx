import { ContextMenu } from '@base-ui/react/context-menu';
import { Copy, Hash, type LucideIcon, PanelRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CompareRow } from '../../../contract/sync.ts';
import type { RowActions } from './row-actions.ts';
import type { SideNames } from './states.ts';

interface RowMenuProps {
  readonly actions: RowActions;
  readonly current: CompareRow | undefined;
  /** Rows the menu acts on. */
  readonly count: number;
  readonly names: SideNames;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}

interface ItemProps {
  readonly icon: LucideIcon;
  readonly children: ReactNode;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function Item({ icon: Icon, children, disabled = false, onClick }: ItemProps) {
  return (
    <ContextMenu.Item className="menu-item" disabled={disabled} onClick={onClick}>
      <Icon size={14} aria-hidden />
      {children}
    </ContextMenu.Item>
  );
}

/** What one can do with the rows under the pointer. A conflict is never resolved from here. */
export function RowMenu({ actions, current, count, names, onOpen, children }: RowMenuProps) {
  const many = count > 1;
  const title = many ? `${count.toLocaleString()} ` : '';
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger className="contents">{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="z-45">
          <ContextMenu.Popup className="popup">
            <Item icon={PanelRight} onClick={onOpen}>
              Details
            </Item>
            <div className="menu-line" role="separator" />
            <Item icon={Copy} disabled={!many && !current?.a} onClick={() => actions.copyPaths('a')}>
              Copy {title}full {many ? 'paths' : 'path'} on {names.a}
            </Item>
            <Item icon={Copy} disabled={!many && !current?.b} onClick={() => actions.copyPaths('b')}>
              Copy {title}full {many ? 'paths' : 'path'} on {names.b}
            </Item>
            <Item icon={Copy} onClick={actions.copyRelPaths}>
              Copy {title}relative {many ? 'paths' : 'path'}
            </Item>
            <div className="menu-line" role="separator" />
            <Item icon={Hash} onClick={actions.hashNow}>
              Hash {many ? `${title}rows ` : ''}now
            </Item>
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
