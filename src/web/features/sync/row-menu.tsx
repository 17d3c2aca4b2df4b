import { ContextMenu } from '@base-ui/react/context-menu';
import { Copy, FolderOpen, Hash, type LucideIcon, PanelRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Location } from '../../../contract/locations.ts';
import type { CompareRow } from '../../../contract/sync.ts';
import type { RowActions } from './row-actions.ts';
import type { Side } from './states.ts';
import { whyNot } from './why-not.ts';

interface RowMenuProps {
  readonly actions: RowActions;
  readonly current: CompareRow | undefined;
  /** Rows the menu acts on. */
  readonly count: number;
  readonly sides: { readonly a: Location; readonly b: Location };
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

interface SideItemsProps extends Pick<RowMenuProps, 'actions' | 'current' | 'sides'> {
  readonly many: string;
}

function OpenItems({ actions, current, sides, many }: SideItemsProps) {
  const open = (side: Side) => {
    const reason = whyNot(sides[side], Boolean(current?.[side]));
    return (
      <Item key={side} icon={FolderOpen} disabled={reason !== null} onClick={() => actions.openFolder(side)}>
        Open folder on {sides[side].name} {reason && <span className="menu-reason">{reason}</span>}
      </Item>
    );
  };
  return many === '' ? (['a', 'b'] as const).map(open) : null;
}

function CopyItems({ actions, current, sides, many }: SideItemsProps) {
  const paths = many === '' ? 'path' : 'paths';
  return (
    <>
      {(['a', 'b'] as const).map((side) => (
        <Item key={side} icon={Copy} disabled={many === '' && !current?.[side]} onClick={() => actions.copyPaths(side)}>
          Copy {many}full {paths} on {sides[side].name}
        </Item>
      ))}
      <Item icon={Copy} onClick={actions.copyRelPaths}>
        Copy {many}relative {paths}
      </Item>
    </>
  );
}

/** What one can do with the rows under the pointer. A conflict is never resolved from here. */
export function RowMenu({ actions, current, count, sides, onOpen, children }: RowMenuProps) {
  const many = count > 1 ? `${count.toLocaleString()} ` : '';
  const parts = { actions, current, sides, many };
  const isOffline = [sides.a, sides.b].some(
    ({ state }, place) => state.kind === 'offline' && (many !== '' || current?.[place === 0 ? 'a' : 'b']),
  );
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger className="contents">{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="z-45">
          <ContextMenu.Popup className="popup">
            <Item icon={PanelRight} onClick={onOpen}>
              Show details
            </Item>
            <OpenItems {...parts} />
            <div className="menu-line" role="separator" />
            <CopyItems {...parts} />
            <div className="menu-line" role="separator" />
            <Item icon={Hash} disabled={isOffline} onClick={actions.hashNow}>
              Hash {many !== '' && `${many}rows `}now {isOffline && <span className="menu-reason">offline</span>}
            </Item>
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
