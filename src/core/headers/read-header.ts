import type { FileFormat } from '../../contract/headers.ts';
import { openInside } from '../hashing/hash-file.ts';
import type { ReadHeader } from '../ports/model-header.ts';
import type { RawFile, RawFileSystem } from '../ports/raw-file-system.ts';
import { BadHeader, ByteReader } from './byte-reader.ts';
import { isGguf, readGguf } from './gguf-header.ts';
import { HeaderDraft } from './header-draft.ts';
import { isSafetensors, readSafetensors } from './safetensors-header.ts';

export interface ReadHeaderOptions {
  readonly fs: RawFileSystem;
  /** Folder that the opened file must lie in, links resolved. */
  readonly realRoot: string;
}

const headBytes = 512;

/**
 * What a file says of itself. Reads its header only, through a window of 64 KiB, and keeps a bounded part of it; a header
 * that makes no sense is told as a warning.
 *
 * @throws AppError FILE_NOT_FOUND, ACCESS_DENIED, LINK_ESCAPES … where the file cannot be opened or read.
 */
export function readHeader(path: string, options: ReadHeaderOptions): ReadHeader {
  const file = openInside(path, options);
  try {
    const { size } = file.stat();
    const head = readHead(file, size);
    const draft = readFormat(file, size, head);
    const mismatch = nameMismatch(path, draft.format);
    if (mismatch !== null) draft.warnings.unshift(mismatch);
    return draft.done();
  } finally {
    file.close();
  }
}

function readHead(file: RawFile, size: number): Uint8Array {
  const head = new Uint8Array(Math.min(headBytes, size));
  let length = 0;
  while (length < head.length) {
    const read = file.read(head.subarray(length), length);
    if (read === 0) break;
    length += read;
  }
  return head.subarray(0, length);
}

function readFormat(file: RawFile, size: number, head: Uint8Array): HeaderDraft {
  const reader = new ByteReader(file, size);
  const draft = new HeaderDraft(formatOf(head, size));
  try {
    if (draft.format === 'gguf') readGguf(reader, draft);
    if (draft.format === 'safetensors') readSafetensors(reader, draft);
  } catch (thrown) {
    if (!(thrown instanceof BadHeader)) throw thrown;
    draft.warnings.push(`The header cannot be read: ${thrown.message}. The file is damaged or incomplete.`);
  }
  return draft;
}

function formatOf(head: Uint8Array, size: number): FileFormat {
  if (isGguf(head)) return 'gguf';
  if (isSafetensors(head, size)) return 'safetensors';
  const text = new TextDecoder().decode(head).trimStart();
  if (head.length === 0) return 'empty';
  if (text.startsWith('version https://git-lfs.github.com/spec/')) return 'lfs-pointer';
  if (/^(?:<!doctype html|<html|<head|<\?xml)/i.test(text)) return 'web-page';
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) return 'zip';
  if (head[0] === 0x80 && (head[1] ?? 0) >= 1 && (head[1] ?? 0) <= 5) return 'pickle';
  // ModelProto: field 1, ir_version, a small number, then field 2 or 3 (a text) or 7 (the graph).
  if (head[0] === 0x08 && (head[1] ?? 0xff) < 32 && [0x12, 0x1a, 0x3a].includes(head[2] ?? 0)) return 'onnx';
  if (/^[{[]/.test(text)) return 'json';
  return 'unknown';
}

/** By extension, what a file may be; a name that says nothing is never wrong. */
const expected: Readonly<Record<string, readonly FileFormat[]>> = {
  safetensors: ['safetensors'],
  sft: ['safetensors'],
  gguf: ['gguf'],
  onnx: ['onnx', 'unknown'],
  ckpt: ['zip', 'pickle', 'unknown'],
  pt: ['zip', 'pickle', 'unknown'],
  pth: ['zip', 'pickle', 'unknown'],
  bin: ['zip', 'pickle', 'unknown'],
};

const formatWords: Readonly<Record<FileFormat, string>> = {
  safetensors: 'a safetensors file',
  gguf: 'a GGUF file',
  zip: 'a zip archive, as PyTorch writes it',
  pickle: 'a Python pickle',
  onnx: 'an ONNX file',
  'web-page': 'a web page, often an error or a login in the place of a download',
  json: 'JSON text, often an error in the place of a download',
  'lfs-pointer': 'a Git LFS pointer: the model itself was never downloaded',
  empty: 'empty',
  unknown: 'of a kind that is not known',
};

function nameMismatch(path: string, format: FileFormat): string | null {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const wanted = expected[extension];
  if (!wanted || wanted.includes(format)) return null;
  return `The name ends in .${extension}, but the content is ${formatWords[format]}.`;
}
