import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileNamed, tinyProfile } from './library/profiles.mjs';
import { provideBigFiles, provideLibrary } from './library/provide.mjs';
import { findPeers, packageOf } from './peers.mjs';
import { checkCompare } from './rows/compare.mjs';
import { takeForThisRun } from './run-alone.mjs';
import { freshAppData, runWeightroom } from './weightroom.mjs';

const MiB = 1024 ** 2;

/** What the rows share: libraries, peers, and an app-data folder in which both sides are read and hashed. */
export function createBench({
  profile,
  rounds,
  isQuick,
  withMillion,
  cacheFolder = join(tmpdir(), 'weightroom-bench'),
  say,
}) {
  mkdirSync(cacheFolder, { recursive: true });
  takeForThisRun(cacheFolder);
  const isSmall = profile === 'XS';
  const libraries = new Map();
  const library = (wanted) => {
    if (!libraries.has(wanted.name)) libraries.set(wanted.name, provideLibrary(cacheFolder, wanted, say));
    return libraries.get(wanted.name);
  };
  const peers = findPeers();
  for (const [name, peer] of Object.entries(peers)) {
    if (!peer) say(`Missing: ${name}; its lines are left out (Debian package ${packageOf(name)}).`);
  }
  let hashed;

  return {
    rounds,
    isQuick,
    say,
    cacheFolder,
    peers,
    get library() {
      return library(profileNamed(profile));
    },
    get hashLibrary() {
      return library(profileNamed(isSmall ? 'XS' : 'S'));
    },
    get mediumLibrary() {
      return library(profileNamed(isSmall ? 'XS' : 'M'));
    },
    get bigFiles() {
      return provideBigFiles(cacheFolder, { count: 2, size: (isQuick || isSmall ? 128 : 1024) * MiB }, say);
    },
    growthLibraries() {
      const sizes = isSmall ? [2_000, 20_000] : [20_000, 200_000, ...(withMillion ? [1_000_000] : [])];
      return sizes.map((files) => library(files === 200_000 ? profileNamed('L') : tinyProfile(files)));
    },
    /** Two sides of tiny files, so many each. */
    pairOf: (files) => library({ ...tinyProfile(files), name: `pair-${files}`, hasLake: true }),
    /** `[contender]`, or nothing where the peer is not installed. */
    withPeer: (name, create) => (peers[name] ? [create(peers[name].path)] : []),
    hashedAppData() {
      hashed ??= hashBoth(this.library, say);
      return hashed;
    },
  };
}

async function hashBoth({ local, lake, truth }, say) {
  say('Reading and hashing both sides once, for the rows that start from that …');
  const appData = freshAppData();
  const { ms, answer } = await runWeightroom(['diff', '--hash'], { appData, local, lake });
  checkCompare(answer, truth);
  say(`  ${(ms / 1000).toFixed(1)} s`);
  return appData;
}
