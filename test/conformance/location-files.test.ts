import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { createDirectLocationFiles } from '../../src/core/catalog/direct-location-files.ts';
import { toHex } from '../../src/core/catalog/folder-hashes.ts';
import { PackedFolder } from '../../src/core/catalog/packed-folder.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { sampledEnd, wholeSampleSize } from '../../src/core/hashing/sample-file.ts';
import type {
  HashResult,
  HashTarget,
  LocationFiles,
  SampleResults,
  ScanBatch,
  ScanEnd,
  ScanRequest,
} from '../../src/core/ports/location-files.ts';
import { sampleStates } from '../../src/core/ports/location-files.ts';
import { createGlobMatcher } from '../../src/platform/filesystem/glob-matcher.ts';
import { loadHashers } from '../../src/platform/hash-workers/hashers.ts';
import { createHostedLocationFiles } from '../../src/platform/processes/hosted-location-files.ts';
import { restlessPacer } from '../support/time.ts';
import { memoryTree, realTree, type TestTree, windowsMemoryTree } from './trees.ts';

const hashers = await loadHashers();
const entry = fileURLToPath(new URL('../../src/app/entries/location-host.ts', import.meta.url));
const openHosted = (_: TestTree, root: string): LocationFiles =>
  createHostedLocationFiles({
    entry,
    root,
    probeDeadlineMs: 20_000,
    silenceDeadlineMs: 60_000,
    startDeadlineMs: 60_000,
  });
const openDirect = ({ fs }: TestTree, root: string): LocationFiles =>
  createDirectLocationFiles({ fs, root, hashers, matchGlobs: createGlobMatcher, pacer: restlessPacer });

const kinds = [
  { title: 'a process of its own on a real drive', createTree: realTree, open: openHosted },
  { title: 'in-process on a real drive', createTree: realTree, open: openDirect },
  { title: 'in-process in memory', createTree: memoryTree, open: openDirect },
  { title: 'in-process in memory, as on Windows', createTree: windowsMemoryTree, open: openDirect },
] as const;
const noon = 1_700_000_000_000_000_000n;
/** Fine enough to be lost by whoever rounds; Windows keeps 100 ns, and Node sets them through a floating point number. */
const uneven = noon + (process.platform === 'win32' ? 500_000_000n : 1_100n);
const content = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, i) => i % 251);

interface Scan {
  readonly batches: ScanBatch[];
  readonly end: ScanEnd;
  /** `relPath size mtimeNs kind` of every file, sorted. */
  readonly files: string[];
  readonly folders: string[];
}

const noLinks = 'no symbolic links are made here';
const wholeTree: ScanRequest = { folder: '', recursive: true, ignoreGlobs: [], threads: 2, atOnce: 1 };

async function scan(files: LocationFiles, request: Partial<ScanRequest> = {}): Promise<Scan> {
  const batches: ScanBatch[] = [];
  const end = await files.scan({ ...wholeTree, ...request }, (batch) => batches.push(batch));
  const folders = batches.flatMap((batch) => batch.folders.map(({ relPath }) => relPath));
  const listed = batches.flatMap((batch) =>
    batch.folders.flatMap(({ relPath, files: packed }) => {
      if (packed === null) return [];
      const folder = new PackedFolder(new Uint8Array(packed));
      return Array.from({ length: folder.count }, (_, i) => {
        const { name, size, mtimeNs, kind } = folder.facts(i);
        return `${relPath === '' ? '' : `${relPath}/`}${name} ${size} ${mtimeNs} ${kind}`;
      });
    }),
  );
  return { batches, end, files: listed.sort(), folders };
}

async function fails(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (thrown) => {
    assert.ok(thrown instanceof AppError, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    return true;
  });
}

function targetOf(tree: TestTree, relPath: string): HashTarget {
  const { size, mtimeNs, fileId } = tree.fs.stat(tree.at(relPath));
  return { relPath, size, mtimeNs, fileId };
}

async function hash(
  files: LocationFiles,
  targets: readonly HashTarget[],
  sha256 = false,
): Promise<Map<string, HashResult>> {
  const results = new Map<string, HashResult>();
  await files.hash({ targets, threads: 2, sha256 }, (some) => {
    for (const result of some) {
      if (result.ok === null) continue;
      assert.equal(results.has(result.relPath), false, `${result.relPath} has one result`);
      results.set(result.relPath, result);
    }
  });
  return results;
}

/** `state digest` of each target, in their order. */
async function sample(files: LocationFiles, targets: readonly HashTarget[], signal?: AbortSignal): Promise<string[]> {
  const found: string[] = targets.map(() => 'missing');
  const names = Object.keys(sampleStates);
  const take = ({ from, states, digests }: SampleResults): void => {
    states.forEach((state, k) => {
      assert.equal(found[from + k], 'missing', `target ${from + k} has one answer`);
      const length = state === sampleStates.whole ? 32 : state === sampleStates.sampled ? 8 : 0;
      const digest = toHex(digests.subarray(32 * k, 32 * k + length));
      found[from + k] = `${names[Object.values(sampleStates).indexOf(state as 1)]} ${digest}`.trim();
    });
  };
  const columns = {
    relPaths: targets.map(({ relPath }) => relPath),
    sizes: Float64Array.from(targets, ({ size }) => size),
    mtimesNs: BigInt64Array.from(targets, ({ mtimeNs }) => mtimeNs),
    fileIds: BigUint64Array.from(targets, ({ fileId }) => fileId),
  };
  await files.sample({ targets: columns, threads: 2 }, take, signal);
  return found;
}

function fillLibrary(tree: TestTree): void {
  tree.file('readme.txt', { bytes: content(5), mtimeNs: noon });
  tree.file('loras/flux/a.safetensors', { bytes: content(70_000), mtimeNs: uneven });
  tree.file('loras/flux/b.safetensors', { bytes: content(0), mtimeNs: noon });
  tree.file('loras/c.gguf', { bytes: content(1_025), mtimeNs: noon });
  tree.folder('vae');
  tree.file('.cache/x.bin', { bytes: content(3) });
  tree.file('vae/Thumbs.db', { bytes: content(3) });
}

const libraryFiles = [
  `loras/c.gguf 1025 ${noon} file`,
  `loras/flux/a.safetensors 70000 ${uneven} file`,
  `loras/flux/b.safetensors 0 ${noon} file`,
  `readme.txt 5 ${noon} file`,
];

for (const { title, createTree, open } of kinds) {
  const inTree = (
    scenario: string,
    check: (tree: TestTree, files: LocationFiles, context: TestContext) => Promise<void>,
  ): void => {
    test(scenario, async (context) => {
      const tree = createTree();
      const files = open(tree, tree.root);
      try {
        await check(tree, files, context);
      } finally {
        files.close();
        tree.dispose();
      }
    });
  };
  const withRoot = async (
    tree: TestTree,
    root: string,
    check: (files: LocationFiles) => Promise<void>,
  ): Promise<void> => {
    const files = open(tree, root);
    try {
      await check(files);
    } finally {
      files.close();
    }
  };

  describe(`LocationFiles, ${title}: probe`, () => {
    inTree('tells what the root is', async (tree, files) => {
      const empty = await files.probe();
      assert.equal(empty.isEmpty, true);
      fillLibrary(tree);
      const facts = await files.probe();
      assert.equal(facts.realPath, tree.root);
      assert.equal(facts.isEmpty, false);
      assert.equal(facts.isMountPoint, false);
      assert.equal(facts.fileId, tree.fs.stat(tree.root).fileId);
      assert.equal(facts.device, tree.fs.stat(tree.root).device);
      assert.ok((facts.totalBytes ?? 0) > 0);
      if (!tree.isWindows && process.platform !== 'darwin') assert.equal(facts.caseSensitive, true);
    });

    inTree('says what is wrong with a root', async (tree) => {
      tree.file('a.bin', { bytes: content(1) });
      await withRoot(tree, tree.at('gone'), (files) => fails('FILE_NOT_FOUND', files.probe()));
      await withRoot(tree, tree.at('a.bin'), (files) => fails('LOCATION_OFFLINE', files.probe()));
    });

    inTree('a root that is a link leads to the folder itself', async (tree, _files, context) => {
      if (!tree.canLink) return context.skip(noLinks);
      tree.file('real/a.bin', { bytes: content(1) });
      tree.link('l', 'real');
      await withRoot(tree, tree.at('l'), async (files) => {
        assert.equal((await files.probe()).realPath, tree.at('real'));
        assert.equal((await scan(files)).files.length, 1);
      });
    });
  });

  describe(`LocationFiles, ${title}: scan`, () => {
    inTree('reports each folder once, parents first, with all its files', async (tree, files) => {
      fillLibrary(tree);
      const { files: found, folders, batches, end } = await scan(files);
      assert.deepEqual(found, libraryFiles);
      assert.deepEqual([...folders].sort(), ['', 'loras', 'loras/flux', 'vae']);
      assert.ok(folders.indexOf('loras') < folders.indexOf('loras/flux') && folders[0] === '');
      assert.equal(
        batches.reduce((sum, batch) => sum + batch.files, 0),
        4,
      );
      assert.equal(
        batches.reduce((sum, batch) => sum + batch.bytes, 0),
        71_030,
      );
      assert.equal(batches.at(-1)?.foldersLeft, 0);
      assert.deepEqual(
        batches.flatMap(({ problems }) => problems),
        [],
      );
      if (!tree.isWindows && process.platform !== 'darwin') assert.equal(end.caseSensitive, true);
    });

    inTree('two reads of an unchanged tree give the same bytes', async (tree, files) => {
      fillLibrary(tree);
      const bytesOf = ({ batches }: Scan): Map<string, string> =>
        new Map(
          batches.flatMap((batch) =>
            batch.folders.map(({ relPath, files: packed }) => [relPath, Buffer.from(packed ?? []).toString('hex')]),
          ),
        );
      const first = bytesOf(await scan(files, { threads: 1 }));
      const second = bytesOf(await scan(files, { threads: 4 }));
      assert.deepEqual([...second].sort(), [...first].sort());
    });

    inTree('many folders, on one thread and on four', async (tree, files) => {
      for (let n = 0; n < 300; n += 1) tree.file(`d${n % 20}/e${n}/f${n % 3}.bin`, { size: n });
      for (const threads of [1, 4]) {
        const { files: found, folders } = await scan(files, { threads });
        assert.equal(found.length, 300);
        assert.equal(new Set(folders).size, folders.length);
        assert.equal(folders.length, 321);
        for (const folder of folders) {
          const slash = folder.lastIndexOf('/');
          if (folder !== '')
            assert.ok(
              folders.indexOf(slash < 0 ? '' : folder.slice(0, slash)) < folders.indexOf(folder),
              `the parent of ${folder} comes first`,
            );
        }
      }
    });

    inTree('one folder, with or without what is below it', async (tree, files) => {
      fillLibrary(tree);
      assert.deepEqual((await scan(files, { folder: 'loras' })).folders, ['loras', 'loras/flux']);
      const flat = await scan(files, { folder: 'loras', recursive: false });
      assert.deepEqual(flat.folders, ['loras']);
      assert.deepEqual(flat.files, [libraryFiles[0]]);
    });

    inTree('leaves out what the globs name', async (tree, files) => {
      fillLibrary(tree);
      assert.deepEqual((await scan(files, { ignoreGlobs: ['*.gguf', 'loras/flux'] })).files, [libraryFiles[3]]);
    });

    inTree(
      'links inside the root are files and folders of it; others are problems, and the rest goes on',
      async (tree, files, context) => {
        if (!tree.canLink) return context.skip(noLinks);
        fillLibrary(tree);
        tree.link('alias.txt', 'readme.txt');
        tree.link('styles', 'loras/flux');
        tree.link('loras/up', '..');
        tree.link('broken', 'gone');
        tree.link('out', tree.at('..'));
        if (!tree.isWindows) {
          tree.pipe('pipe');
          tree.invalidName('vae');
        }
        const { files: found, batches } = await scan(files);
        assert.deepEqual(
          found,
          [
            ...libraryFiles,
            `alias.txt 5 ${noon} link`,
            `styles/a.safetensors 70000 ${uneven} file`,
            `styles/b.safetensors 0 ${noon} file`,
          ].sort(),
        );
        const problems = batches.flatMap((batch) => batch.problems.map(({ relPath, code }) => `${relPath} ${code}`));
        const expected = [
          'broken LINK_BROKEN',
          'loras/up LINK_LOOP',
          'out LINK_ESCAPES',
          ...(tree.isWindows ? [] : ['pipe SPECIAL_FILE', 'vae/bad\uFFFD(ff).bin NAME_NOT_UTF8']),
        ];
        assert.deepEqual(problems.sort(), expected.sort());
      },
    );

    inTree('a folder that may not be read is a problem, and the rest goes on', async (tree, files, context) => {
      if (!tree.canDenyReading) return context.skip('this user may read everything');
      fillLibrary(tree);
      tree.setReadable('loras', false);
      const { files: found, batches } = await scan(files);
      tree.setReadable('loras', true);
      assert.deepEqual(found, [libraryFiles[3]]);
      assert.deepEqual(
        batches.flatMap((batch) => batch.problems.map(({ relPath, code }) => [relPath, code])),
        [['loras', 'ACCESS_DENIED']],
      );
      assert.equal(batches.flatMap(({ folders }) => folders).find(({ relPath }) => relPath === 'loras')?.files, null);
    });

    inTree('says what is wrong with the folder to start from', async (tree, files) => {
      tree.file('a.bin', { bytes: content(1) });
      await fails('FILE_NOT_FOUND', scan(files, { folder: 'gone' }));
      if (tree.canLink) {
        tree.link('out', tree.at('..'));
        await fails('LINK_ESCAPES', scan(files, { folder: 'out' }));
      }
      await withRoot(tree, tree.at('gone'), (gone) => fails('FILE_NOT_FOUND', scan(gone)));
    });

    inTree(
      'can be cancelled before it starts and while it runs; nothing is reported afterwards',
      async (tree, files) => {
        for (let n = 0; n < 200; n += 1) tree.folder(`d${n}/e/f`);
        await fails(
          'CANCELLED',
          files.scan(wholeTree, () => assert.fail('nothing is read'), AbortSignal.abort()),
        );
        const stop = new AbortController();
        let batches = 0;
        const running = files.scan(
          wholeTree,
          () => {
            assert.equal(stop.signal.aborted, false);
            batches += 1;
            stop.abort();
          },
          stop.signal,
        );
        await fails('CANCELLED', running);
        assert.equal(batches, 1);
        assert.equal((await scan(files)).folders.length, 601, 'the next scan is whole');
      },
    );
  });

  describe(`LocationFiles, ${title}: sample`, () => {
    const withByte = (length: number, position: number): Uint8Array<ArrayBuffer> => {
      const bytes = content(length);
      bytes[position] = 255;
      return bytes;
    };

    inTree(
      'gives small files their BLAKE3, and large ones something that tells their ends apart',
      async (tree, files) => {
        const large = wholeSampleSize + 1_000;
        tree.file('small.gguf', { bytes: content(1_025) });
        tree.file('whole.bin', { bytes: content(wholeSampleSize) });
        tree.file('large.bin', { bytes: content(large) });
        tree.file('middle.bin', { bytes: withByte(large, sampledEnd + 10) });
        tree.file('head.bin', { bytes: withByte(large, sampledEnd - 1) });
        tree.file('tail.bin', { bytes: withByte(large, large - sampledEnd) });
        const names = ['small.gguf', 'whole.bin', 'large.bin', 'middle.bin', 'head.bin', 'tail.bin'];
        const targets = names.map((name) => targetOf(tree, name));
        const [small, whole, plain, middle, head, tail] = await sample(files, targets);
        assert.equal(small, 'whole d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444');
        const hashed = (await hash(files, [targetOf(tree, 'whole.bin')])).get('whole.bin');
        assert.ok(hashed?.ok);
        assert.equal(whole, `whole ${toHex(hashed.blake3)}`);
        assert.match(plain ?? '', /^sampled [0-9a-f]{16}$/);
        assert.equal(middle, plain);
        assert.equal(new Set([plain, head, tail]).size, 3);
      },
    );

    inTree('a file that is gone, or not what the index holds, fails alone', async (tree, files) => {
      for (const name of ['a', 'gone', 'longer', 'later'])
        tree.file(`${name}.bin`, { bytes: content(20_000), mtimeNs: noon });
      const targets = ['a', 'gone', 'longer', 'later'].map((name) => targetOf(tree, `${name}.bin`));
      tree.remove('gone.bin');
      tree.file('longer.bin', { bytes: content(20_001), mtimeNs: noon });
      tree.setTime('later.bin', noon + 5_000_000_000n);
      const found = await sample(files, targets);
      assert.deepEqual(
        found.map((one) => one.split(' ')[0]),
        ['sampled', 'failed', 'changed', 'changed'],
      );
    });

    inTree('a link that leads out is refused', async (tree, _files, context) => {
      if (!tree.canLink) return context.skip(noLinks);
      tree.file('models/a.bin', { bytes: content(9) });
      tree.file('secret.bin', { bytes: content(9) });
      tree.link('models/out.bin', '../secret.bin');
      await withRoot(tree, tree.at('models'), async (files) => {
        const target = { ...targetOf(tree, 'models/out.bin'), relPath: 'out.bin' };
        assert.deepEqual(await sample(files, [target]), ['failed']);
      });
    });

    inTree('many files: one answer each; none: nothing to do', async (tree, files) => {
      for (let n = 0; n < 600; n += 1) tree.file(`f${n}.bin`, { bytes: content(n % 50) });
      const targets = Array.from({ length: 600 }, (_, n) => targetOf(tree, `f${n}.bin`));
      const found = await sample(files, targets);
      assert.equal(new Set(found).size, 50);
      assert.ok(found.every((one) => one.startsWith('whole ')));
      assert.deepEqual(await sample(files, []), []);
    });

    inTree('can be cancelled', async (tree, files) => {
      tree.file('a.bin', { bytes: content(9) });
      await fails('CANCELLED', sample(files, [targetOf(tree, 'a.bin')], AbortSignal.abort()));
    });
  });

  describe(`LocationFiles, ${title}: hash`, () => {
    inTree('gives each file its BLAKE3, and SHA-256 when asked', async (tree, files) => {
      fillLibrary(tree);
      const names = ['readme.txt', 'loras/c.gguf', 'loras/flux/a.safetensors', 'loras/flux/b.safetensors'];
      for (const sha256 of [false, true]) {
        const results = await hash(
          files,
          names.map((name) => targetOf(tree, name)),
          sha256,
        );
        assert.deepEqual([...results.keys()].sort(), [...names].sort());
        const gguf = results.get('loras/c.gguf');
        assert.ok(gguf?.ok);
        assert.equal(toHex(gguf.blake3), 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444');
        const empty = results.get('loras/flux/b.safetensors');
        assert.ok(empty?.ok);
        assert.equal(toHex(empty.blake3), 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262');
        assert.equal(
          empty.sha256 && toHex(empty.sha256),
          sha256 ? 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' : null,
        );
      }
    });

    inTree('no targets: nothing to do', async (tree, files) => {
      tree.file('a.bin');
      assert.equal((await hash(files, [])).size, 0);
    });

    inTree('a file that is not what the index holds fails alone', async (tree, files) => {
      fillLibrary(tree);
      tree.file('gone.bin', { bytes: content(9) });
      tree.file('outside/b.bin', { bytes: content(9) });
      const good = targetOf(tree, 'readme.txt');
      const gone = targetOf(tree, 'gone.bin');
      tree.remove('gone.bin');
      const stale = targetOf(tree, 'loras/c.gguf');
      tree.file('loras/c.gguf', { bytes: content(1_025), mtimeNs: noon + 3_000_000_000n });
      const results = await hash(files, [
        gone,
        { ...stale, mtimeNs: noon },
        good,
        { ...targetOf(tree, 'loras/flux/a.safetensors'), size: 4 },
      ]);
      const outcome = [...results.values()].map(
        (result) => `${result.relPath} ${result.ok ? 'ok' : result.ok === false ? result.code : 'more'}`,
      );
      assert.deepEqual(outcome.sort(), [
        'gone.bin FILE_NOT_FOUND',
        'loras/c.gguf FILE_CHANGED',
        'loras/flux/a.safetensors FILE_CHANGED',
        'readme.txt ok',
      ]);
    });

    inTree('a link inside the root is hashed, one that leads out is refused', async (tree, _files, context) => {
      if (!tree.canLink) return context.skip(noLinks);
      tree.file('models/a.bin', { bytes: content(1_025) });
      tree.file('secret.bin', { bytes: content(7) });
      tree.link('models/l.bin', 'a.bin');
      tree.link('models/out.bin', '../secret.bin');
      await withRoot(tree, tree.at('models'), async (files) => {
        const targets = ['l.bin', 'out.bin'].map((name) => ({ ...targetOf(tree, `models/${name}`), relPath: name }));
        const results = await hash(files, targets);
        assert.equal(results.get('l.bin')?.ok, true);
        const out = results.get('out.bin');
        assert.equal(out?.ok === false && out.code, 'LINK_ESCAPES');
      });
    });

    inTree('many small files: one result each', async (tree, files) => {
      for (let n = 0; n < 150; n += 1) tree.file(`f${n}.bin`, { bytes: content(n) });
      const targets = Array.from({ length: 150 }, (_, n) => targetOf(tree, `f${n}.bin`));
      const results = await hash(files, targets);
      assert.equal(results.size, 150);
      assert.ok([...results.values()].every(({ ok }) => ok === true));
    });

    inTree('can be cancelled; nothing is reported afterwards, and hashing goes on later', async (tree, files) => {
      for (let n = 0; n < 200; n += 1) tree.file(`f${n}.bin`, { bytes: content(20_000) });
      const targets = Array.from({ length: 200 }, (_, n) => targetOf(tree, `f${n}.bin`));
      await fails(
        'CANCELLED',
        files.hash({ targets, threads: 1, sha256: false }, () => assert.fail('nothing is read'), AbortSignal.abort()),
      );
      const stop = new AbortController();
      const running = files.hash(
        { targets, threads: 1, sha256: false },
        () => {
          assert.equal(stop.signal.aborted, false);
          stop.abort();
        },
        stop.signal,
      );
      await fails('CANCELLED', running);
      assert.equal((await hash(files, targets.slice(0, 5))).size, 5);
    });

    inTree('stands still while it is paused', async (tree, files) => {
      for (let n = 0; n < 20; n += 1) tree.file(`f${n}.bin`, { bytes: content(2_000) });
      const targets = Array.from({ length: 20 }, (_, n) => targetOf(tree, `f${n}.bin`));
      await files.probe();
      files.pauseHashing(true);
      let results = 0;
      const running = files.hash({ targets, threads: 1, sha256: false }, (some) => {
        results += some.length;
      });
      await files.probe();
      await files.probe();
      assert.equal(results, 0);
      files.pauseHashing(false);
      await running;
      assert.equal(results, 20);
    });
  });

  describe(`LocationFiles, ${title}: close`, () => {
    inTree('running and later calls reject', async (tree, files) => {
      fillLibrary(tree);
      files.pauseHashing(true);
      const running = [files.probe(), scan(files), hash(files, [targetOf(tree, 'readme.txt')])];
      files.close();
      for (const call of running) await fails('CANCELLED', call);
      await fails('CANCELLED', files.probe());
      await fails('CANCELLED', scan(files));
      await fails('CANCELLED', hash(files, []));
      files.close();
    });
  });
}
