import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface BannerProps {
  readonly tone: 'note' | 'warning' | 'failed';
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** Says what is wrong with a part of the page and what can be done, for as long as it is so. */
export function Banner({ tone, icon: Icon, title, children, actions }: BannerProps) {
  return (
    <div className="banner" data-tone={tone} role={tone === 'note' ? 'status' : 'alert'}>
      <Icon size={16} aria-hidden className="banner-icon" />
      <p className="banner-text">
        <strong>{title}</strong> {children}
      </p>
      {actions && <div className="banner-actions">{actions}</div>}
    </div>
  );
}
