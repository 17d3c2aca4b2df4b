import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../src/core/catalog/folder-hashes.ts';
import { hashFile } from '../../src/core/hashing/hash-file.ts';
import { QuickHasher, quickHashRanges, quickHashTag } from '../../src/core/hashing/quick-hash.ts';
import type { Hasher, Hashers } from '../../src/core/ports/hashers.ts';
import { loadHashers } from '../../src/platform/hash-workers/hashers.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';

const mebibyte = 1024 * 1024;
const native = await loadHashers();
const wasm = await loadHashers({ forceWasm: true });
const implementations: readonly (readonly [name: string, hashers: Hashers, available: boolean])[] = [
  ['native', native, native.blake3Kind === 'native'],
  ['WebAssembly', wasm, true],
];

function digest(hasher: Hasher, ...chunks: readonly Uint8Array[]): string {
  for (const chunk of chunks) hasher.update(chunk);
  return toHex(hasher.digest());
}

/** Input of the official test vectors: byte i is i mod 251. */
function counting(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}

/** First 32 bytes of `hash` in test_vectors.json of https://github.com/BLAKE3-team/BLAKE3. */
const blake3Vectors: readonly (readonly [length: number, hash: string])[] = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [2, '7b7015bb92cf0b318037702a6cdd81dee41224f734684c2c122cd6359cb1ee63'],
  [3, 'e1be4d7a8ab5560aa4199eea339849ba8e293d55ca0a81006726d184519e647f'],
  [63, 'e9bc37a594daad83be9470df7f7b3798297c3d834ce80ba85d6e207627b7db7b'],
  [64, '4eed7141ea4a5cd4b788606bd23f46e212af9cacebacdc7d1f4c6dc7f2511b98'],
  [65, 'de1e5fa0be70df6d2be8fffd0e99ceaa8eb6e8c93a63f2d8d1c30ecb6b263dee'],
  [127, 'd81293fda863f008c09e92fc382a81f5a0b4a1251cba1634016a0f86a6bd640d'],
  [128, 'f17e570564b26578c33bb7f44643f539624b05df1a76c81f30acd548c44b45ef'],
  [129, '683aaae9f3c5ba37eaaf072aed0f9e30bac0865137bae68b1fde4ca2aebdcb12'],
  [1_023, '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11'],
  [1_024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  [1_025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
  [2_048, 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a'],
  [2_049, '5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030'],
  [3_072, 'b98cb0ff3623be03326b373de6b9095218513e64f1ee2edd2525c7ad1e5cffd2'],
  [3_073, '7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3'],
  [4_096, '015094013f57a5277b59d8475c0501042c0b642e531b0a1c8f58d2163229e969'],
  [4_097, '9b4052b38f1c5fc8b1f9ff7ac7b27cd242487b3d890d15c96a1c25b8aa0fb995'],
  [5_120, '9cadc15fed8b5d854562b26a9536d9707cadeda9b143978f319ab34230535833'],
  [5_121, '628bd2cb2004694adaab7bbd778a25df25c47b9d4155a55f8fbd79f2fe154cff'],
  [6_144, '3e2e5b74e048f3add6d21faab3f83aa44d3b2278afb83b80b3c35164ebeca205'],
  [6_145, 'f1323a8631446cc50536a9f705ee5cb619424d46887f3c376c695b70e0f0507f'],
  [7_168, '61da957ec2499a95d6b8023e2b0e604ec7f6b50e80a9678b89d2628e99ada77a'],
  [7_169, 'a003fc7a51754a9b3c7fae0367ab3d782dccf28855a03d435f8cfe74605e7817'],
  [8_192, 'aae792484c8efe4f19e2ca7d371d8c467ffb10748d8a5a1ae579948f718a2a63'],
  [8_193, 'bab6c09cb8ce8cf459261398d2e7aef35700bf488116ceb94a36d0f5f1b7bc3b'],
  [16_384, 'f875d6646de28985646f34ee13be9a576fd515f76b5b0a26bb324735041ddde4'],
  [31_744, '62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47'],
  [102_400, 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085'],
];

describe('BLAKE3', () => {
  for (const [name, hashers, available] of implementations) {
    for (const [length, hash] of blake3Vectors) {
      test(`official vector of ${length} bytes, ${name}`, {
        skip: !available && 'the native library does not load here',
      }, () => {
        assert.equal(digest(hashers.blake3(), counting(length)), hash);
      });
    }
  }

  test('chunks of any size give the same hash, with several hashes running side by side', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 5 }),
        fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 5 }),
        (one, two) => {
          for (const [, hashers] of implementations) {
            const first = hashers.blake3();
            const second = hashers.blake3();
            for (let k = 0; k < 5; k += 1) {
              first.update(one[k] ?? new Uint8Array(0));
              second.update(two[k] ?? new Uint8Array(0));
            }
            assert.equal(toHex(second.digest()), digest(wasm.blake3(), Buffer.concat(two)));
            assert.equal(toHex(first.digest()), digest(wasm.blake3(), Buffer.concat(one)));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a buffer that is reused after update changes nothing', () => {
    for (const [, hashers] of implementations) {
      const buffer = counting(1_024).slice();
      const hasher = hashers.blake3();
      hasher.update(buffer);
      buffer.fill(0);
      assert.equal(toHex(hasher.digest()), digest(hashers.blake3(), counting(1_024)));
    }
  });

  const b3sum = spawnSync('b3sum', ['--version']).status === 0;
  test('agrees with b3sum', { skip: !b3sum && 'b3sum is not installed' }, () => {
    for (const length of [0, 5, 1_025, 65_537, 1_500_000]) {
      const { stdout } = spawnSync('b3sum', ['--no-names'], { input: counting(length), encoding: 'utf8' });
      for (const [, hashers] of implementations)
        assert.equal(digest(hashers.blake3(), counting(length)), stdout.trim());
    }
  });
});

describe('SHA-256', () => {
  /** FIPS 180-4 examples and the NIST "long" vector. */
  const cases: readonly (readonly [text: string, hash: string])[] = [
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ];
  for (const [text, hash] of cases) {
    test(`${text.length} letters`, () => assert.equal(digest(native.sha256(), Buffer.from(text)), hash));
  }
});

/** Byte i is (31 i + 17 ⌊i / 2⁸⌋ + 13 ⌊i / 2¹⁶⌋) mod 256. */
function vectorContent(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i += 1) bytes[i] = (31 * i + 17 * (i >> 8) + 13 * (i >> 16)) & 255;
  return bytes;
}

function quickHash(bytes: Uint8Array, chunk = mebibyte): string | null {
  const hasher = new QuickHasher(bytes.length, native.blake3());
  for (let at = 0; at < bytes.length; at += chunk) hasher.update(bytes.subarray(at, at + chunk));
  const hash = hasher.digest();
  return hash && toHex(hash);
}

describe('the quick hash', () => {
  /** Facts of the older tools' rule: sizes and the first 16 digits of their BLAKE3. */
  const vectors: readonly (readonly [size: number, start: string])[] = [
    [8, '544f71a4db54cee0'],
    [100, 'e8e7f166ce231c71d61c65218c4ccc96c335c098aa21160d98c4f70981247b76'],
    [5_242_879, '49a0257e032afcc1'],
    [5_242_880, 'b9188ea734bef8aa'],
    [5_242_881, 'b7843e06d4f0bb31'],
    [10_485_760, '68c3af416a3af1bf'],
    [31_457_280, '32401356f644832a'],
    [31_457_281, '2a343360e8709f2f'],
    [41_943_043, '5b69cad35269fa90'],
  ];
  for (const [size, start] of vectors) {
    test(`vector of ${size} bytes`, () => assert.ok(quickHash(vectorContent(size))?.startsWith(start)));
  }

  const shared = '../shared/data/short_hash.json';
  let current: {
    readonly vectors: readonly { readonly size: number; readonly blake3_16: string; readonly quick_hash?: string }[];
  } | null = null;
  before(() => {
    try {
      current = JSON.parse(readFileSync(shared, 'utf8'));
    } catch {
      current = null;
    }
  });
  test('the list of vectors beside the project, where it is there', (context) => {
    if (current === null) return context.skip(`there is no ${shared}`);
    for (const { size, blake3_16: start, quick_hash: whole } of current.vectors) {
      const hash = quickHash(vectorContent(size));
      assert.ok(hash?.startsWith(start), `${size} bytes`);
      if (whole) assert.equal(hash, whole);
    }
  });

  test('is the same for chunks of any size', () => {
    const bytes = vectorContent(31 * mebibyte + 5);
    const expected = quickHash(bytes);
    for (const chunk of [bytes.length, 3 * mebibyte + 1, 256 * 1024]) assert.equal(quickHash(bytes, chunk), expected);
  });

  test('small files have none, and the tag tells the rule', () => {
    for (const size of [0, 1, 7]) assert.equal(quickHash(vectorContent(size)), null);
    assert.equal(quickHashTag, 'blake3s1:');
  });

  test('reads ranges that lie inside the file, apart and in order', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat({ max: 64 * mebibyte }), fc.integer({ min: 30 * mebibyte, max: 5e11 })), (size) => {
        let end = 0;
        for (const [from, to] of quickHashRanges(size)) {
          assert.ok(Number.isInteger(from) && from >= end && to > from && to <= size);
          end = to;
        }
      }),
    );
  });
});

describe('hashing a file', () => {
  const fs = new MemoryFileSystem();
  fs.file('/m/loras/a.bin', { bytes: counting(102_400) });
  fs.file('/m/empty.bin');
  fs.link('/m/inside.bin', 'loras/a.bin');
  fs.file('/elsewhere/b.bin', { size: 5 });
  fs.link('/m/out.bin', '/elsewhere/b.bin');
  fs.link('/m/linked', '/elsewhere');
  fs.special('/m/pipe');
  const expected = blake3Vectors.find(([length]) => length === 102_400)?.[1];
  const options = { fs, hashers: native, realRoot: '/m', sha256: true, quick: true };

  for (const bufferBytes of [1_000, 102_400, mebibyte]) {
    test(`in pieces of ${bufferBytes} bytes`, () => {
      const chunks: number[] = [];
      const hashes = hashFile('/m/loras/a.bin', null, {
        ...options,
        buffer: new Uint8Array(bufferBytes),
        onChunk: (bytes) => chunks.push(bytes),
      });
      assert.equal(toHex(hashes.blake3), expected);
      assert.equal(hashes.size, 102_400);
      assert.equal(hashes.sha256 && toHex(hashes.sha256), digest(native.sha256(), counting(102_400)));
      assert.equal(hashes.quickHash && toHex(hashes.quickHash), quickHash(counting(102_400)));
      assert.equal(
        chunks.reduce((sum, bytes) => sum + bytes, 0),
        102_400,
      );
    });
  }

  const buffer = new Uint8Array(4_096);
  test('an empty file has the hash of nothing', () => {
    const { blake3, quickHash: quick } = hashFile('/m/empty.bin', null, { ...options, buffer });
    assert.equal(toHex(blake3), blake3Vectors[0]?.[1]);
    assert.equal(quick, null);
  });

  test('a link inside the location is read', () => {
    assert.equal(toHex(hashFile('/m/inside.bin', null, { ...options, buffer }).blake3), expected);
  });

  const refused: readonly (readonly [path: string, code: string])[] = [
    ['/m/out.bin', 'LINK_ESCAPES'],
    ['/m/linked/b.bin', 'LINK_ESCAPES'],
    ['/elsewhere/b.bin', 'LINK_ESCAPES'],
    ['/m/pipe', 'SPECIAL_FILE'],
    ['/m/loras', 'SPECIAL_FILE'],
    ['/m/gone.bin', 'FILE_NOT_FOUND'],
  ];
  for (const [path, code] of refused) {
    test(`${path} is refused: ${code}`, () =>
      assert.throws(() => hashFile(path, null, { ...options, buffer }), { code }));
  }

  const facts = fs.lstat('/m/loras/a.bin');
  for (const [title, wrong] of [
    ['size', { ...facts, size: 1 }],
    ['time', { ...facts, mtimeNs: facts.mtimeNs + 1n }],
    ['identity', { ...facts, fileId: 1n }],
  ] as const) {
    test(`another ${title} than the index holds gives no hash`, () => {
      assert.throws(() => hashFile('/m/loras/a.bin', wrong, { ...options, buffer }), { code: 'FILE_CHANGED' });
    });
  }
});
