import { BadHeader, type ByteReader } from './byte-reader.ts';
import { fileTypeName, tensorTypeName } from './gguf-names.ts';
import { type HeaderDraft, longestKey, longestValue } from './header-draft.ts';

/** https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const magic = [0x47, 0x47, 0x55, 0x46];
const mostFields = 65_536;
const mostTensors = 1_000_000;
const mostDimensions = 4;
const longestString = 16 * 1024 * 1024;
/** Strings in arrays, such as the words of a tokenizer, are stepped over one by one. */
const mostArrayStrings = 4_000_000;

const stringType = 8;
const arrayType = 9;
/** Bytes of a value, by its type; 0 where it has no fixed length. */
const valueBytes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8] as const;

export function isGguf(head: Uint8Array): boolean {
  return magic.every((byte, i) => head[i] === byte);
}

/** Fills the draft as far as the header makes sense. @throws BadHeader */
export function readGguf(reader: ByteReader, draft: HeaderDraft): void {
  reader.skip(4);
  const version = reader.u32();
  if (version !== 2 && version !== 3) throw new BadHeader(`its GGUF version (${version}) is not one that can be read`);
  const tensorCount = reader.u64();
  const fieldCount = reader.u64();
  if (fieldCount > mostFields) throw new BadHeader(`it says that it has ${fieldCount} fields`);
  if (tensorCount > mostTensors) throw new BadHeader(`it says that it has ${tensorCount} tensors`);
  for (let i = 0; i < fieldCount; i += 1) {
    const key = readString(reader, longestKey);
    draft.addMetadata(key, readValue(reader, reader.u32()));
  }
  draft.startTensors();
  for (let i = 0; i < tensorCount; i += 1) readTensor(reader, draft);
  draft.headerBytes = reader.position;
  addFacts(draft, version);
}

function readTensor(reader: ByteReader, draft: HeaderDraft): void {
  const name = readString(reader, longestKey);
  const dimensions = reader.u32();
  if (dimensions > mostDimensions) throw new BadHeader(`the tensor “${name}” has ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, () => reader.u64());
  draft.addTensor(name, tensorTypeName(reader.u32()), shape);
  // Its place in the file.
  reader.skip(8);
}

function readString(reader: ByteReader, longest: number): string {
  const length = reader.u64();
  if (length > longestString || length > reader.left)
    throw new BadHeader('it holds a text that is too long to be true');
  if (longest === 0) {
    reader.skip(length);
    return '';
  }
  const kept = Math.min(length, longest);
  const text = new TextDecoder().decode(reader.bytes(kept));
  reader.skip(length - kept);
  return kept < length ? `${text}…` : text;
}

function readValue(reader: ByteReader, type: number): string {
  switch (type) {
    case 0:
      return String(reader.u8());
    case 1:
      return String((reader.u8() << 24) >> 24);
    case 2:
    case 3: {
      const [low = 0, high = 0] = reader.bytes(2);
      const value = low | (high << 8);
      return String(type === 2 ? value : (value << 16) >> 16);
    }
    case 4:
      return String(reader.u32());
    case 5:
      return String(reader.u32() | 0);
    case 6:
      return shortNumber(reader.f32());
    case 7:
      return reader.u8() === 0 ? 'false' : 'true';
    case stringType:
      return readString(reader, longestValue);
    case arrayType:
      return skipArray(reader);
    case 10:
      return String(BigInt.asUintN(64, reader.i64()));
    case 11:
      return String(reader.i64());
    case 12:
      return shortNumber(reader.f64());
    default:
      throw new BadHeader(`a field in it is of a type (${type}) that does not exist`);
  }
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(7)));
}

/** What is in it is not shown; how much is. */
function skipArray(reader: ByteReader): string {
  const type = reader.u32();
  const count = reader.u64();
  const bytes = valueBytes[type];
  if (bytes === undefined || type === arrayType)
    throw new BadHeader(`a list in it is of a type (${type}) that cannot be read`);
  if (count > reader.left) throw new BadHeader('it holds a list that is too long to be true');
  if (type === stringType) {
    if (count > mostArrayStrings) throw new BadHeader('it holds a list that is too long to be true');
    for (let i = 0; i < count; i += 1) readString(reader, 0);
  } else reader.skip(count * bytes);
  return `(list of ${count})`;
}

function addFacts(draft: HeaderDraft, version: number): void {
  const architecture = draft.find('general.architecture');
  draft.addFact('Architecture', architecture);
  draft.addFact('Name', draft.find('general.name', 'general.basename'));
  draft.addFact('Quantisation', fileTypeName(draft.find('general.file_type')));
  draft.addFact('Size label', draft.find('general.size_label'));
  draft.addFact('Context', architecture && draft.find(`${architecture}.context_length`));
  draft.addFact('Licence', draft.find('general.license'));
  draft.addFact('GGUF version', String(version));
}
