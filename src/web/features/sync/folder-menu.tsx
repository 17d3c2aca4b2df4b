import { ContextMenu } from '@base-ui/react/context-menu';
import { FolderSync } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { FolderNode } from '../../../contract/sync.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import type { Pair } from './choose-pair.ts';
import type { FolderAct } from './folder-tree.tsx';
import { MenuItem } from './menu-item.tsx';
import { TransferItems } from './transfer-items.tsx';
import { whyNotOf } from './transfer-target.ts';
import { whyNoMirror } from './use-transfer-commands.ts';
import type { Transfers } from './use-transfers.ts';

interface FolderMenuProps {
  readonly sides: Pair;
  readonly transfers: Transfers;
  readonly children: (onAct: (act: FolderAct, node: FolderNode) => void) => ReactNode;
}

/** What one can do with a folder and everything in it. */
export function FolderMenu({ sides, transfers, children }: FolderMenuProps) {
  const [node, setNode] = useState<FolderNode | null>(null);
  const target = node && ({ kind: 'folder', node } as const);
  const { onAct } = useHandlers({
    onAct: (act: FolderAct, of: FolderNode) => {
      const meant = { kind: 'folder', node: of } as const;
      if (act === 'menu') setNode(of);
      else if (act === 'mirror') transfers.mirror(of.path);
      else if (act === 'copy') transfers.copyOver(meant);
      else if (act === 'delete') transfers.remove(meant);
      else transfers.copy(meant, act === 'copy-a' ? 'a' : 'b');
    },
  });
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger className="contents">{children(onAct)}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="z-45">
          <ContextMenu.Popup className="popup">
            {target && (
              <>
                <TransferItems chosen={{ target, why: whyNotOf(target, sides) }} sides={sides} transfers={transfers} />
                <div className="menu-line" role="separator" />
                <MenuItem
                  icon={FolderSync}
                  keys="m"
                  reason={whyNoMirror(sides)}
                  onClick={() => transfers.mirror(target.node.path)}
                >
                  Mirror {target.node.path === '' ? 'everything' : 'this folder'} …
                </MenuItem>
              </>
            )}
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
