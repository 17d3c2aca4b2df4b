import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { defaultAppDataDir, openAppDataFolder } from '../../src/platform/app-data/app-data-folder.ts';
import { writeFileAtomically } from '../../src/platform/app-data/atomic-write.ts';
import { readConfigText, writeSettingsText } from '../../src/platform/app-data/settings-store.ts';
import { readOrCreateToken } from '../../src/platform/app-data/token.ts';

const isRoot = process.getuid?.() === 0;
const onWindows = process.platform === 'win32';

function tempFolder(t: { after(run: () => void): void }): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-data-')));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function modeOf(file: string): string {
  return (fs.statSync(file).mode & 0o777).toString(8);
}

test('where app data lies when nobody says', () => {
  const rows = [
    ['posix', {}, '/home/you', '/home/you/.local/share/weightroom'],
    ['posix', { XDG_DATA_HOME: '/data/xdg' }, '/home/you', '/data/xdg/weightroom'],
    ['posix', { XDG_DATA_HOME: 'relative' }, '/home/you', '/home/you/.local/share/weightroom'],
    ['posix', { XDG_DATA_HOME: '', APPDATA: 'C:\\x' }, '/home/you', '/home/you/.local/share/weightroom'],
    [
      'win32',
      { APPDATA: 'C:\\Users\\you\\AppData\\Roaming' },
      'C:\\Users\\you',
      'C:\\Users\\you\\AppData\\Roaming\\Weightroom',
    ],
    ['win32', {}, 'C:\\Users\\you', 'C:\\Users\\you\\AppData\\Roaming\\Weightroom'],
  ] as const;
  for (const [platform, environment, home, expected] of rows) {
    assert.equal(defaultAppDataDir({ platform, environment, home }), expected);
  }
});

test('the folder is made for this user only, and an existing one is kept as it is', { skip: onWindows }, (t) => {
  const folder = tempFolder(t);
  const dir = path.join(folder, 'a', 'weightroom');
  assert.equal(openAppDataFolder(dir), dir);
  assert.equal(modeOf(dir), '700');
  fs.writeFileSync(path.join(dir, 'x'), 'x');
  fs.chmodSync(dir, 0o750);
  openAppDataFolder(dir);
  assert.equal(modeOf(dir), '750');
  assert.deepEqual(fs.readdirSync(dir), ['x']);
});

test('a place that cannot be a folder is refused with a sentence', (t) => {
  const folder = tempFolder(t);
  const file = path.join(folder, 'file');
  fs.writeFileSync(file, 'mine');
  for (const dir of [file, path.join(file, 'below')]) {
    assert.throws(() => openAppDataFolder(dir), {
      code: 'INVALID_SETTING',
      message: /a file is in its place/,
      hint: /APP_DATA_DIR/,
    });
  }
  assert.equal(fs.readFileSync(file, 'utf8'), 'mine');
});

test('a place that cannot be written is refused with a sentence', { skip: onWindows }, () => {
  // Not even root can make folders there.
  assert.throws(() => openAppDataFolder('/proc/weightroom'), {
    name: 'AppError',
    message: /Weightroom cannot keep its data in “\/proc\/weightroom”/,
    hint: /Set APP_DATA_DIR/,
  });
});

/** Runs as a user without rights: root may write anywhere. */
function asNobody(run: () => void): void {
  if (!isRoot) {
    run();
    return;
  }
  process.seteuid?.(65_534);
  try {
    run();
  } finally {
    process.seteuid?.(0);
  }
}

test('a folder without permission is refused with a sentence', { skip: onWindows }, (t) => {
  const folder = tempFolder(t);
  fs.chmodSync(folder, 0o555);
  asNobody(() => {
    for (const dir of [folder, path.join(folder, 'below'), path.join(folder, 'a', 'b')]) {
      assert.throws(() => openAppDataFolder(dir), { code: 'ACCESS_DENIED', message: /this user may not write there/ });
    }
  });
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('temps that a crash left are removed, young ones are not', (t) => {
  const folder = tempFolder(t);
  const old = path.join(folder, '.settings.json.0123456789ab.tmp');
  const young = path.join(folder, '.settings.json.ba9876543210.tmp');
  for (const file of [old, young]) fs.writeFileSync(file, 'half');
  fs.writeFileSync(path.join(folder, '.mine.tmp'), 'mine');
  fs.utimesSync(old, new Date(2020, 1), new Date(2020, 1));
  openAppDataFolder(folder);
  assert.deepEqual(fs.readdirSync(folder).sort(), ['.mine.tmp', path.basename(young)].sort());
});

test('an atomic write replaces the text, keeps the mode private, and leaves no temp', (t) => {
  const folder = tempFolder(t);
  const file = path.join(folder, 'settings.json');
  writeSettingsText(file, 'one');
  writeSettingsText(file, 'two');
  assert.equal(readConfigText(file), 'two');
  if (!onWindows) assert.equal(modeOf(file), '600');
  assert.deepEqual(fs.readdirSync(folder), ['settings.json']);
});

test('a write that fails leaves the old file and no temp', (t) => {
  const folder = tempFolder(t);
  const file = path.join(folder, 'taken');
  fs.mkdirSync(path.join(file, 'x'), { recursive: true });
  assert.throws(() => writeFileAtomically(file, 'text'));
  assert.deepEqual(fs.readdirSync(folder), ['taken']);
  assert.throws(() => writeFileAtomically(path.join(folder, 'missing', 'x'), 'text'), { code: 'FILE_NOT_FOUND' });
});

test('a configuration file that is not UTF-8 text is refused and left alone', (t) => {
  const folder = tempFolder(t);
  const file = path.join(folder, 'settings.json');
  const rows = [
    [Buffer.from('\uFEFF{}', 'utf16le'), /saved as UTF-16/],
    [Buffer.from([0x7b, 0xff, 0x7d]), /not UTF-8/],
    [Buffer.alloc(1_000_001, 0x20), /larger than 1 MB/],
  ] as const;
  for (const [bytes, message] of rows) {
    fs.writeFileSync(file, bytes);
    assert.throws(() => readConfigText(file), { code: 'INVALID_SETTING', message, hint: /UTF-8/ });
    assert.deepEqual(fs.readFileSync(file), bytes);
  }
  assert.equal(readConfigText(path.join(folder, 'none')), null);
  assert.throws(() => readConfigText(folder), { code: 'INVALID_SETTING', message: /not a file/ });
});

test('the token is made once, private, and stays', (t) => {
  const folder = tempFolder(t);
  const token = readOrCreateToken(folder);
  assert.match(token, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(Buffer.from(token, 'base64url').length, 32);
  assert.equal(readOrCreateToken(folder), token);
  if (!onWindows) assert.equal(modeOf(path.join(folder, 'token')), '600');
  assert.deepEqual(fs.readdirSync(folder), ['token']);
});

test('a token file that others could read is made private again', { skip: onWindows }, (t) => {
  const folder = tempFolder(t);
  const token = readOrCreateToken(folder);
  fs.chmodSync(path.join(folder, 'token'), 0o644);
  assert.equal(readOrCreateToken(folder), token);
  assert.equal(modeOf(path.join(folder, 'token')), '600');
});

test('a damaged token is made anew', (t) => {
  const folder = tempFolder(t);
  const file = path.join(folder, 'token');
  for (const text of ['', 'short', '\0'.repeat(43), `${'a'.repeat(43)}!`, 'a'.repeat(100_000), 'a b'.repeat(14)]) {
    fs.writeFileSync(file, text);
    const token = readOrCreateToken(folder);
    assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(readOrCreateToken(folder), token);
    assert.deepEqual(fs.readdirSync(folder), ['token']);
  }
});

test('a link in the place of the token is replaced, and what it leads to is not touched', { skip: onWindows }, (t) => {
  const folder = tempFolder(t);
  const planted = path.join(folder, 'planted');
  fs.writeFileSync(planted, 'A'.repeat(43), { mode: 0o644 });
  const dir = path.join(folder, 'data');
  fs.mkdirSync(dir);
  fs.symlinkSync(planted, path.join(dir, 'token'));
  assert.notEqual(readOrCreateToken(dir), 'A'.repeat(43));
  assert.equal(fs.readFileSync(planted, 'utf8'), 'A'.repeat(43));
  assert.ok(fs.lstatSync(path.join(dir, 'token')).isFile());
});
