import { posix } from 'node:path';
import { inventName, inventSubfolder, kinds } from './vocabulary.mjs';

const KiB = 1024;
const MiB = 1024 ** 2;
const startOf2023 = Date.UTC(2023, 0, 1) / 1000;
const largestModel = 24 * 1024 ** 3;
const smallKinds = new Set(['embedding', 'old embedding', 'civitai info', 'preview', 'metadata', 'note']);

export const someTime = (random) => startOf2023 + random.below(90_000_000);

/**
 * The local side: models with sidecars, duplicates under other names, hard links, empty files, and pairs of equal size
 * that differ by one bit in the middle, which sampled hashes and size checks take for the same.
 *
 * A file is `{relPath, kind, size, mtime, content, linkTo?}`; `content` is `{id, size, base, marks}`: the bytes of
 * stream `base` with each mark written over them. Equal ids mean equal bytes, and the other way round.
 */
export function planLocal(profile, random, contents) {
  const names = createNameBook();
  const originals = planOriginals(profile, random, names);
  giveSizes(originals, profile, random);
  for (const file of originals) file.content = contents.fresh(file.size);
  emptySome(originals, profile, random, contents);
  const lookalikes = planLookalikes(profile, random, names, contents);
  const files = [...originals, ...lookalikes];
  const copies = planCopies(originals, profile, random, names);
  const links = planHardLinks(originals, profile, random, names);
  return { files: [...files, ...copies, ...links], originals, names };
}

/** Hands out paths that are unique even where letter case does not count. */
export function createNameBook() {
  const taken = new Set();
  return {
    claim(folder, name, extension) {
      let relPath = `${folder}/${name}${extension}`;
      for (let n = 2; taken.has(relPath.toLowerCase()); n += 1) relPath = `${folder}/${name}-${n}${extension}`;
      taken.add(relPath.toLowerCase());
      return relPath;
    },
  };
}

const copyCount = ({ files }) => Math.round(files * 0.08);
const linkCount = ({ files }) => Math.round(files * 0.01);
const lookalikePairs = ({ files }) => Math.max(6, Math.round(files * 0.004));

function planOriginals(profile, random, names) {
  const count = profile.files - copyCount(profile) - linkCount(profile) - 2 * lookalikePairs(profile);
  const isLarge = profile.files > 50_000;
  const files = [];
  let model = null;
  for (let i = 0; i < count; i += 1) {
    let kind = drawKind(random);
    if (kind.folders === null && model === null) kind = kinds[0];
    let place = model;
    if (kind.folders !== null) {
      const folder = random.pick(kind.folders) + (isLarge ? inventSubfolder(random) : '');
      place = { folder, name: inventName(kind.name, random) };
      model = place;
    } else if (random.chance(0.15)) place = { ...model, name: inventName('lora', random) };
    files.push({ relPath: names.claim(place.folder, place.name, kind.extension), kind, mtime: someTime(random) });
  }
  return files;
}

const totalShare = kinds.reduce((sum, { share }) => sum + share, 0);

function drawKind(random) {
  let left = random.next() * totalShare;
  for (const kind of kinds) {
    left -= kind.share;
    if (left < 0) return kind;
  }
  return kinds[0];
}

/** Sidecars keep their true size; models shrink together until the library has the bytes of its profile. */
function giveSizes(files, profile, random) {
  if (profile.filling === 'tiny') {
    for (const file of files) file.size = 64 + random.below(64 * KiB - 64);
    return;
  }
  const small = files.filter(({ kind }) => smallKinds.has(kind.name));
  const models = files.filter(({ kind }) => !smallKinds.has(kind.name));
  const natural = ({ kind }) => Math.min(largestModel, random.logNormal(kind.medianMiB * MiB, kind.spread));
  for (const file of small) file.size = Math.max(96, Math.round(natural(file) * (profile.files < 1000 ? 0.05 : 0.35)));
  const wanted = models.map(natural);
  const used = small.reduce((sum, { size }) => sum + size, 0) + bytesOfLookalikes(profile);
  const room = Math.max(profile.bytes * 0.9 - used, profile.bytes * 0.3);
  const scale = room / wanted.reduce((sum, size) => sum + size, 0);
  for (const [i, file] of models.entries()) file.size = Math.max(4096 + (i % 613), Math.round(wanted[i] * scale));
}

/** Downloads that never started. */
function emptySome(files, profile, random, contents) {
  for (let i = 0; i < Math.max(2, Math.round(profile.files * 0.0005)); i += 1) {
    const file = random.pick(files);
    file.size = 0;
    file.content = contents.empty;
  }
}

/** Larger than the three samples of 5 MiB that quick hashes take, where the profile has room for that. */
function lookalikeSize(profile, i) {
  if (profile.filling === 'tiny') return 2048 + (i % 1500);
  return profile.files < 1000 ? 96 * KiB + i * 64 : [24, 12, 16, 20][i % 4] * MiB + i * 512;
}

function bytesOfLookalikes(profile) {
  let bytes = 0;
  for (let i = 0; i < lookalikePairs(profile); i += 1) bytes += 2 * lookalikeSize(profile, i);
  return profile.filling === 'full' ? bytes : 0;
}

function planLookalikes(profile, random, names, contents) {
  const lora = kinds[0];
  return Array.from({ length: lookalikePairs(profile) }, (_, i) => {
    const size = lookalikeSize(profile, i);
    const content = contents.fresh(size);
    const offset = [0.5, 0.4, 0.3, 0.6][i % 4] * size;
    const mtime = someTime(random);
    return [content, contents.marked(content, Math.floor(offset), 1)].map((one, side) => ({
      relPath: names.claim(random.pick(lora.folders), inventName('lora', random), lora.extension),
      kind: lora,
      size,
      mtime: side === 1 && i % 3 === 0 ? someTime(random) : mtime,
      content: one,
    }));
  }).flat();
}

function planCopies(originals, profile, random, names) {
  const wanted = copyCount(profile);
  let bytesLeft = profile.bytes === null ? Number.POSITIVE_INFINITY : profile.bytes * 0.085;
  const candidates = originals.filter(
    ({ size, kind }) => size > 0 && (profile.filling === 'tiny' || kind.folders !== null),
  );
  const copies = [];
  for (let tries = 0; copies.length < wanted && tries < wanted * 50; tries += 1) {
    const source = random.pick(candidates);
    const count = random.chance(0.85) ? 1 : 1 + random.below(4);
    for (let k = 0; k < count && copies.length < wanted && source.size <= bytesLeft; k += 1) {
      bytesLeft -= source.size;
      copies.push(planCopy(source, random, names));
    }
  }
  return copies;
}

function planCopy(source, random, names) {
  const { kind, size, content } = source;
  const folders = kind.folders ?? kinds[0].folders;
  const folder = random.chance(0.7)
    ? random.pick(folders) + (random.chance(0.3) ? '/backup' : '')
    : posix.dirname(source.relPath);
  const ownName = posix.basename(source.relPath).slice(0, -kind.extension.length);
  const name = random.chance(0.5)
    ? ownName + random.pick([' (1)', ' - Copy', '_copy', '_old'])
    : inventName(kind.name, random);
  const mtime = random.chance(0.3) ? source.mtime : someTime(random);
  return { relPath: names.claim(folder, name, kind.extension), kind, size, mtime, content };
}

function planHardLinks(originals, profile, random, names) {
  return Array.from({ length: linkCount(profile) }, () => {
    let source = random.pick(originals);
    while (source.size === 0) source = random.pick(originals);
    const { kind, size, mtime, content } = source;
    const folder = random.pick(kind.folders ?? kinds[0].folders);
    const relPath = names.claim(folder, inventName(kind.name, random), kind.extension);
    return { relPath, kind, size, mtime, content, linkTo: source.relPath };
  });
}
