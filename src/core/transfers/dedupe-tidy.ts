import { asideOf, discard, leftAside, putBack, removeAside, replacementOf } from './dedupe-aside.ts';
import { changedMeanwhile, openInPlace } from './dedupe-member.ts';
import type { CopyTools } from './fill-copy.ts';
import type { OpenPlace } from './open-place.ts';
import { readHash } from './read-hash.ts';
import { isSameBytes } from './stream-content.ts';

/**
 * A task was ended in the middle of a replacement: the file that was moved aside gets its name back. Where its replacement
 * has the name already, that stays, and what was moved aside goes if its content is there.
 */
export function tidyAside(place: OpenPlace, tag: string, tools: CopyTools): void {
  discard(replacementOf(place, tag));
  const aside = asideOf(place, tag);
  if (putBack(place, aside) !== 'taken') return;
  if (!isSameContentNow(place, aside, tools)) throw leftAside(place, aside, null);
  removeAside(aside);
}

function isSameContentNow(place: OpenPlace, aside: OpenPlace, { places, context }: CopyTools): boolean {
  const { side, folder, name } = place;
  const named = side(() => folder.lstat(name)).kind === 'link' ? places.followLink(place) : place;
  const hashes = [named, aside].map((at) => {
    const stat = at.side(() => at.folder.lstat(at.name));
    const member = openInPlace(at, stat);
    try {
      if (at === named && at.side(() => member.file.sync()) !== 'durable') throw changedMeanwhile(place);
      return readHash({ file: member.file, side: at.side, context, relPath: at.relPath });
    } finally {
      member.close();
    }
  });
  const [one, other] = hashes;
  return one !== undefined && other !== undefined && isSameBytes(one, other);
}
