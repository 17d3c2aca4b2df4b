import { memo, type ReactElement } from 'react';
import { splitTail, visibleName } from './visible-name.ts';

const tailLength = 20;

interface PathTextProps {
  readonly path: string;
  /** Folder that is clear from the context and left out. */
  readonly below?: string;
  /** It is known to have room: see `hasRoom`. It is one text then, which is drawn in half the time. */
  readonly isWhole?: boolean;
}

/** A path as it is shown in a list of what lies below a folder. */
export function pathBelow(path: string, below: string): string {
  return below !== '' && path.startsWith(`${below}/`) ? path.slice(below.length + 1) : path;
}

/** A path on one line. Too long, it gives up its folders first, then the middle of its name, never the end. */
export function pathText({ path, below = '', isWhole = false }: PathTextProps): ReactElement {
  const shown = pathBelow(path, below);
  const slash = shown.lastIndexOf('/');
  if (isWhole) {
    return (
      <span className="path-text path-whole">
        {slash >= 0 && <span className="path-slash">{shown.slice(0, slash + 1)}</span>}
        {shown.slice(slash + 1)}
      </span>
    );
  }
  const [head, tail] = splitTail(visibleName(shown.slice(slash + 1)), tailLength);
  return (
    <bdi className="path-text">
      {slash > 0 && <span className="path-folders">{visibleName(shown.slice(0, slash))}</span>}
      {slash >= 0 && <span className="path-slash">/</span>}
      {head !== '' && <span className="path-head">{head}</span>}
      <span className="path-tail">{tail}</span>
    </bdi>
  );
}

/** The same as an element of its own, for lists that are not drawn on every key. */
export const PathText = memo(pathText);
