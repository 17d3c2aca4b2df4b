import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createContents, writeContent } from './contents.mjs';
import { planLake } from './plan-lake.mjs';
import { planLocal } from './plan-local.mjs';
import { createRandom } from './random.mjs';
import { truthOf } from './truth.mjs';

/** Raised with every change of what the generator makes, so that old libraries are not used any more. */
const generation = 2;

/**
 * A pair of folders `local` and `lake` with the truth about them, made once and kept in the cache folder. The same
 * profile gives the same bytes, names and times on every machine.
 */
export function provideLibrary(cacheFolder, profile, say) {
  const folder = join(cacheFolder, `library-${profile.name}-${generation}`);
  const truthFile = join(folder, 'truth.json');
  if (!existsSync(truthFile)) {
    say(`Making library ${profile.name} (${profile.files.toLocaleString('en')} files a side) in ${folder} …`);
    rmSync(folder, { recursive: true, force: true });
    makeLibrary(folder, profile, truthFile);
  }
  return {
    profile,
    local: join(folder, 'local'),
    lake: join(folder, 'lake'),
    truth: JSON.parse(readFileSync(truthFile, 'utf8')),
    /** `[relPath, size]` of every file of a side. */
    files: (side) => JSON.parse(readFileSync(join(folder, `${side}.json`), 'utf8')),
  };
}

function makeLibrary(folder, profile, truthFile) {
  const contents = createContents();
  const plan = planLocal(profile, createRandom(`local ${profile.name}`), contents);
  const lake = profile.hasLake === false ? [] : planLake(plan, profile, createRandom(`lake ${profile.name}`), contents);
  const sides = { local: plan.files, lake };
  const writes = Object.entries(sides).flatMap(([side, files]) =>
    files.map((file) => ({ root: join(folder, side), file })),
  );
  const made = new Set();
  const pathOf = ({ root, file }) => {
    const path = join(root, file.relPath);
    const parent = dirname(path);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    return path;
  };
  // In any order, so that neighbours in a folder are not neighbours on the disk: as in a library that grew.
  const inAnyOrder = createRandom('order').shuffle(writes.filter(({ file }) => file.linkTo === undefined));
  for (const write of inAnyOrder) writeContent(pathOf(write), write.file, profile.filling);
  for (const write of writes) {
    if (write.file.linkTo !== undefined) linkSync(join(write.root, write.file.linkTo), pathOf(write));
  }
  for (const [side, files] of Object.entries(sides)) {
    writeFileSync(join(folder, `${side}.json`), JSON.stringify(files.map(({ relPath, size }) => [relPath, size])));
  }
  // Last: without it the library counts as unfinished.
  writeFileSync(truthFile, `${JSON.stringify(truthOf(plan.files, lake), null, 2)}\n`);
}

/** Large files of full bytes in a folder of their own. */
export function provideBigFiles(cacheFolder, { count, size }, say) {
  const root = join(cacheFolder, `big-${count}x${size}-${generation}`);
  const marker = `${root}.done`;
  const names = Array.from({ length: count }, (_, i) => `big-${i + 1}.safetensors`);
  if (!existsSync(marker)) {
    say(`Writing ${count} files of ${size / 1024 ** 2} MiB …`);
    mkdirSync(root, { recursive: true });
    const contents = createContents();
    const kind = { extension: '.safetensors' };
    for (const name of names)
      writeContent(join(root, name), { content: contents.fresh(size), kind, mtime: 1_700_000_000 }, 'full');
    writeFileSync(marker, '');
  }
  return { root, relPaths: names, bytes: count * size };
}
