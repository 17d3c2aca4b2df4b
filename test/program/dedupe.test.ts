import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { createBLAKE3 } from 'hash-wasm';
import { fillLibrary, mebibyte, type Scan } from './duplicates.ts';
import { errorOf, makePlace, run, runJson } from './program.ts';
import { fingerprint, writeFile } from './trees.ts';

/** Everything hashed with another implementation and compared: `size blake3 names`. */
async function expectedGroups(root: string): Promise<string[]> {
  const blake3 = await createBLAKE3();
  const byContent = new Map<string, { names: string[]; files: Set<bigint> }>();
  for (const name of fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(root, name);
    const stat = fs.lstatSync(file, { bigint: true });
    if (!stat.isFile() || stat.size === 0n) continue;
    const key = `${stat.size} ${blake3.init().update(fs.readFileSync(file)).digest()}`;
    const there = byContent.get(key) ?? { names: [], files: new Set() };
    byContent.set(key, there);
    there.names.push(name.split(path.sep).join('/'));
    there.files.add(stat.ino);
  }
  return [...byContent]
    .filter(([, { files }]) => files.size > 1)
    .map(([key, { names }]) => `${key} ${names.sort().join(' | ')}`)
    .sort();
}

const asLines = ({ groups = [] }: Scan): string[] =>
  groups
    .map(({ size, blake3, files }) => {
      const names = files.map(({ relPath }) => relPath).sort();
      return `${size} ${blake3} ${names.join(' | ')}`;
    })
    .sort();

describe('dedupe, as scripts use it', () => {
  test('scan: the document of the contract, equal to hashing everything; the second one reads nothing', async (t) => {
    const place = makePlace(t);
    fillLibrary(place);
    const before = fingerprint(place.local);
    const first = await runJson<Scan>(place, ['dedupe', 'scan', '--side', 'local']);
    assert.match(first.scanId, /^[a-z0-9]{8}$/);
    assert.deepEqual(asLines(first), await expectedGroups(place.local));
    assert.deepEqual(
      { groups: first.summary.groups, redundantFiles: first.summary.redundantFiles },
      { groups: 3, redundantFiles: 4 },
    );
    assert.equal(first.summary.reclaimableBytes, 12 * mebibyte + 2 * 300_000 + 10);
    assert.ok(first.summary.bytesRead > 0 && first.summary.elapsedMs > 0);
    const linked = first.groups?.flatMap(({ files }) => files.filter(({ sameFileAs }) => sameFileAs !== undefined));
    assert.deepEqual(
      linked?.map(({ relPath, sameFileAs }) => [relPath, sameFileAs]),
      [['vae/linked.pt', 'vae/a again.pt']],
    );
    const second = await runJson<Scan>(place, ['dedupe', 'scan', '--side', 'local', '--summary']);
    assert.equal(second.summary.bytesRead, 0);
    assert.equal('groups' in second, false);
    assert.deepEqual(
      { ...second.summary, bytesRead: 0, elapsedMs: 0 },
      { ...first.summary, bytesRead: 0, elapsedMs: 0 },
    );
    assert.equal(fingerprint(place.local), before, 'a scan changes nothing');
    const listed = await runJson<Scan>(place, ['dedupe', 'list', first.scanId]);
    assert.deepEqual(asLines(listed), asLines(first));
    const { scans } = await runJson<{ scans: { scanId: string }[] }>(place, ['dedupe', 'list']);
    assert.deepEqual(
      scans.map(({ scanId }) => scanId),
      [second.scanId, first.scanId],
    );
  });

  test('scan: several locations, a folder, a smallest size', async (t) => {
    const place = makePlace(t);
    fillLibrary(place);
    writeFile(place.lake, { relPath: 'archive/a.safetensors', seed: 1, size: 300_000 });
    const both = await runJson<Scan>(place, ['dedupe', 'scan', '--side', 'local', '--side', 'lake']);
    assert.deepEqual(
      both.groups?.map(({ size, files }) => [size, files.length]),
      [
        [12 * mebibyte, 2],
        [300_000, 5],
        [10, 2],
      ],
    );
    const part = await runJson<Scan>(place, ['dedupe', 'scan', '--folder', 'loras', '--min-bytes', '11']);
    assert.deepEqual(
      part.groups?.map(({ files }) => files.map(({ relPath }) => relPath)),
      [['loras/a.safetensors', 'loras/old/copy of a.safetensors']],
    );
  });

  test('apply --dry-run: what would go, and nothing goes', async (t) => {
    const place = makePlace(t);
    fillLibrary(place);
    const before = fingerprint(place.local);
    const { scanId } = await runJson<Scan>(place, ['dedupe', 'scan']);
    const plan = await runJson<{ files: number; bytes: number; reclaimedBytes: number; byFolder: unknown[] }>(place, [
      'dedupe',
      'apply',
      scanId,
      '--rule',
      'prefer:loras',
      '--rule',
      'newest',
      '--dry-run',
    ]);
    assert.deepEqual([plan.files, plan.bytes], [5, 12 * mebibyte + 3 * 300_000 + 10]);
    assert.equal(plan.reclaimedBytes, 12 * mebibyte + 2 * 300_000 + 10);
    assert.equal(fingerprint(place.local), before);
  });

  test('what cannot be done ends with a sentence and a status', async (t) => {
    const place = makePlace(t);
    fillLibrary(place);
    const { scanId } = await runJson<Scan>(place, ['dedupe', 'scan', '--summary']);
    const cases: readonly (readonly [args: readonly string[], status: number, code: string])[] = [
      [['dedupe', 'apply', scanId, '--rule', 'oldest'], 6, 'CONFIRMATION_NEEDED'],
      [['dedupe', 'apply', scanId, '--rule', 'whatever', '--yes'], 2, 'INVALID_INPUT'],
      [['dedupe', 'apply', scanId, '--yes'], 2, 'INVALID_INPUT'],
      [['dedupe', 'apply', 'zzzzzzzz', '--rule', 'oldest', '--yes'], 4, 'SCAN_NOT_FOUND'],
      [['dedupe', 'apply', scanId, '--rule', 'prefer:nowhere', '--rule', 'oldest', '--yes'], 4, 'ENTRY_NOT_FOUND'],
      [['dedupe', 'apply', scanId, '--rule', 'protect:Loras', '--rule', 'oldest', '--dry-run'], 4, 'ENTRY_NOT_FOUND'],
      [['dedupe', 'apply', scanId, '--rule', 'oldest', '--action', 'burn', '--yes'], 2, 'INVALID_INPUT'],
      [['dedupe', 'scan', '--side', 'nowhere'], 4, 'LOCATION_NOT_FOUND'],
      [['dedupe', 'scan', '--folder', 'nowhere'], 4, 'ENTRY_NOT_FOUND'],
    ];
    for (const [args, status, code] of cases) {
      const ended = await run(place, [...args, '--json']);
      assert.equal(ended.status, status, `${args.join(' ')}: ${ended.stderr}`);
      assert.equal(errorOf(ended).code, code);
    }
    fs.renameSync(place.local, `${place.local}-away`);
    const offline = await run(place, ['dedupe', 'apply', scanId, '--rule', 'oldest', '--yes', '--json']);
    assert.deepEqual([offline.status, errorOf(offline).code], [7, 'LOCATION_OFFLINE']);
    const { tasks } = await runJson<{ tasks: unknown[] }>(place, ['queue', 'list']);
    assert.deepEqual(tasks, [], 'nothing was put into the queue');
  });

  test('what an action cannot do on a drive is told by --dry-run as it is by --yes, which ends with 3', async (t) => {
    const place = makePlace(t);
    fillLibrary(place);
    const { scanId } = await runJson<Scan>(place, ['dedupe', 'scan', '--summary']);
    const args = ['dedupe', 'apply', scanId, '--rule', 'oldest', '--action', 'reflink'];
    const { problems, files } = await runJson<{ problems: string[]; files: number }>(place, [...args, '--dry-run']);
    if (problems.length === 0) return t.skip('files can share their blocks here, or nobody knows');
    assert.equal(files, 0);
    assert.match(problems[0] ?? '', /cannot share their blocks/);
    const applied = await runJson<{ replaced: number; problems: string[] }>(place, [...args, '--yes'], { status: 3 });
    assert.deepEqual([applied.replaced, applied.problems], [0, problems]);
  });
});
