import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src/core/errors/app-error.ts';
import { readHeader } from '../../src/core/headers/read-header.ts';
import type { ReadHeader } from '../../src/core/ports/model-header.ts';
import { compareHeaders, isWhole } from '../../src/features/headers/compare-headers.ts';
import { createNodeRawFileSystem } from '../../src/platform/filesystem/node-raw-file-system.ts';

const demo = fileURLToPath(new URL('../../demo/', import.meta.url));
const rawFs = createNodeRawFileSystem();

function safetensors(header: string | Buffer, dataBytes = 0, claimed?: bigint): Buffer {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: bigint | number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

function gguf(
  fields: readonly Buffer[],
  tensors: readonly Buffer[],
  counts: readonly (bigint | number)[] = [],
): Buffer {
  const [tensorCount = tensors.length, fieldCount = fields.length] = counts;
  return Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensorCount), u64(fieldCount), ...fields, ...tensors]);
}

describe('headers of model files', () => {
  let root = '';
  before(() => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-headers-')));
  });
  after(() => fs.rmSync(root, { recursive: true, force: true }));

  function read(name: string, bytes: Buffer | string): ReadHeader {
    const file = path.join(root, name);
    fs.writeFileSync(file, bytes);
    return readHeader(file, { fs: rawFs, realRoot: root });
  }

  it('reads a real safetensors file', () => {
    const { header } = readHeader(path.join(demo, 'test_embedding.safetensors'), {
      fs: rawFs,
      realRoot: fs.realpathSync(demo),
    });
    const json = fs.readFileSync(path.join(demo, 'test_embedding.safetensors'));
    const expected = JSON.parse(json.subarray(8, 8 + Number(json.readBigUInt64LE())).toString()) as object;
    const tensors = Object.keys(expected).filter((key) => key !== '__metadata__');
    assert.deepEqual([header.format, header.warnings], ['safetensors', []]);
    assert.equal(header.tensorCount, tensors.length);
  });

  it('counts parameters by type, and keeps metadata as text', () => {
    const { header, tensors } = read(
      'a.safetensors',
      safetensors(
        JSON.stringify({
          __metadata__: { 'modelspec.title': 'Größe “x” \u0001', __proto__x: '1' },
          'a.weight': { dtype: 'F16', shape: [320, 4], data_offsets: [0, 2560] },
          'b.weight': { dtype: 'F32', shape: [], data_offsets: [2560, 2564] },
        }),
        2564,
      ),
    );
    assert.deepEqual(header.warnings, []);
    assert.deepEqual(header.metadata, [
      { key: 'modelspec.title', value: 'Größe “x” \u0001' },
      { key: '__proto__x', value: '1' },
    ]);
    assert.deepEqual(header.facts, [{ key: 'Name', value: 'Größe “x” \u0001' }]);
    assert.deepEqual([header.tensorCount, header.parameters], [2, 1281]);
    assert.deepEqual(header.dtypes, [
      { dtype: 'F16', tensors: 1, parameters: 1280 },
      { dtype: 'F32', tensors: 1, parameters: 1 },
    ]);
    assert.deepEqual(tensors[0], { name: 'a.weight', description: 'F16 [320, 4]' });
  });

  it('says that a file ends early, and how much is missing', () => {
    const { header } = read(
      'cut.safetensors',
      safetensors('{"a":{"dtype":"U8","shape":[900],"data_offsets":[0,900]}}', 100),
    );
    assert.match(header.warnings[0] ?? '', /ends early.*800 bytes are missing/);
  });

  it('reads fields, quantisation and tensors of a GGUF file and steps over lists', () => {
    const { header } = read(
      'a.gguf',
      gguf(
        [
          Buffer.concat([text('general.architecture'), u32(8), text('flux')]),
          Buffer.concat([text('tokenizer.ggml.tokens'), u32(9), u32(8), u64(2), text('one'), text('two')]),
          Buffer.concat([text('sizes'), u32(9), u32(4), u64(3), u32(1), u32(2), u32(3)]),
          Buffer.concat([text('general.file_type'), u32(4), u32(15)]),
        ],
        [Buffer.concat([text('blk.0'), u32(2), u64(64), u64(32), u32(12), u64(0)])],
      ),
    );
    assert.deepEqual(header.warnings, []);
    assert.deepEqual(header.facts, [
      { key: 'Architecture', value: 'flux' },
      { key: 'Quantisation', value: 'Q4_K_M' },
      { key: 'GGUF version', value: '3' },
    ]);
    assert.deepEqual(header.metadata[1], { key: 'tokenizer.ggml.tokens', value: '(list of 2)' });
    assert.deepEqual([header.tensorCount, header.parameters, header.dtypes[0]?.dtype], [1, 2048, 'Q4_K']);
  });

  const contents: readonly (readonly [
    name: string,
    content: Buffer | string,
    format: string,
    warning: RegExp | null,
  ])[] = [
    ['page.safetensors', '<!DOCTYPE html><html><script>alert(1)</script>', 'web-page', /content is a web page/],
    ['error.safetensors', '{"error":"not found"}', 'json', /JSON text/],
    ['pointer.ckpt', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n', 'lfs-pointer', /never downloaded/],
    ['zip.pt', Buffer.from('504b0304aaaa', 'hex'), 'zip', null],
    ['old.pth', Buffer.from('80025d71', 'hex'), 'pickle', null],
    ['zip.safetensors', Buffer.from('504b0304aaaa', 'hex'), 'zip', /ends in \.safetensors.*zip archive/],
    ['empty.gguf', '', 'empty', /content is empty/],
    ['notes.txt', 'hello', 'unknown', null],
  ];
  for (const [name, content, format, warning] of contents) {
    it(`tells what ${name} is by its content: ${format}`, () => {
      const { header } = read(name, content);
      assert.equal(header.format, format);
      if (warning) assert.match(header.warnings[0] ?? '', warning);
      else assert.deepEqual(header.warnings, []);
    });
  }

  it('reads the demo’s ONNX and pickle files as what they are', () => {
    const formatOf = (name: string) =>
      readHeader(path.join(demo, name), { fs: rawFs, realRoot: fs.realpathSync(demo) }).header.format;
    assert.equal(formatOf('light_vgg19.onnx'), 'onnx');
    assert.ok(['zip', 'pickle'].includes(formatOf('vgg.pth')));
  });

  it('opens nothing outside of the location', { skip: process.platform === 'win32' }, () => {
    fs.mkdirSync(path.join(root, 'inside'), { recursive: true });
    fs.writeFileSync(path.join(root, 'secret.safetensors'), 'x');
    fs.symlinkSync(path.join(root, 'secret.safetensors'), path.join(root, 'inside', 'link.safetensors'));
    assert.throws(
      () =>
        readHeader(path.join(root, 'inside', 'link.safetensors'), { fs: rawFs, realRoot: path.join(root, 'inside') }),
      (thrown) => thrown instanceof AppError && thrown.code === 'LINK_ESCAPES',
    );
  });
});

describe('hostile headers', () => {
  let root = '';
  before(() => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-hostile-')));
  });
  after(() => fs.rmSync(root, { recursive: true, force: true }));

  function read(name: string, bytes: Buffer | string): ReadHeader {
    const file = path.join(root, name);
    fs.writeFileSync(file, bytes);
    return readHeader(file, { fs: rawFs, realRoot: root });
  }

  const huge = 'x'.repeat(2_000_000);
  const cases: readonly (readonly [what: string, name: string, bytes: Buffer])[] = [
    ['a length beyond the file', 'a.safetensors', safetensors('{}', 0, 90_000_000n)],
    ['nesting without end', 'b.safetensors', safetensors(`{"a":${'{"a":'.repeat(50_000)}`)],
    ['a list without end', 'c.safetensors', safetensors(`{"a":{"shape":[${'1,'.repeat(100_000)}1]}}`)],
    ['a number without end', 'd.safetensors', safetensors(`{"a":{"shape":[${'9'.repeat(100_000)}]}}`)],
    [
      'a shape whose product overflows',
      'e.safetensors',
      safetensors('{"a":{"dtype":"F8","shape":[9007199254740991,9],"data_offsets":[0,1]}}'),
    ],
    ['negative places', 'f.safetensors', safetensors('{"a":{"dtype":"F8","shape":[1],"data_offsets":[-5,1]}}')],
    [
      'half a character at the end',
      'g.safetensors',
      safetensors(Buffer.concat([Buffer.from('{"'), Buffer.from([0xe2, 0x82])])),
    ],
    ['a GGUF text of exabytes', 'h.gguf', gguf([Buffer.concat([u64(2n ** 60n), Buffer.from('x')])], [])],
    ['a GGUF list of exabytes', 'i.gguf', gguf([Buffer.concat([text('k'), u32(9), u32(10), u64(2n ** 52n)])], [])],
    ['a GGUF list of lists', 'j.gguf', gguf([Buffer.concat([text('k'), u32(9), u32(9), u64(5)])], [])],
    ['more GGUF fields than bytes', 'k.gguf', gguf([], [], [0, 60_000])],
    ['GGUF counts of 2^64', 'l.gguf', gguf([], [], [2n ** 64n - 1n, 2n ** 64n - 1n])],
    [
      'a GGUF tensor with a million dimensions',
      'm.gguf',
      gguf([], [Buffer.concat([text('t'), u32(1_000_000)])], [1, 0]),
    ],
    ['a cut GGUF file', 'n.gguf', Buffer.from('GGUF\u0003\0\0')],
  ];
  for (const [what, name, bytes] of cases) {
    it(`${what}: a warning, no crash`, () => {
      const { header } = read(name, bytes);
      assert.match(header.warnings.at(-1) ?? '', /The header cannot be read: .+\. The file is damaged or incomplete\./);
    });
  }

  it('keeps a bounded part of a header, and counts all of it', () => {
    const fields = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`key ${i}`, i === 0 ? huge : 'v']));
    const tensors = Object.fromEntries(
      Array.from({ length: 12_000 }, (_, i) => [`t${i}`, { dtype: `T${i % 500}`, shape: [1], data_offsets: [0, 0] }]),
    );
    const read_ = read('large.safetensors', safetensors(JSON.stringify({ __metadata__: fields, ...tensors })));
    const { header } = read_;
    assert.deepEqual([header.metadata.length, header.metadataTotal, header.tensorCount], [500, 3_000, 12_000]);
    assert.equal(header.metadata[0]?.value.length, 4_001);
    assert.ok(header.dtypes.length <= 65);
    assert.equal(read_.tensors.length, 10_000);
    assert.equal(isWhole(read_), false);
  });

  it('takes the bytes of any mutation of a header without throwing', () => {
    const whole = safetensors(
      '{"__metadata__":{"a":"b\\u00e9"},"t":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}',
      12,
    );
    const other = gguf(
      [Buffer.concat([text('general.name'), u32(8), text('x')])],
      [Buffer.concat([text('t'), u32(1), u64(4), u32(0), u64(0)])],
    );
    for (const [name, bytes] of [
      ['m.safetensors', whole],
      ['m.gguf', other],
    ] as const) {
      for (let at = 0; at < bytes.length; at += 1) {
        for (const value of [0, 0x22, 0x7b, 0x7d, 0xff]) {
          const mutated = Buffer.from(bytes);
          mutated[at] = value;
          assert.ok(read(name, mutated).header.format !== undefined);
        }
        assert.ok(read(name, bytes.subarray(0, at)).header.format !== undefined);
      }
    }
  });
});

describe('comparing headers', () => {
  const header = (metadata: Record<string, string>, tensors: Record<string, string>): ReadHeader => ({
    header: {
      format: 'safetensors',
      warnings: [],
      headerBytes: 0,
      facts: [],
      metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      metadataTotal: Object.keys(metadata).length,
      tensorCount: Object.keys(tensors).length,
      parameters: 0,
      dtypes: [],
    },
    tensors: Object.entries(tensors).map(([name, description]) => ({ name, description })),
  });

  it('is empty for equal headers, in whatever order', () => {
    const one = header({ a: '1', b: '2' }, { t: 'F16 [1]' });
    assert.deepEqual(compareHeaders(one, header({ b: '2', a: '1' }, { t: 'F16 [1]' })), []);
  });

  it('names what is on one side only and what is not the same, metadata first', () => {
    const differences = compareHeaders(
      header({ same: 'x', changed: '1', gone: 'y' }, { t: 'F16 [1]', old: 'F16 [2]' }),
      header({ same: 'x', changed: '2' }, { t: 'F32 [1]', new: 'F16 [3]' }),
    );
    assert.deepEqual(
      differences.map(({ what, key, a, b }) => [what, key, a, b]),
      [
        ['metadata', 'changed', '1', '2'],
        ['metadata', 'gone', 'y', null],
        ['tensor', 't', 'F16 [1]', 'F32 [1]'],
        ['tensor', 'old', 'F16 [2]', null],
        ['tensor', 'new', null, 'F16 [3]'],
      ],
    );
  });
});
