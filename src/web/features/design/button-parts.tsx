import { Copy, FolderOpen, RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';

const tones = ['plain', 'primary', 'ghost', 'danger'] as const;

export function ButtonParts() {
  const [isPressed, setPressed] = useState(true);
  return (
    <div className="grid gap-3">
      {tones.map((tone) => (
        <div key={tone} className="design-row">
          <Button tone={tone}>{tone}</Button>
          <Button tone={tone} icon={tone === 'danger' ? Trash2 : RefreshCw}>
            with an icon
          </Button>
          <Button tone={tone} icon={RefreshCw} isBusy>
            busy
          </Button>
          <Button tone={tone} disabled>
            not now
          </Button>
        </div>
      ))}
      <div className="design-row">
        <IconButton icon={Copy} label="Copy the path" keys="c" />
        <IconButton icon={RefreshCw} label="Reading" isBusy />
        <IconButton icon={FolderOpen} label="Lake is offline" disabled />
        <button type="button" className="chip" aria-pressed={isPressed} onClick={() => setPressed(!isPressed)}>
          a chip <span className="chip-count">214</span>
        </button>
        <a className="link" href="#page">
          Where it leads
        </a>
        <Kbd keys="Mod+k" />
        <Kbd keys="g s" />
      </div>
    </div>
  );
}
