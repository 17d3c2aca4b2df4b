import { Menu } from '@base-ui/react/menu';
import { Copy, Ellipsis, FolderHeart, FolderOpen, type LucideIcon, Plus, ShieldCheck } from 'lucide-react';
import type { DedupeRule } from '../../../contract/dedupe.ts';
import { useOpenFolder } from '../../api/actions.ts';
import { IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { type DedupeFile, folderOf } from './group-files.ts';

interface CopyMenuProps {
  readonly file: DedupeFile;
  readonly number: number;
  /** Name of its location. */
  readonly place: string;
  readonly isKept: boolean;
  readonly isReadOnly: boolean;
  readonly onToggle: () => void;
  readonly onRule: (rule: DedupeRule) => void;
}

interface ItemProps {
  readonly icon: LucideIcon;
  readonly text: string;
  readonly isDisabled?: boolean;
  readonly onChoose: () => void;
}

function Item({ icon: Icon, text, isDisabled = false, onChoose }: ItemProps) {
  return (
    <Menu.Item className="menu-item" disabled={isDisabled} onClick={onChoose}>
      <Icon size={14} aria-hidden className="flex-none" />
      <span className="truncate">{text}</span>
    </Menu.Item>
  );
}

/** What else can be done with one copy. */
export function CopyMenu({ file, number, place, isKept, isReadOnly, onToggle, onRule }: CopyMenuProps) {
  const open = useOpenFolder();
  const { location, relPath } = file;
  const folder = folderOf(relPath);
  const where = folder === '' ? `all of ${place}` : `${visibleName(folder)} on ${place}`;
  const isFolder = { location, folder };
  return (
    <Menu.Root>
      <Menu.Trigger render={<IconButton icon={Ellipsis} label={`More about copy ${number}`} className="copy-more" />} />
      <Menu.Portal>
        <Menu.Positioner className="z-45" align="end" sideOffset={4}>
          <Menu.Popup className="popup">
            <Item icon={Plus} text={isKept ? 'Let it go' : 'Keep it too'} isDisabled={isReadOnly} onChoose={onToggle} />
            <div className="menu-line" role="separator" />
            <Item
              icon={FolderHeart}
              text={`Rule: prefer ${where}`}
              isDisabled={isReadOnly}
              onChoose={() => onRule({ kind: 'prefer', ...isFolder })}
            />
            <Item
              icon={ShieldCheck}
              text={`Rule: protect ${where}`}
              isDisabled={isReadOnly}
              onChoose={() => onRule({ kind: 'protect', ...isFolder })}
            />
            <div className="menu-line" role="separator" />
            <Item icon={Copy} text="Copy its path" onChoose={() => void copyText(relPath, 'Path')} />
            <Item
              icon={FolderOpen}
              text="Open its folder"
              onChoose={() => open.mutate({ location, relPath: folder })}
            />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
