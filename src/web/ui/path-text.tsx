import { memo, type ReactElement } from 'react';
import { hasRoom, splitTail, visibleName } from './visible-name.ts';

const tailLength = 20;

/** Width of a character of `--font-mono` at the 12 px of a path, with what the browser may round up. */
export const pathLetterWidth = 7.25;

interface PathTextProps {
  readonly path: string;
  /** Folder that is clear from the context and left out. */
  readonly below?: string;
  /** So many characters are known to have room. Such a path is one line of text, which is drawn in half the time. */
  readonly room?: number;
}

/** A path on one line. Too long, it gives up its folders first, then the middle of its name, never the end. */
export function pathText({ path, below = '', room = 0 }: PathTextProps): ReactElement {
  const shown = below !== '' && path.startsWith(`${below}/`) ? path.slice(below.length + 1) : path;
  const slash = shown.lastIndexOf('/');
  if (hasRoom(shown, room)) {
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
