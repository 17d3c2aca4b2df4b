import { memo } from 'react';
import { splitTail, visibleName } from './visible-name.ts';

const tailLength = 20;

interface PathTextProps {
  readonly path: string;
  /** Folder that is clear from the context and left out. */
  readonly below?: string;
}

/** A path on one line. Too long, it gives up its folders first, then the middle of its name, never the end. */
export const PathText = memo(function PathText({ path, below = '' }: PathTextProps) {
  const shown = below !== '' && path.startsWith(`${below}/`) ? path.slice(below.length + 1) : path;
  const slash = shown.lastIndexOf('/');
  const [head, tail] = splitTail(visibleName(shown.slice(slash + 1)), tailLength);
  return (
    <bdi className="path-text" data-full={path}>
      {slash > 0 && <span className="path-folders">{visibleName(shown.slice(0, slash))}</span>}
      {slash >= 0 && <span className="path-slash">/</span>}
      {head !== '' && <span className="path-head">{head}</span>}
      <span className="path-tail">{tail}</span>
    </bdi>
  );
});
