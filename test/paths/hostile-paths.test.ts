import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { normaliseRoot, toAbsolute } from '../../src/core/paths/absolute-path.ts';
import {
  existingRelPath,
  existingRelPathProblem,
  type PathPlatform,
  parseRelPath,
  type RelPath,
  relPathProblem,
} from '../../src/core/paths/rel-path.ts';

/** Ways people have left a folder: OWASP path traversal, the Win32 naming rules, CVE lists of archive extractors. */
const steps = [
  ...[
    '..',
    '.',
    '',
    '...',
    '....',
    '.. ',
    '..  ',
    '. .',
    ' ..',
    '..\t',
    '..\0',
    '\0..',
    '..\u00a0',
    '..\u200b',
    '\u202e..',
    '..;',
  ],
  ...[
    '..\\',
    '\\..',
    '\\',
    '/',
    '\\\\',
    '..\\..',
    '../..',
    '..\\../',
    '..%00',
    '..::$INDEX_ALLOCATION',
    '..:$DATA',
    '..:x',
  ],
  ...[
    '%2e%2e',
    '%2e%2e%2f',
    '%252e%252e',
    '%c0%ae%c0%ae',
    '%uff0e%uff0e',
    '.%2e',
    '%2e.',
    '..%2f',
    '..%5c',
    '..%255c',
    '&#46;&#46;',
  ],
  ...[
    '．．',
    '。。',
    '‥',
    '…',
    '․․',
    '﹒﹒',
    '..\u2044',
    '..\u2215',
    '..\u29f8',
    '..／',
    '..＼',
    '..\ufe68',
    '¥..',
    '₩..',
    '.\u0307.',
  ],
  ...[
    'C:',
    'c:',
    'C:..',
    'C:foo',
    'C:\\',
    'C:/',
    'C|',
    'Z:..\\..',
    '::',
    ':',
    'file:',
    'file:///',
    '~',
    '~root',
    '$HOME',
    '%APPDATA%',
  ],
  ...[
    '\\\\server\\share',
    '//server/share',
    '\\\\?\\C:\\',
    '\\\\.\\C:\\',
    '\\\\?\\UNC\\s\\s',
    '\\??\\C:\\',
    '//?/C:/',
    '\\\\localhost\\c$',
  ],
  ...[
    'CON',
    'con.txt',
    'AUX',
    'NUL',
    'nul.',
    'NUL .x',
    'COM1',
    'COM¹',
    'LPT9.tar',
    'CONIN$',
    'conout$',
    'PRN:',
    'COM1:',
    'CLOCK$',
  ],
  ...[
    'PROGRA~1',
    'GIT~1',
    '~1',
    'a.',
    'a ',
    'a. ',
    'a .',
    'x::$DATA',
    'x:y',
    'x:y:$DATA',
    'a\nb',
    'a\rb',
    'a\u0000',
    '\uD800',
    '\uDC00..',
  ],
  ...[
    '*',
    '?',
    '<',
    '>',
    '|',
    '"',
    '..?',
    '..*',
    '-rf',
    '--',
    '.git',
    'e\u0301',
    'é',
    'ﬁ',
    'ß',
    'İ',
    'K',
    'a'.repeat(255),
    'b'.repeat(256),
  ],
  ...['x', 'loras', 'style.safetensors', '\ufeff..', '..\ufeff', '\u2028', '..\u0085', '\u0007', '\u007f'],
];
const separators = ['/', '\\', '//', '/./', '\\/', '%2f', '／', '\u2215'];

function* hostilePaths(): Generator<string> {
  for (const a of steps) {
    yield a;
    for (const separator of separators) {
      yield `${separator}${a}`;
      yield `${a}${separator}`;
      for (const b of steps) {
        yield `${a}${separator}${b}`;
        if (separator === '/' || separator === '\\') {
          yield `${a}${separator}${b}${separator}..${separator}..${separator}x`;
          yield `x${separator}${a}${separator}${b}`;
        }
      }
    }
  }
  for (let depth = 1; depth <= 60; depth += 1) {
    for (const step of steps.slice(0, 40))
      for (const separator of separators) yield `${`${step}${separator}`.repeat(depth)}x`;
  }
}

/** Seeded, so that a failure can be repeated (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function* randomPaths(count: number): Generator<string> {
  const random = seededRandom(20_240_611);
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  for (let i = 0; i < count; i += 1) {
    let text = '';
    for (let part = 1 + Math.floor(random() * 7); part > 0; part -= 1)
      text += pick(steps) + (random() < 0.9 ? pick(separators) : '');
    yield text;
  }
}

/** What Win32 does to a path besides what `path.win32` knows: dots and spaces at the end of names fall away. */
function asWin32Opens(text: string): string {
  return path.win32.resolve(
    text
      .replace(/^\\\\\?\\(?:UNC\\)?/i, (prefix) => (prefix.length > 4 ? '\\\\' : ''))
      .split('\\')
      .map((name) => (/^[. ]+$/.test(name) ? name.replaceAll(' ', '') : name.replace(/[. ]+$/, '')))
      .join('\\'),
  );
}

function escapes(root: string, opened: string, platform: PathPlatform): boolean {
  const api = path[platform];
  const real = platform === 'win32' ? asWin32Opens(opened) : api.resolve(opened);
  const relative = api.relative(api.resolve(root), real);
  return relative === '' || relative.split(api.sep)[0] === '..' || api.isAbsolute(relative) || opened.includes('\0');
}

/** Names that open a device or a second stream instead of a file, by another reading of the rules than the program's. */
function opensSomethingElse(relPath: string): boolean {
  return relPath.split('/').some((name) => {
    const stem = (name.split('.')[0] ?? '').trimEnd().toUpperCase();
    const isDevice =
      ['CON', 'PRN', 'AUX', 'NUL', 'CONIN$', 'CONOUT$'].includes(stem) || /^(COM|LPT)[0-9¹²³]$/.test(stem);
    return isDevice || name.includes(':');
  });
}

const roots = [
  ['/media/usb', 'posix'],
  ['/', 'posix'],
  ['C:\\Models', 'win32'],
  ['D:\\', 'win32'],
  ['\\\\nas\\share\\models', 'win32'],
] as const;

interface Form {
  readonly name: string;
  problem(text: string, platform: PathPlatform): string | null;
  accept(text: string, platform: PathPlatform): RelPath;
}

const forms: readonly Form[] = [
  { name: 'strict', problem: relPathProblem, accept: (text) => parseRelPath(text) },
  { name: 'lenient', problem: existingRelPathProblem, accept: existingRelPath },
];

test('no hostile path that is accepted leads out of its root on either platform', (t) => {
  const seen = new Set([...hostilePaths(), ...randomPaths(60_000)]);
  seen.delete('');
  const normalRoots = roots.map(([root, platform]) => ({ root: normaliseRoot(root, platform), platform }));
  const escaped: string[] = [];
  let accepted = 0;
  for (const text of seen) {
    for (const { name, problem, accept } of forms) {
      for (const { root, platform } of normalRoots) {
        if (problem(text, platform) !== null) continue;
        accepted += 1;
        const relPath = accept(text, platform);
        const opened = toAbsolute(root, relPath, platform);
        const elsewhere = (platform === 'win32' || name === 'strict') && opensSomethingElse(relPath);
        if (elsewhere || escapes(root, opened, platform))
          escaped.push(`${name} ${platform} ${JSON.stringify(text)} → ${opened}`);
      }
    }
  }
  t.diagnostic(
    `${seen.size} hostile paths, ${forms.length} forms, ${roots.length} roots: ${accepted} accepted, ${escaped.length} escapes`,
  );
  assert.ok(seen.size >= 100_000, `only ${seen.size} paths`);
  assert.ok(accepted > 10_000, 'the generator makes hardly anything that is accepted, so it proves little');
  assert.deepEqual(escaped, []);
});

test('the oracle itself sees an escape', () => {
  for (const opened of [
    'C:\\Models\\..\\x',
    'C:\\Models\\.. \\x',
    'C:\\Models2\\x',
    'D:\\x',
    'C:\\Models\\a\\..\\..\\x',
  ]) {
    assert.ok(escapes('C:\\Models', opened, 'win32'), opened);
  }
  assert.ok(escapes('/media/usb', '/media/usb_backup/x', 'posix'));
  assert.ok(!escapes('/media/usb', '/media/usb/..a/x', 'posix'));
});
