import { ContextMenu } from '@base-ui/react/context-menu';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Kbd } from '../../ui/kbd.tsx';

interface MenuItemProps {
  readonly icon: LucideIcon;
  readonly children: ReactNode;
  readonly keys?: string;
  /** Why it cannot be chosen; null: it can. */
  readonly reason?: string | null;
  readonly onClick: () => void;
}

/** One thing one can do, or the reason why not. */
export function MenuItem({ icon: Icon, children, keys, reason = null, onClick }: MenuItemProps) {
  return (
    <ContextMenu.Item className="menu-item" disabled={reason !== null} onClick={onClick}>
      <Icon size={14} aria-hidden />
      <span className="menu-text">
        {children}
        {reason !== null && <span className="menu-reason">{reason}</span>}
      </span>
      {keys && reason === null && <Kbd keys={keys} />}
    </ContextMenu.Item>
  );
}
