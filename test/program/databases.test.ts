import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { type Cleanup, errorOf, makePlace, type Place, run, runJson } from './program.ts';
import { serve } from './server.ts';
import { fingerprint, writeFile } from './trees.ts';

interface Diff {
  readonly summary: Record<string, { readonly files: number }>;
}

interface Listed {
  readonly locations: readonly { readonly id: string; readonly index: object }[];
}

interface HashRun {
  readonly hashed: number;
  readonly cached: number;
}

const files = 120;

/** Two equal trees, read and hashed, and one more location that a person added. */
async function makeUsed(t: Cleanup): Promise<Place> {
  const place = makePlace(t);
  const added = path.join(place.folder, 'added');
  fs.mkdirSync(added);
  for (const root of [place.local, place.lake]) {
    for (let n = 0; n < files; n += 1)
      writeFile(root, { relPath: `folder${n % 40}/model-with-a-long-name-${n}.pt`, seed: n, size: 50 + n });
  }
  await runJson(place, ['location', 'add', added, '--id', 'added']);
  await runJson(place, ['index', 'refresh']);
  await runJson(place, ['hash']);
  return place;
}

/** Ways in which a database file goes bad. */
const damages: readonly (readonly [string, (file: string) => void])[] = [
  ['random bytes from beginning to end', (file) => fs.writeFileSync(file, randomBytes(fs.statSync(file).size))],
  ['random bytes after the first page', (file) => overwrite(file, 4096, fs.statSync(file).size - 4096)],
  ['cut off in the middle', (file) => fs.truncateSync(file, Math.floor(fs.statSync(file).size / 2))],
  ['cut off in the header', (file) => fs.truncateSync(file, 60)],
  ['a text', (file) => fs.writeFileSync(file, 'this is not a database\n'.repeat(300))],
];

function overwrite(file: string, at: number, length: number): void {
  const descriptor = fs.openSync(file, 'r+');
  fs.writeSync(descriptor, randomBytes(Math.max(0, length)), 0, Math.max(0, length), at);
  fs.closeSync(descriptor);
}

function setVersion(file: string, version: number): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
}

const asideIn = (place: Place) =>
  fs.readdirSync(place.appData).filter((name) => /^catalog\.db\.(damaged|newer)-\d+/.test(name));

describe('catalog.db, a cache', { concurrency: 2 }, () => {
  for (const [what, damage] of damages) {
    test(`${what}: set aside with a sentence, read anew, states right, models untouched`, async (t) => {
      const place = await makeUsed(t);
      const before = [fingerprint(place.local), fingerprint(place.lake)];
      damage(path.join(place.appData, 'catalog.db'));
      const result = await run(place, ['diff', '--hash', '--json']);
      assert.equal(result.status, 0, result.stderr);
      assert.match(result.stderr, /^note: The catalog could not be used and is kept as .*\n$/);
      const { summary } = JSON.parse(result.stdout) as Diff;
      assert.equal(summary['same-verified']?.files, files);
      assert.ok(asideIn(place).length > 0);
      assert.deepEqual([fingerprint(place.local), fingerprint(place.lake)], before);
      const next = await run(place, ['diff', '--no-refresh', '--json']);
      assert.deepEqual([next.status, next.stderr], [0, '']);
      assert.equal((JSON.parse(next.stdout) as Diff).summary['same-verified']?.files, files);
    });
  }

  test('damage inside a stored folder, which SQLite cannot see, is found and never believed', async (t) => {
    const place = await makeUsed(t);
    const database = new DatabaseSync(path.join(place.appData, 'catalog.db'));
    database.exec(`UPDATE folder SET files = zeroblob(length(files)) WHERE rel_path = 'folder7' AND location = 'lake'`);
    database.close();
    const result = await run(place, ['diff', '--hash', '--json']);
    assert.equal(result.status, 0, result.stderr);
    assert.match(result.stderr, /^note: The catalog could not be used/);
    assert.equal((JSON.parse(result.stdout) as Diff).summary['same-verified']?.files, files);
  });

  test('damage that shows while a server runs: it goes on, and the next start reads anew', async (t) => {
    const place = await makeUsed(t);
    const file = path.join(place.appData, 'catalog.db');
    const database = new DatabaseSync(file);
    database.exec(`UPDATE folder SET checksum = checksum + 1 WHERE location = 'lake'`);
    database.close();
    const server = await serve(t, place);
    const { locations } = await server.api.refreshIndex({ wait: true });
    assert.ok(
      locations.every(({ outcome }) => outcome === 'done'),
      JSON.stringify(locations),
    );
    const { summary } = await server.api.diff({ a: 'local', b: 'lake', limit: 0 });
    assert.equal(summary['only-a'].files + summary['only-b'].files, 0);
    const { status, stderr } = await server.stop();
    assert.equal(status, 0);
    assert.match(stderr, /note: The catalog could not be used/);
    const after = await runJson<Diff>(place, ['diff']);
    assert.equal(after.summary['only-a']!.files + after.summary['only-b']!.files, 0);
  });

  test('written by a newer Weightroom: kept under another name, not lost', async (t) => {
    const place = await makeUsed(t);
    setVersion(path.join(place.appData, 'catalog.db'), 99);
    const result = await run(place, ['diff', '--json']);
    assert.equal(result.status, 0);
    assert.match(result.stderr, /note: The catalog could not be used and is kept as .*newer/);
    const kept = new DatabaseSync(path.join(place.appData, asideIn(place)[0]!), { readOnly: true });
    assert.equal(kept.prepare('SELECT count(*) AS n FROM folder').get()?.n, 2 * 40 + 3);
    kept.close();
  });

  test('one of an older Weightroom, without totals: counted once, nothing read anew, nothing lost', async (t) => {
    const place = await makeUsed(t);
    const totals = async () =>
      (await runJson<Listed>(place, ['location', 'list'])).locations.map(({ id, index }) => ({ id, ...index }));
    const before = await totals();
    const file = path.join(place.appData, 'catalog.db');
    const database = new DatabaseSync(file);
    database.exec('DROP INDEX folder_totals');
    for (const column of ['file_count', 'total_bytes', 'hashed_files'])
      database.exec(`ALTER TABLE folder DROP COLUMN ${column}`);
    database.close();
    setVersion(file, 4);
    assert.deepEqual(await totals(), before);
    assert.partialDeepStrictEqual(before, [{ id: 'local', files, folders: 41, hashedFiles: files }]);
    const { summary } = await runJson<Diff>(place, ['diff', '--no-refresh']);
    assert.equal(summary['same-verified']?.files, files);
    assert.deepEqual(asideIn(place), []);
  });

  test('an index that is built anew gets its hashes from the cache and reads no file again', async (t) => {
    const place = await makeUsed(t);
    const database = new DatabaseSync(path.join(place.appData, 'catalog.db'));
    database.exec('DELETE FROM folder; DELETE FROM location; DELETE FROM problem');
    database.close();
    // Renamed inside its location: still the same file.
    fs.renameSync(path.join(place.lake, 'folder1'), path.join(place.lake, 'folder1-renamed'));
    await runJson(place, ['index', 'refresh']);
    const { hashed, cached } = await runJson<HashRun>(place, ['hash']);
    assert.deepEqual([hashed, cached], [0, files * 2]);
    const { summary } = await runJson<Diff & { moved: number }>(place, ['diff']);
    assert.equal(summary['same-verified']?.files, files - 3);
  });
});

describe('weightroom.db, the truth', { concurrency: 2 }, () => {
  for (const [what, damage] of damages) {
    test(`${what}: refused with a sentence and left exactly as it is`, async (t) => {
      const place = await makeUsed(t);
      const file = path.join(place.appData, 'weightroom.db');
      damage(file);
      const before = fs.readFileSync(file);
      for (const args of [
        ['location', 'list'],
        ['serve', '--port', '0', '--no-open'],
      ]) {
        const result = await run(place, [...args, '--json']);
        assert.equal(result.status, 9, result.stderr);
        assert.equal(errorOf(result).code, 'DATABASE_CORRUPT');
        assert.ok(errorOf(result).message.includes(file));
        assert.ok(errorOf(result).hint);
        assert.doesNotMatch(result.stderr, /\n\s+at /);
      }
      assert.deepEqual(fs.readFileSync(file), before);
    });
  }

  test('written by a newer Weightroom: refused and left exactly as it is', async (t) => {
    const place = await makeUsed(t);
    const file = path.join(place.appData, 'weightroom.db');
    setVersion(file, 99);
    const before = fs.readFileSync(file);
    const result = await run(place, ['index', 'status', '--json']);
    assert.deepEqual([result.status, errorOf(result).code], [5, 'DATABASE_NEWER']);
    assert.match(errorOf(result).message, /written by a newer Weightroom/);
    assert.deepEqual(fs.readFileSync(file), before);
  });

  test('deleted: begins empty; configured locations are there again, added ones have to be added again', async (t) => {
    const place = await makeUsed(t);
    for (const suffix of ['', '-wal', '-shm'])
      fs.rmSync(path.join(place.appData, `weightroom.db${suffix}`), { force: true });
    const { locations } = await runJson<{ locations: { id: string }[] }>(place, ['location', 'list']);
    assert.deepEqual(
      locations.map(({ id }) => id),
      ['local', 'lake'],
    );
  });
});

describe('bit rot', () => {
  test('bytes that change while size and time do not are found by hash --verify, and by nothing else', async (t) => {
    const place = await makeUsed(t);
    const file = path.join(place.lake, 'folder3/model-with-a-long-name-3.pt');
    const { atimeNs, mtimeNs } = fs.statSync(file, { bigint: true });
    const bytes = fs.readFileSync(file);
    bytes[20]! ^= 1;
    fs.writeFileSync(file, bytes);
    fs.utimesSync(file, Number(atimeNs) / 1e9, Number(mtimeNs) / 1e9);
    assert.equal(fs.statSync(file, { bigint: true }).mtimeNs, mtimeNs);
    const unseen = await runJson<Diff>(place, ['diff', '--hash']);
    assert.equal(unseen.summary['same-verified']?.files, files);
    const found = await runJson<{ changed: { relPath: string; code: string }[] }>(place, ['hash', '--verify'], {
      status: 3,
    });
    assert.deepEqual(
      found.changed.map(({ relPath, code }) => [relPath, code]),
      [['folder3/model-with-a-long-name-3.pt', 'CONTENT_CHANGED']],
    );
    const seen = await run(place, ['diff', '--json']);
    assert.equal(seen.status, 3);
    assert.equal((JSON.parse(seen.stdout) as Diff).summary.conflict?.files, 1);
  });
});
