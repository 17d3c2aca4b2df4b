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
    ['C:/AI\\models/loras\\', 'C:\\AI\\models\\loras', 'win32'],
    ['//?/c:/models', 'C:\\models', 'win32'],
    ['//?/unc/nas/share', '\\\\nas\\share\\', 'win32'],
    ['C:\\PROGRA~1\\AI~1.0', 'C:\\PROGRA~1\\AI~1.0', 'win32'],
    ['\\\\nas\\d$\\models', '\\\\nas\\d$\\models', 'win32'],
    ['\\\\10.0.0.2\\models', '\\\\10.0.0.2\\models\\', 'win32'],
    ['\\\\nas@SSL@8443\\DavWWWRoot\\models', '\\\\nas@SSL@8443\\DavWWWRoot\\models', 'win32'],
    ['C:\\console\\com10\\nul-models', 'C:\\console\\com10\\nul-models', 'win32'],
    ['C:\\.cache\\..models', 'C:\\.cache\\..models', 'win32'],
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
    ['"C:\\models"', 'win32', /not a full path/],
    ['1:\\models', 'win32', /not a full path/],
    ['CC:\\models', 'win32', /not a full path/],
    ['file:///C:/models', 'win32', /not a full path/],
    ['%USERPROFILE%\\models', 'win32', /not a full path/],
    ['\\\\?\\C:', 'win32', /device/],
    ['\\\\?\\models', 'win32', /device/],
    ['\\\\.\\C:\\models', 'win32', /device/],
    ['//./pipe/models', 'win32', /device/],
    ['\\\\?\\UNC\\nas', 'win32', /server and a share/],
    ['\\\\\\share\\x', 'win32', /server and a share/],
    ['\\\\nas\\sh:are', 'win32', /“:”/],
    ['\\\\nas\\share\\x.', 'win32', /ends with a dot/],
    ['C:\\models\\file.bin:second', 'win32', /second stream/],
    ['C:\\models::$INDEX_ALLOCATION', 'win32', /second stream/],
    ['C:\\models:', 'win32', /second stream/],
    ['\\\\?\\C:\\models \\x', 'win32', /ends with a space/],
    ['C:\\...', 'win32', /ends with a dot/],
    ['C:\\NUL', 'win32', /device/],
    ['C:\\aux.models\\x', 'win32', /device/],
    ['C:\\com¹', 'win32', /device/],
    ['C:\\x\\LPT9 .txt', 'win32', /device/],
    ['C:\\a\tb', 'win32', /control character/],
    ['C:\\a\uD800', 'win32', /half of a surrogate pair/],
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
    ['a/COM¹.txt', 'win32'],
    ['model.gguf:zone', 'win32'],
    ['model.gguf::$DATA', 'win32'],
    ['loras./x', 'win32'],
    ['\\\\nas\\share', 'win32'],
    ['a\0', 'win32'],
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
    ['C:/Models', 'c:\\models\\', 'win32', 'same'],
    ['\\\\?\\UNC\\NAS\\Share\\', '//nas/share', 'win32', 'same'],
    ['\\\\nas\\share\\models', '\\\\nas\\SHARE', 'win32', 'a-inside-b'],
    ['\\\\nas\\share', '\\\\nas2\\share', 'win32', 'apart'],
    ['C:\\x\\..\\Models', 'C:\\models\\x', 'win32', 'b-inside-a'],
    ['C:\\straße', 'C:\\STRASSE', 'win32', 'apart'],
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
