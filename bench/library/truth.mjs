import { posix } from 'node:path';

/** What every program that reads the library must find; worked out from the plan, never from the disk. */
export function truthOf(local, lake) {
  const onLake = new Map(lake.map((file) => [file.relPath, file]));
  const onLocal = new Set(local.map(({ relPath }) => relPath));
  const pairs = local.map((a) => [a, onLake.get(a.relPath) ?? null]);
  const lakeOnly = lake.filter(({ relPath }) => !onLocal.has(relPath));
  return {
    local: { ...totals(local), duplicates: duplicatesOf(local) },
    lake: { ...totals(lake), duplicates: duplicatesOf(lake) },
    compareByTime: summarise(pairs, lakeOnly, stateByTime),
    compareByContent: summarise(pairs, lakeOnly, stateByContent),
    moved: countMoved(
      pairs.filter(([, b]) => b === null).map(([a]) => a),
      lakeOnly,
    ),
    sizeDiffers: count(pairs, ([a, b]) => b !== null && a.size !== b.size),
    sizeOrTimeDiffers: count(pairs, ([a, b]) => b !== null && (a.size !== b.size || a.mtime !== b.mtime)),
    sameSizeAndTimeConflicts: count(
      pairs,
      ([a, b]) => b !== null && a.content.id !== b.content.id && a.size === b.size && a.mtime === b.mtime,
    ),
    contentDiffers: count(pairs, ([a, b]) => b !== null && a.content.id !== b.content.id),
  };
}

function totals(files) {
  const folders = new Set();
  for (const { relPath } of files) {
    for (let folder = posix.dirname(relPath); folder !== '.'; folder = posix.dirname(folder)) folders.add(folder);
  }
  return { files: files.length, folders: folders.size + 1, bytes: sumSizes(files) };
}

/** Contents that several files hold. Names of one file (hard links) count as one, empty files not at all. */
function duplicatesOf(files) {
  const copies = new Map();
  for (const { content, linkTo } of files) {
    if (content.size > 0 && linkTo === undefined) copies.set(content.id, (copies.get(content.id) ?? 0) + 1);
  }
  const several = [...copies.values()].filter((count) => count > 1);
  return { groups: several.length, redundantFiles: several.reduce((sum, count) => sum + count - 1, 0) };
}

const sumSizes = (files) => files.reduce((sum, { size }) => sum + size, 0);
const count = (list, test) => list.reduce((sum, item) => sum + (test(item) ? 1 : 0), 0);

function summarise(pairs, lakeOnly, stateOf) {
  const summary = {};
  const add = (state, { size }) => {
    summary[state] ??= { files: 0, bytes: 0 };
    summary[state].files += 1;
    summary[state].bytes += size;
  };
  for (const [a, b] of pairs) add(b === null ? 'only-a' : stateOf(a, b), a);
  for (const file of lakeOnly) add('only-b', file);
  return summary;
}

/** Nothing hashed yet: times within two seconds count as equal. */
function stateByTime(a, b) {
  if (a.size !== b.size) return 'conflict';
  return Math.abs(a.mtime - b.mtime) <= 2 ? 'same-probable' : 'unverified';
}

function stateByContent(a, b) {
  return a.content.id === b.content.id ? 'same-verified' : 'conflict';
}

/** Pairs of lone files with one content; empty ones only when they have one name. */
function countMoved(localOnly, lakeOnly) {
  const keyOf = ({ relPath, size, content }) => (size === 0 ? `empty ${posix.basename(relPath)}` : content.id);
  const left = new Map();
  for (const file of lakeOnly) left.set(keyOf(file), (left.get(keyOf(file)) ?? 0) + 1);
  return count(localOnly, (file) => {
    const there = left.get(keyOf(file)) ?? 0;
    left.set(keyOf(file), there - 1);
    return there > 0;
  });
}
