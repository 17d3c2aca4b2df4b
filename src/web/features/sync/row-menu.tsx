import { ContextMenu } from '@base-ui/react/context-menu';
import { ClipboardCopy, FolderOpen, Hash, PanelRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Location } from '../../../contract/locations.ts';
import type { CompareRow } from '../../../contract/sync.ts';
import { MenuItem } from './menu-item.tsx';
import type { RowActions } from './row-actions.ts';
import type { Side } from './states.ts';
import { TransferItems } from './transfer-items.tsx';
import type { ChosenTransfer, Transfers } from './use-transfers.ts';
import { whyNot } from './why-not.ts';

interface RowMenuProps {
  readonly actions: RowActions;
  readonly current: CompareRow | undefined;
  /** Rows the menu acts on. */
  readonly count: number;
  readonly sides: { readonly a: Location; readonly b: Location };
  readonly chosen: ChosenTransfer;
  readonly transfers: Transfers;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}

interface SideItemsProps extends Pick<RowMenuProps, 'actions' | 'current' | 'sides'> {
  readonly many: string;
}

function OpenItems({ actions, current, sides, many }: SideItemsProps) {
  const open = (side: Side) => {
    const reason = whyNot(sides[side], Boolean(current?.[side]));
    return (
      <MenuItem key={side} icon={FolderOpen} reason={reason} onClick={() => actions.openFolder(side)}>
        Open folder on {sides[side].name}
      </MenuItem>
    );
  };
  return many === '' ? (['a', 'b'] as const).map(open) : null;
}

function CopyItems({ actions, current, sides, many }: SideItemsProps) {
  const paths = many === '' ? 'path' : 'paths';
  return (
    <>
      {(['a', 'b'] as const).map((side) => (
        <MenuItem
          key={side}
          icon={ClipboardCopy}
          reason={many === '' && !current?.[side] ? 'missing there' : null}
          onClick={() => actions.copyPaths(side)}
        >
          Copy {many}full {paths} on {sides[side].name}
        </MenuItem>
      ))}
      <MenuItem icon={ClipboardCopy} onClick={actions.copyRelPaths}>
        Copy {many}relative {paths}
      </MenuItem>
    </>
  );
}

/** What one can do with the rows under the pointer. Nothing here overwrites anything. */
export function RowMenu({ actions, current, count, sides, chosen, transfers, onOpen, children }: RowMenuProps) {
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
            <MenuItem icon={PanelRight} onClick={onOpen}>
              Show details
            </MenuItem>
            <OpenItems {...parts} />
            <div className="menu-line" role="separator" />
            <TransferItems chosen={chosen} sides={sides} transfers={transfers} />
            <div className="menu-line" role="separator" />
            <CopyItems {...parts} />
            <div className="menu-line" role="separator" />
            <MenuItem icon={Hash} reason={isOffline ? 'offline' : null} onClick={actions.hashNow}>
              Hash {many !== '' && `${many}rows `}now
            </MenuItem>
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
