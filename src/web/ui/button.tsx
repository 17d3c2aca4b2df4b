import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classes } from './classes.ts';

type Tone = 'plain' | 'primary' | 'ghost' | 'danger';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** In a dialog: has the focus first. */
  readonly 'data-first'?: boolean;
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
  readonly isBusy?: boolean;
  readonly children: ReactNode;
}

export function Button({ tone = 'plain', icon: Icon, isBusy = false, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={classes('button', `button-${tone}`, className)} aria-busy={isBusy} {...rest}>
      {Icon && <Icon size={14} aria-hidden className={classes(isBusy && 'spin')} />}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  /** Read aloud and shown as tooltip. */
  readonly label: string;
  readonly keys?: string;
  readonly isBusy?: boolean;
}

export function IconButton({ icon: Icon, label, keys, isBusy = false, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={classes('icon-button', className)}
      aria-label={label}
      data-tip={label}
      data-tip-keys={keys}
      {...rest}
    >
      <Icon size={15} aria-hidden className={classes(isBusy && 'spin')} />
    </button>
  );
}
