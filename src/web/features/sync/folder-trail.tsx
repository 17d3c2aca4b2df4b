import { ChevronRight, X } from 'lucide-react';
import { IconButton } from '../../ui/button.tsx';
import { visibleName } from '../../ui/visible-name.ts';
import { foldersAbove } from './folder-tree-nodes.ts';

interface FolderTrailProps {
  readonly folder: string;
  readonly onChoose: (folder: string) => void;
}

/** Where the rows are from, when that is not everywhere. */
export function FolderTrail({ folder, onChoose }: FolderTrailProps) {
  if (folder === '') return null;
  return (
    <nav aria-label="Folder shown" className="trail">
      <span className="text-muted">In</span>
      {[...foldersAbove(folder), folder].map((path, index) => (
        <span key={path} className="trail-step">
          {index > 0 && <ChevronRight size={12} aria-hidden className="text-faint" />}
          <button
            type="button"
            className="mono link"
            aria-current={path === folder ? 'location' : undefined}
            onClick={() => onChoose(path)}
          >
            <bdi>{visibleName(path.slice(path.lastIndexOf('/') + 1))}</bdi>
          </button>
        </span>
      ))}
      <IconButton icon={X} label="Show all folders" onClick={() => onChoose('')} />
    </nav>
  );
}
