import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { Button, IconButton } from './button.tsx';
import { classes } from './classes.ts';

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** A form starts at its first field, a question at its harmless answer, a text at its beginning. */
const firstChoice = 'input:enabled, select:enabled, textarea:enabled, [data-first]';

export function Dialog({ isOpen, onClose, title, description, children, actions, className }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  const find = (selector: string) => popup.current?.querySelector<HTMLElement>(selector);
  const initialFocus = () => find('[data-start]') ?? find(firstChoice) ?? popup.current;
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup ref={popup} initialFocus={initialFocus} className={classes('dialog', className)}>
          <div className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close render={<IconButton icon={X} label="Close" keys="Escape" />} />
          </div>
          {description && <Base.Description className="dialog-description">{description}</Base.Description>}
          {children}
          {actions && <div className="dialog-actions">{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface ConfirmDialogProps extends Omit<DialogProps, 'actions'> {
  /** Verb and number: "Forget 48,120 files". */
  readonly confirmLabel: string;
  readonly tone?: 'primary' | 'danger';
  readonly isBusy?: boolean;
  readonly onConfirm: () => void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { confirmLabel, tone = 'primary', isBusy = false, onConfirm, ...dialog } = props;
  return (
    <Dialog
      {...dialog}
      actions={
        <>
          <Button data-first onClick={dialog.onClose}>
            Cancel
          </Button>
          <Button tone={tone} isBusy={isBusy} disabled={isBusy} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </>
      }
    />
  );
}
