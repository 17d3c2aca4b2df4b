import { posix } from 'node:path';
import { someTime } from './plan-local.mjs';
import { inventName } from './vocabulary.mjs';

/**
 * The lake: the local side after a year of its own life. Of the local files 15 % are missing; 1.5 % have other bytes of
 * the same size, half of them with the same time; 1.5 % have another size; 2 % were moved; 3 % have another time.
 * A further 12 % exist here alone.
 */
export function planLake({ files, originals, names }, profile, random, contents) {
  const derived = files.flatMap((file) => deriveFile(file, random, contents));
  return [...derived, ...planExtras(originals, names, profile, random, contents)];
}

function deriveFile({ relPath, kind, size, mtime, content }, random, contents) {
  const same = { relPath, kind, size, mtime, content };
  const dice = random.next();
  if (dice < 0.15) return [];
  if (dice < 0.165 && size > 0) {
    const changed = contents.marked(content, Math.floor(size / 3));
    return [{ ...same, content: changed, mtime: random.chance(0.5) ? mtime : mtime + 86_400 }];
  }
  if (dice < 0.18) {
    const other = Math.max(1, size + (random.chance(0.5) ? -Math.ceil(size * 0.3) : Math.ceil(size * 0.1) + 1));
    const month = 30 * 86_400 * (random.chance(0.5) ? 1 : -1);
    return [{ ...same, size: other, content: contents.fresh(other), mtime: mtime + month }];
  }
  if (dice < 0.2) return [{ ...same, relPath: `${posix.dirname(relPath)}/_moved/${posix.basename(relPath)}` }];
  if (dice < 0.23) return [{ ...same, mtime: mtime + random.pick([1, 2, 3600, -3600, 5]) }];
  return [same];
}

function planExtras(originals, names, profile, random, contents) {
  let bytesLeft = profile.bytes === null ? Number.POSITIVE_INFINITY : profile.bytes * 0.1;
  const extras = [];
  for (let i = 0; i < Math.round(profile.files * 0.12); i += 1) {
    const { relPath, kind, size: like } = random.pick(originals);
    const size = Math.max(97, like + 1);
    if (size > bytesLeft) continue;
    bytesLeft -= size;
    const path = names.claim(posix.dirname(relPath), inventName(kind.name, random), kind.extension);
    extras.push({ relPath: path, kind, size, mtime: someTime(random), content: contents.fresh(size) });
  }
  return extras;
}
