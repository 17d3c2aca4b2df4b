import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { errorOf, makePlace, type Place, run, runJson } from './program.ts';
import { fingerprint, writeFile } from './trees.ts';

const noEnvironment = { LOCAL_MODELS_ROOT: undefined, LAKE_MODELS_ROOT: undefined };

function writeEnvFile(place: Place, text: string | Buffer): string {
  const file = path.join(place.folder, 'cwd', '.env');
  fs.writeFileSync(file, text);
  return file;
}

/** On Windows a junction, which needs no right; Wine makes none and may say that it did. */
function linkFolder(target: string, link: string): boolean {
  try {
    fs.symlinkSync(target, link, 'junction');
  } catch {
    assert.equal(process.platform, 'win32');
  }
  return fs.existsSync(link);
}

describe('settings of the real program', { concurrency: 2 }, () => {
  test('the environment is stronger than .env, and .env than the settings file', async (t) => {
    const place = makePlace(t);
    const third = path.join(place.folder, 'third');
    fs.mkdirSync(third);
    await runJson(place, ['config', 'set', 'HASH_WORKERS', '3']);
    await runJson(place, ['config', 'set', 'LAKE_MODELS_ROOT', third], { env: noEnvironment });
    writeEnvFile(place, `HASH_WORKERS=4\nLOCAL_MODELS_ROOT='${third}-b'\n`);
    fs.mkdirSync(`${third}-b`);
    const origins = async (env: Record<string, string | undefined>) => {
      const { settings } = await runJson<{ settings: { key: string; value: unknown; source: string }[] }>(
        place,
        ['config', 'list'],
        { env },
      );
      return ['LOCAL_MODELS_ROOT', 'LAKE_MODELS_ROOT', 'HASH_WORKERS'].map((key) => {
        const { value, source } = settings.find((setting) => setting.key === key)!;
        return [value, source];
      });
    };
    assert.deepEqual(await origins({ HASH_WORKERS: '5' }), [
      [place.local, 'environment'],
      [place.lake, 'environment'],
      [5, 'environment'],
    ]);
    assert.deepEqual(await origins(noEnvironment), [
      [`${third}-b`, 'env-file'],
      [third, 'settings-file'],
      [4, 'env-file'],
    ]);
  });

  test('a value that cannot be used is refused with its key, its place and the way out; nothing is made', async (t) => {
    const place = makePlace(t);
    const rows: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{ HASH_WORKERS: 'many' }, /^HASH_WORKERS is “many” in the environment/],
      [{ HASH_ALGO: 'md5' }, /^HASH_ALGO is “md5” in the environment/],
      [{ LOCAL_MODELS_ROOT: 'relative/path' }, /^LOCAL_MODELS_ROOT is “relative\/path” in the environment/],
      [{ LOCAL_ALLOW_DELETE: 'perhaps' }, /^LOCAL_ALLOW_DELETE is “perhaps”/],
      [{ APP_DATA_DIR: 'here' }, /^APP_DATA_DIR is “here”/],
    ];
    for (const [env, sentence] of rows) {
      const result = await run(place, ['index', 'status', '--json'], { env });
      assert.equal(result.status, 2, result.stderr);
      assert.equal(errorOf(result).code, 'INVALID_SETTING');
      assert.match(errorOf(result).message, sentence);
      assert.ok(errorOf(result).hint);
    }
    assert.ok(!fs.existsSync(place.appData));
  });

  test('a broken .env is refused with its line, whatever is wrong with it', async (t) => {
    const place = makePlace(t);
    const rows: readonly (readonly [string, string | Buffer, RegExp])[] = [
      ['a line without a value', 'HASH_WORKERS=2\nthis is not a setting\n', /^Line 2 of .*\.env/],
      ['a quote that never ends', "LOCAL_MODELS_ROOT='/models\n", /\.env/],
      ['bytes that are no text', Buffer.from([0x48, 0xff, 0xfe, 0x3d, 0x31, 0x0a]), /\.env/],
      ['a bad value', 'HASH_WORKERS=99999\n', /HASH_WORKERS is “99999” in .*\.env/],
    ];
    for (const [what, text, sentence] of rows) {
      const file = writeEnvFile(place, text);
      const result = await run(place, ['index', 'status', '--json']);
      assert.equal(result.status, 2, `${what}: ${result.stderr}`);
      assert.match(errorOf(result).message, sentence);
      assert.deepEqual(fs.readFileSync(file), Buffer.from(text), 'left as it is');
    }
    fs.rmSync(path.join(place.folder, 'cwd', '.env'));
    fs.mkdirSync(path.join(place.folder, 'cwd', '.env'));
    const folder = await run(place, ['index', 'status', '--json']);
    assert.ok([0, 2].includes(folder.status!), folder.stderr);
  });

  test('a broken settings file is refused with its line, left alone, and can be mended by hand', async (t) => {
    const place = makePlace(t);
    await runJson(place, ['config', 'set', 'HASH_WORKERS', '3']);
    const file = path.join(place.appData, 'settings.json');
    for (const text of ['{"HASH_WORKERS": 3,,}', '[]', '{"HASH_WORKERZ": 3}', '{"HASH_WORKERS": "lots"}', '']) {
      fs.writeFileSync(file, text);
      for (const args of [
        ['index', 'status'],
        ['serve', '--port', '0', '--no-open'],
      ]) {
        const result = await run(place, [...args, '--json']);
        assert.equal(result.status, 2, result.stderr);
        assert.equal(errorOf(result).code, 'INVALID_SETTING');
      }
      assert.equal(fs.readFileSync(file, 'utf8'), text);
    }
  });

  test('a change that the program could not start with is refused and not written', async (t) => {
    const place = makePlace(t);
    fs.mkdirSync(path.join(place.local, 'inside'));
    const env = { LAKE_MODELS_ROOT: undefined };
    await runJson(place, ['config', 'set', 'HASH_WORKERS', '3'], { env });
    const file = path.join(place.appData, 'settings.json');
    const before = fs.readFileSync(file, 'utf8');
    const inside = await run(place, ['config', 'set', 'LAKE_MODELS_ROOT', path.join(place.local, 'inside'), '--json'], {
      env,
    });
    assert.equal(inside.status, 2);
    assert.match(errorOf(inside).message, /LOCAL_MODELS_ROOT .* contains LAKE_MODELS_ROOT/);
    const around = await run(place, ['config', 'set', 'LAKE_MODELS_ROOT', place.appData, '--json'], { env });
    assert.equal(around.status, 2);
    assert.match(errorOf(around).message, /app-data folder .* is the models folder of “lake”/);
    assert.equal(fs.readFileSync(file, 'utf8'), before);
  });

  test('a settings file with a bad value can be mended by setting that value', async (t) => {
    const place = makePlace(t);
    fs.mkdirSync(place.appData);
    fs.writeFileSync(path.join(place.appData, 'settings.json'), '{"HASH_WORKERS": "lots", "WEIGHTROOM_PORT": 4000}');
    assert.equal((await run(place, ['index', 'status'])).status, 2);
    await runJson(place, ['config', 'set', 'HASH_WORKERS', '2']);
    assert.equal((await run(place, ['index', 'status'])).status, 0);
  });

  test('app data inside a models folder is refused before it is made there, also by way of a link', async (t) => {
    const place = makePlace(t);
    writeFile(place.local, { relPath: 'a.pt', seed: 1, size: 1 });
    fs.mkdirSync(path.join(place.folder, 'links'));
    const link = path.join(place.folder, 'links', 'models');
    const byLink = linkFolder(place.local, link) ? [path.join(link, 'data')] : [];
    const before = fingerprint(place.local);
    for (const dir of [path.join(place.local, '.weightroom'), ...byLink, place.local]) {
      const result = await run(place, ['index', 'refresh', '--json'], { env: { APP_DATA_DIR: dir } });
      assert.equal(result.status, 2, result.stderr);
      assert.match(errorOf(result).message, /^The app-data folder .* the models folder of “local”/);
    }
    assert.equal(fingerprint(place.local), before);
  });
});
