import { Menu } from '@base-ui/react/menu';
import { Copy, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { noticeDone, noticeFailure } from '../../ui/notices.ts';

function SampleMenu() {
  return (
    <Menu.Root>
      <Menu.Trigger render={<Button>Open a menu</Button>} />
      <Menu.Portal>
        <Menu.Positioner className="z-45" align="start" sideOffset={4}>
          <Menu.Popup className="popup">
            <Menu.Item className="menu-item">
              <Copy size={14} aria-hidden />
              Copy the path <Kbd keys="c" />
            </Menu.Item>
            <div className="menu-line" role="separator" />
            <Menu.Item className="menu-item" disabled>
              <FolderOpen size={14} aria-hidden />
              Open folder on Lake <span className="text-faint">offline</span>
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

type Shown = 'none' | 'text' | 'question';

export function OverlayParts() {
  const [shown, setShown] = useState<Shown>('none');
  const close = () => setShown('none');
  return (
    <div className="design-row">
      <Button onClick={() => setShown('text')}>Open a dialog</Button>
      <Button onClick={() => setShown('question')}>Ask a question</Button>
      <SampleMenu />
      <Button onClick={() => noticeDone('31 files hashed.')}>Say what is done</Button>
      <Button
        onClick={() =>
          noticeFailure({ message: 'Lake does not answer.', hint: 'Check that the share is connected and awake.' })
        }
      >
        Say what failed
      </Button>
      <Button data-tip="What it does, in a few words" data-tip-keys="g d">
        Point here for a tip
      </Button>
      <Dialog
        isOpen={shown === 'text'}
        onClose={close}
        title="A dialog"
        description="It has the focus until it is closed, by its button, by Escape or by a click beside it."
        actions={<Button onClick={close}>Close</Button>}
      />
      <ConfirmDialog
        isOpen={shown === 'question'}
        onClose={close}
        onConfirm={close}
        tone="danger"
        title="Are 214 files really gone from Lake?"
        description="The harmless answer has the focus. The other carries the verb and the number."
        confirmLabel="Forget 214 files"
      />
    </div>
  );
}
