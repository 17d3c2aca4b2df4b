import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { normaliseRoot, toAbsolute } from '../../src/core/paths/absolute-path.ts';
import { isInside, overlap, relativeTo } from '../../src/core/paths/containment.ts';
import { parseRelPath, type RelPath, relPathProblem, rootRelPath } from '../../src/core/paths/rel-path.ts';

test('roots get one form', () => {
  const rows = [
    ['/', '/', 'posix'],
    ['/data/models/', '/data/models', 'posix'],
    ['//data///models//', '/data/models', 'posix'],
    ['/data/./x/../models/.', '/data/models', 'posix'],
    ['/../..', '/', 'posix'],
    ['/data/a:b\\c', '/data/a:b\\c', 'posix'],
    ['c:\\', 'C:\\', 'win32'],
    ['c:/Models/', 'C:\\Models', 'win32'],
    ['D:\\AI\\\\models\\.\\x\\..', 'D:\\AI\\models', 'win32'],
    ['D:\\..\\..\\x', 'D:\\x', 'win32'],
    ['\\\\nas\\share', '\\\\nas\\share\\', 'win32'],
    ['//nas/share/models/', '\\\\nas\\share\\models', 'win32'],
    ['\\\\nas\\share\\..\\..\\x', '\\\\nas\\share\\x', 'win32'],
    ['\\\\?\\d:\\models', 'D:\\models', 'win32'],
    ['\\\\?\\UNC\\nas\\share\\m', '\\\\nas\\share\\m', 'win32'],
    ['\\\\wsl$\\Debian\\home', '\\\\wsl$\\Debian\\home', 'win32'],
  ] as const;
  for (const [text, normal, platform] of rows) {
    assert.equal(normaliseRoot(text, platform), normal, text);
    assert.equal(normaliseRoot(normal, platform), normal, `${text}, twice`);
  }
});

test('what is not a full path is refused with advice', () => {
  const rows = [
    ['', 'posix', /empty/],
    ['  ', 'win32', /empty/],
    ['models', 'posix', /not a full path/],
    ['./models', 'posix', /not a full path/],
    ['~/models', 'posix', /home folder/],
    ['C:\\models', 'posix', /not a full path/],
    ['/a\0b', 'posix', /NUL/],
    ['models', 'win32', /not a full path/],
    ['C:', 'win32', /current folder/],
    ['C:models', 'win32', /current folder/],
    ['\\models', 'win32', /which drive/],
    ['/models', 'win32', /which drive/],
    ['\\\\nas', 'win32', /server and a share/],
    ['\\\\nas\\', 'win32', /server and a share/],
    ['\\\\.\\PhysicalDrive0', 'win32', /device/],
    ['\\\\?\\Volume{00000000-0000-0000-0000-000000000000}\\x', 'win32', /device/],
    ['\\\\?\\GLOBALROOT\\Device\\x', 'win32', /device/],
    ['\\??\\C:\\x', 'win32', /which drive/],
    ['C:\\models.', 'win32', /ends with a dot/],
    ['C:\\a\\.. \\b', 'win32', /ends with a space/],
    ['C:\\con\\x', 'win32', /device/],
    ['C:\\a:b', 'win32', /“:”/],
    ['C:\\a?', 'win32', /“\?”/],
  ] as const;
  for (const [text, platform, message] of rows) {
    assert.throws(() => normaliseRoot(text, platform), { code: 'INVALID_PATH', message }, `${platform} ${text}`);
  }
});

test('files below a root, in the platform’s own form', () => {
  const rows = [
    ['/', 'a/b', 'posix', '/a/b'],
    ['/data', 'a/b', 'posix', '/data/a/b'],
    ['/data', '', 'posix', '/data'],
    ['C:\\', 'a/b', 'win32', 'C:\\a\\b'],
    ['C:\\', '', 'win32', 'C:\\'],
    ['C:\\m', 'a/b', 'win32', 'C:\\m\\a\\b'],
    ['\\\\nas\\s', 'a', 'win32', '\\\\nas\\s\\a'],
    ['C:\\m', 'x'.repeat(235), 'win32', `C:\\m\\${'x'.repeat(235)}`],
    ['C:\\m', 'x'.repeat(236), 'win32', `\\\\?\\C:\\m\\${'x'.repeat(236)}`],
    ['\\\\nas\\s', 'x'.repeat(240), 'win32', `\\\\?\\UNC\\nas\\s\\${'x'.repeat(240)}`],
  ] as const;
  for (const [root, relPath, platform, expected] of rows) {
    const parsed = parseRelPath(relPath, { allowRoot: true });
    assert.equal(toAbsolute(normaliseRoot(root, platform), parsed, platform), expected);
  }
});

test('a path that was cast, or comes from another platform’s index, is refused when it is joined', () => {
  const rows = [
    ['..', 'posix'],
    ['a/../../b', 'posix'],
    ['/etc', 'posix'],
    ['a\\..\\..\\b', 'win32'],
    ['C:x', 'win32'],
    ['.. /x', 'win32'],
    ['nul', 'win32'],
  ] as const;
  for (const [text, platform] of rows) {
    const root = normaliseRoot(platform === 'posix' ? '/data' : 'C:\\data', platform);
    assert.throws(() => toAbsolute(root, text as RelPath, platform), { code: 'INVALID_PATH' }, text);
  }
});

test('containment goes by whole folders and by the platform’s case rules', () => {
  const rows = [
    ['/media/usb', '/media/usb', 'posix', 'same'],
    ['/media/usb/', '/media/usb', 'posix', 'same'],
    ['/media/usb', '/media/usb_backup', 'posix', 'apart'],
    ['/media/usb_backup', '/media/usb', 'posix', 'apart'],
    ['/media/usb/loras', '/media/usb', 'posix', 'a-inside-b'],
    ['/media', '/media/usb', 'posix', 'b-inside-a'],
    ['/Media/usb', '/media', 'posix', 'apart'],
    ['/', '/x', 'posix', 'b-inside-a'],
    ['/x/../y', '/y/z', 'posix', 'b-inside-a'],
    ['C:\\Models', 'c:\\MODELS\\x', 'win32', 'b-inside-a'],
    ['C:\\', 'c:\\x', 'win32', 'b-inside-a'],
    ['C:\\', 'D:\\x', 'win32', 'apart'],
    ['C:\\models', 'C:/models2', 'win32', 'apart'],
    ['\\\\NAS\\Share', '\\\\nas\\share\\m', 'win32', 'b-inside-a'],
    ['\\\\nas\\share', '\\\\nas\\share2\\m', 'win32', 'apart'],
    ['\\\\?\\C:\\m', 'C:\\m\\x', 'win32', 'b-inside-a'],
    ['C:\\MÜLL', 'c:\\müll\\x', 'win32', 'b-inside-a'],
  ] as const;
  for (const [a, b, platform, expected] of rows) {
    assert.equal(overlap(a, b, platform), expected, `${a} ${b}`);
    assert.equal(isInside(a, b, platform), expected === 'b-inside-a', `${b} inside ${a}`);
  }
  assert.equal(isInside('/data', 'data/x', 'posix'), false);
  assert.equal(isInside('C:\\data', 'C:\\data\\.. \\x', 'win32'), false);
  assert.throws(() => overlap('models', '/x', 'posix'), { code: 'INVALID_PATH' });
});

test('what is joined below a root is inside it, and comes back as it was', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 12 }), (names) => {
      const text = names.join('/');
      fc.pre(relPathProblem(text) === null);
      const relPath = parseRelPath(text);
      for (const [root, platform] of [
        ['/', 'posix'],
        ['/d/m', 'posix'],
        ['C:\\', 'win32'],
        ['\\\\n\\s\\m', 'win32'],
      ] as const) {
        const normal = normaliseRoot(root, platform);
        const joined = toAbsolute(normal, relPath, platform);
        assert.ok(isInside(normal, joined, platform), joined);
        const plain = platform === 'win32' ? normaliseRoot(joined, platform) : joined;
        assert.equal(
          relativeTo(toAbsolute(normal, rootRelPath, platform), plain, platform === 'posix' ? '/' : '\\'),
          relPath,
        );
        assert.equal(path[platform].resolve(plain), plain);
      }
    }),
  );
});
