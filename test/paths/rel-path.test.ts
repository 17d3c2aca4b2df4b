import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../src/core/errors/app-error.ts';
import {
  existingRelPath,
  existingRelPathProblem,
  parseRelPath,
  relPathProblem,
  typedRelPath,
} from '../../src/core/paths/rel-path.ts';
import { categoryOf, extensionOf, nameOf, parentOf } from '../../src/core/paths/rel-path-parts.ts';

const fine = [
  'a',
  'loras/style.safetensors',
  'checkpoints/SD 1.5/model v1.0 (final) [fp16].ckpt',
  '.hidden/x',
  'COM10/x',
  'console',
  'nul-model.gguf',
  'null',
  'auxiliary.txt',
  '...a',
  'a..b/c',
  '日本語/モデル.safetensors',
  '🐱/😀.png',
  '%2e%2e/%2fetc',
  '．．／x',
  `${'a'.repeat(255)}`,
  `${'é'.repeat(127)}`,
  "it's & that; $HOME `x`",
];

const refused: readonly (readonly [string, RegExp])[] = [
  ['', /empty/],
  ['/etc/passwd', /must start with a name/],
  ['\\windows', /must start with a name/],
  ['\\\\server\\share', /must start with a name/],
  ['\\\\?\\C:\\x', /must start with a name/],
  ['C:', /drive letter/],
  ['C:x', /drive letter/],
  ['c:/x', /drive letter/],
  ['..', /“\.\.” leads to the folder above/],
  ['a/../b', /“\.\.” leads to the folder above/],
  ['a/..', /folder above/],
  ['./a', /“\.” stands for the folder itself/],
  ['a//b', /empty name/],
  ['a/', /empty name/],
  ['a\\b', /contains “\\”/],
  ['a/..\\..\\b', /contains “\\”/],
  ['ab:c', /“:”/],
  ['x/a:b', /“:”/],
  ['model.ckpt:hidden', /second stream/],
  ['model.ckpt::$DATA', /second stream/],
  ['a.', /ends with a dot/],
  ['.. /x', /ends with a space/],
  ['.../x', /ends with a dot/],
  ['a /b', /ends with a space/],
  ['con', /keeps for a device/],
  ['loras/AUX.txt', /“AUX\.txt” is a name that Windows keeps/],
  ['nul.tar.gz', /device/],
  ['com0', /device/],
  ['COM9.safetensors', /device/],
  ['lpt¹', /device/],
  ['com³.x', /device/],
  ['CONIN$', /device/],
  ['conout$.x', /device/],
  ['prn .txt', /device/],
  ['a\0b', /NUL/],
  ['a\nb', /control character/],
  ['a\u007fb', /control character/],
  ['a\u0085b', /control character/],
  ['a<b', /“<”/],
  ['a|b', /“\|”/],
  ['what?', /“\?”/],
  ['*', /“\*”/],
  ['"x"', /“"”/],
  ['a\uD800b', /half of a surrogate pair/],
  ['\uDE00', /half of a surrogate pair/],
  ['a'.repeat(256), /longer than 255 characters/],
  ['é'.repeat(128), /longer than 255 bytes/],
  ['猫'.repeat(86), /longer than 255 bytes/],
  [`${'a/'.repeat(16_000)}a`, /longer than 32000 characters/],
];

test('the strict form accepts names that mean the same on Windows and Linux', () => {
  for (const path of fine) assert.equal(relPathProblem(path), null, path);
});

test('the strict form refuses everything else, with the rule and the segment', () => {
  for (const [path, problem] of refused) {
    assert.match(relPathProblem(path) ?? 'accepted', problem, JSON.stringify(path.slice(0, 40)));
    assert.throws(() => parseRelPath(path), { name: 'AppError', code: 'INVALID_PATH', message: problem });
  }
});

test('a refusal is one printable sentence, however hostile the path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (path) => {
      try {
        parseRelPath(path);
      } catch (thrown) {
        assert.ok(thrown instanceof AppError);
        assert.doesNotMatch(thrown.message, /[\p{Cc}\p{Cs}]/u);
        assert.ok(thrown.message.length < 2_000 && thrown.message.endsWith('.'));
      }
    }),
  );
});

test('the root is accepted only where it is asked for', () => {
  assert.equal(parseRelPath('', { allowRoot: true }), '');
  assert.equal(existingRelPath('', 'posix'), '');
});

test('the lenient form on Linux accepts what ext4 holds, and on Windows refuses it', () => {
  for (const path of [
    'a:b',
    'a\\b',
    'x.',
    'x ',
    'con',
    'aux.txt',
    'what?',
    'line\nbreak',
    'C:/x',
    '..\\..\\x',
    '...',
  ]) {
    assert.equal(existingRelPathProblem(path, 'posix'), null, path);
    assert.notEqual(existingRelPathProblem(path, 'win32'), null, path);
  }
  for (const path of ['..', 'a/../../b', '/etc', 'a//b', 'a/.', 'a\0', '\uD800']) {
    assert.throws(() => existingRelPath(path, 'posix'), { code: 'INVALID_PATH' });
    assert.throws(() => existingRelPath(path, 'win32'), { code: 'INVALID_PATH' });
  }
});

test('typed paths: a separator at the end is dropped, and `\\` separates on Windows alone', () => {
  const rows = [
    ['loras/', 'posix', 'loras'],
    ['loras/flux', 'posix', 'loras/flux'],
    ['a\\b', 'posix', 'a\\b'],
    ['LORAS\\Flux\\', 'win32', 'LORAS/Flux'],
    ['loras\\flux/x', 'win32', 'loras/flux/x'],
    ['', 'win32', ''],
  ] as const;
  for (const [text, platform, path] of rows)
    assert.equal(existingRelPath(typedRelPath(text, platform), platform), path);
  for (const text of ['/', '\\', '\\\\nas\\share', 'a\\\\', 'C:\\x', '..\\x', 'a\\..\\..\\b']) {
    assert.throws(() => existingRelPath(typedRelPath(text, 'win32'), 'win32'), { code: 'INVALID_PATH' }, text);
  }
});

test('whatever the strict form accepts, the lenient one accepts on both platforms', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      (names) => {
        const path = names.join('/');
        fc.pre(relPathProblem(path) === null);
        assert.equal(existingRelPathProblem(path, 'posix'), null);
        assert.equal(existingRelPathProblem(path, 'win32'), null);
      },
    ),
  );
});

test('parts of a path', () => {
  const rows = [
    ['a', '', 'a', ''],
    ['loras/style.safetensors', 'loras', 'style.safetensors', 'loras'],
    ['loras/sd/x.ckpt', 'loras/sd', 'x.ckpt', 'loras'],
    ['', '', '', ''],
  ] as const;
  for (const [path, parent, name, category] of rows) {
    const relPath = parseRelPath(path, { allowRoot: true });
    assert.deepEqual([parentOf(relPath), nameOf(relPath), categoryOf(relPath)], [parent, name, category], path);
  }
});

test('extensions are lower case; sidecar extensions of two parts count as one', () => {
  const rows: Readonly<Record<string, string>> = {
    'x.safetensors': '.safetensors',
    'a.b/X.GGUF': '.gguf',
    'a.b/x': '',
    'x.civitai.info': '.civitai.info',
    'X.Preview.PNG': '.preview.png',
    'x.preview.jpg': '.preview.jpg',
    'x.preview.jpeg': '.preview.jpeg',
    'x.preview.webp': '.preview.webp',
    'x.preview.mp4': '.preview.mp4',
    'x.preview.gif': '.gif',
    'x.info': '.info',
    'mypreview.png': '.png',
    '.hidden': '',
    'a/.hidden': '',
    '.civitai.info': '.info',
    'a/.preview.png': '.png',
    '.hidden.txt': '.txt',
    'x.': '',
    x: '',
    '': '',
    'x.tar.gz': '.gz',
  };
  for (const [path, extension] of Object.entries(rows)) assert.equal(extensionOf(path), extension, path);
});
