import { createCipheriv, createHash } from 'node:crypto';
import { closeSync, ftruncateSync, futimesSync, openSync, readSync, writeSync } from 'node:fs';
import { architectureOf } from './vocabulary.mjs';

const zeros = Buffer.alloc(1024 ** 2);
const noOffset = Buffer.alloc(16);

/** Numbers the contents of a library. Marks of different contents never give equal bytes. */
export function createContents() {
  let last = 0;
  const nextId = () => {
    last += 1;
    return last;
  };
  return {
    empty: { id: 0, size: 0, base: 0, marks: [] },
    fresh(size) {
      const id = nextId();
      return { id, size, base: id, marks: [] };
    },
    /** The same bytes but for a few at `offset`. */
    marked(content, offset, pattern = 0) {
      const id = nextId();
      return { ...content, id, marks: [...content.marks, { offset, pattern: pattern || id }] };
    },
  };
}

/** Writes one file with its time. Returns nothing; the caller makes the folder. */
export function writeContent(path, { content, kind, mtime }, filling) {
  const descriptor = openSync(path, 'w+');
  try {
    fill(descriptor, content, filling);
    const head = headOf(kind.extension, content);
    if (head) writeSync(descriptor, head, 0, head.length, 0);
    for (const mark of content.marks) applyMark(descriptor, mark, content.size);
    futimesSync(descriptor, mtime, mtime);
  } finally {
    closeSync(descriptor);
  }
}

function fill(descriptor, { base, size }, filling) {
  if (size === 0) return;
  const stream = streamOf(base);
  const write = (count, offset) => writeSync(descriptor, stream.update(zeros.subarray(0, count)), 0, count, offset);
  if (filling === 'tiny') {
    write(Math.min(256, size), 0);
    if (size > 256) ftruncateSync(descriptor, size);
    return;
  }
  if (filling === 'sparse' && size > zeros.length) {
    write(65_536, 0);
    write(65_536, size - 65_536);
    return;
  }
  for (let offset = 0; offset < size; offset += zeros.length) write(Math.min(zeros.length, size - offset), offset);
}

function streamOf(base) {
  const key = createHash('sha256').update(`content ${base}`).digest().subarray(0, 16);
  return createCipheriv('aes-128-ctr', key, noOffset);
}

/** XORs the pattern into four bytes, so that each pattern gives other bytes than were there. */
function applyMark(descriptor, { offset, pattern }, size) {
  const bytes = Buffer.alloc(Math.min(4, size - offset));
  readSync(descriptor, bytes, 0, bytes.length, offset);
  for (let k = 0; k < bytes.length; k += 1) bytes[k] ^= (pattern >>> (8 * k)) & 255;
  writeSync(descriptor, bytes, 0, bytes.length, offset);
}

/** A head that readers of the format accept, where the file is large enough for one. */
function headOf(extension, { base, size }) {
  if (extension === '.safetensors' && size >= 512) return safetensorsHead(base, size);
  if (extension === '.gguf' && size >= 512)
    return Buffer.from('47475546030000000000000000000000'.padEnd(48, '0'), 'hex');
  if (extension === '.preview.png' && size >= 64) return Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  return null;
}

function safetensorsHead(base, size) {
  const headLength = 256;
  const dataLength = size - 8 - headLength;
  const json = JSON.stringify({
    __metadata__: { format: 'pt', 'modelspec.architecture': architectureOf(base), id: String(base) },
    weight: { dtype: 'U8', shape: [dataLength], data_offsets: [0, dataLength] },
  });
  const head = Buffer.alloc(8 + headLength, ' ');
  head.writeBigUInt64LE(BigInt(headLength), 0);
  head.write(json, 8);
  return head;
}
