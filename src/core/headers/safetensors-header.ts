import { BadHeader, type ByteReader } from './byte-reader.ts';
import { type HeaderDraft, longestKey, longestValue } from './header-draft.ts';
import { JsonScanner } from './json-scanner.ts';

/** The format allows no more (https://github.com/huggingface/safetensors, "Format"). */
const longestHeader = 100 * 1000 * 1000;
const mostDimensions = 16;

/**
 * Whether the file starts like one: a length that fits, and an object. A web page or a text never does, since its first
 * eight bytes read as a length of exabytes.
 */
export function isSafetensors(head: Uint8Array, size: number): boolean {
  if (head.length < 9) return false;
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(longestHeader) && head[8] === 0x7b && size > 8;
}

/**
 * Eight bytes of length, then one JSON object: `__metadata__` with texts, and a member for each tensor. Fills the draft as
 * far as the header makes sense.
 *
 * @throws BadHeader
 */
export function readSafetensors(reader: ByteReader, draft: HeaderDraft): void {
  const length = reader.u64();
  draft.headerBytes = 8 + length;
  draft.startTensors();
  if (draft.headerBytes > reader.size) {
    throw new BadHeader(`its header should be ${length} bytes long, but the file ends before that`);
  }
  const json = new JsonScanner(reader, draft.headerBytes);
  let dataEnd = 0;
  json.object((key) => {
    if (key === '__metadata__')
      json.object((field) => draft.addMetadata(field, json.shownValue(longestValue)), longestKey);
    else dataEnd = Math.max(dataEnd, readTensor(json, key, draft));
  }, longestKey);
  checkLength(draft, reader.size, draft.headerBytes + dataEnd);
  addFacts(draft);
}

function readTensor(json: JsonScanner, name: string, draft: HeaderDraft): number {
  let dtype = '?';
  const shape: number[] = [];
  const offsets: number[] = [];
  const numbers = (into: number[]) => () => {
    const value = json.count();
    if (into.length >= mostDimensions) throw new BadHeader(`the tensor “${name}” has too many dimensions`);
    into.push(value);
  };
  json.object((key) => {
    if (key === 'dtype') dtype = json.string(16);
    else if (key === 'shape') json.array(numbers(shape));
    else if (key === 'data_offsets') json.array(numbers(offsets));
    else json.skip();
  }, longestKey);
  draft.addTensor(name, dtype, shape);
  const [from = 0, to = 0] = offsets;
  if (offsets.length !== 2 || to < from) throw new BadHeader(`the place of the tensor “${name}” makes no sense`);
  return to;
}

function checkLength(draft: HeaderDraft, size: number, expected: number): void {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
  if (size < expected) {
    draft.warnings.push(
      `The file ends early: ${gigabytes(size)} of ${gigabytes(expected)} are there (${expected - size} bytes are missing).`,
    );
  } else if (size > expected) {
    draft.warnings.push(`${size - expected} bytes follow after the last tensor, which the format does not allow.`);
  }
}

function addFacts(draft: HeaderDraft): void {
  draft.addFact('Name', draft.find('modelspec.title', 'ss_output_name', 'name', 'title'));
  draft.addFact('Architecture', draft.find('modelspec.architecture', 'architecture', 'model_type'));
  draft.addFact('Base model', draft.find('ss_base_model_version', 'ss_sd_model_name', 'base_model'));
  draft.addFact('Author', draft.find('modelspec.author', 'author'));
  draft.addFact('Licence', draft.find('modelspec.license', 'license'));
}
