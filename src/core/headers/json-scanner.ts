import { BadHeader, type ByteReader } from './byte-reader.ts';

const quote = 0x22;
const backslash = 0x5c;
const decoder = new TextDecoder();
const escapes: Readonly<Record<number, string>> = {
  34: '"',
  92: '\\',
  47: '/',
  98: '\b',
  102: '\f',
  110: '\n',
  114: '\r',
  116: '\t',
};
const deepest = 32;

/**
 * Walks JSON byte by byte and builds nothing: a header of 100 MB costs no memory, and no key of it can become a property
 * of an object (`__proto__`). Only what the header formats need is checked.
 */
export class JsonScanner {
  private readonly reader: ByteReader;
  private readonly end: number;

  constructor(reader: ByteReader, end: number) {
    this.reader = reader;
    this.end = end;
  }

  /** Calls `onMember` with each key; it has to consume the value. */
  object(onMember: (key: string) => void, longestKey: number): void {
    this.expect('{');
    if (this.take('}')) return;
    do {
      const key = this.string(longestKey);
      this.expect(':');
      onMember(key);
    } while (this.take(','));
    this.expect('}');
  }

  array(onItem: () => void): void {
    this.expect('[');
    if (this.take(']')) return;
    do onItem();
    while (this.take(','));
    this.expect(']');
  }

  /** Cut after `longest` characters, which a mark shows. */
  string(longest: number): string {
    this.expect('"');
    let text = '';
    let isCut = false;
    const plain: number[] = [];
    const add = (more: string): void => {
      if (text.length < longest) text += more;
      else isCut = true;
    };
    const flush = (): void => {
      if (plain.length > 0) add(decoder.decode(new Uint8Array(plain)));
      plain.length = 0;
    };
    for (let byte = this.byte(); byte !== quote; byte = this.byte()) {
      if (byte === backslash) {
        flush();
        add(this.escape());
      } else if (text.length < longest) {
        plain.push(byte);
        // UTF-8 continues in bytes from 0x80 to 0xBF: not cut inside a character, as long as there are any.
        if (plain.length >= 2048 || (plain.length >= 1024 && byte < 0x80)) flush();
      } else isCut = true;
    }
    flush();
    return isCut || text.length > longest ? `${text.slice(0, longest)}…` : text;
  }

  /** A number that counts something. */
  count(): number {
    this.space();
    let digits = '';
    while (this.position < this.end && this.reader.peek() >= 0x30 && this.reader.peek() <= 0x39) {
      digits += String.fromCharCode(this.byte());
      if (digits.length > 16) throw new BadHeader('it holds a number that is too large to be true');
    }
    const value = Number(digits);
    if (digits === '' || !Number.isSafeInteger(value)) throw new BadHeader('a number in it cannot be read');
    return value;
  }

  /** Text as it is; anything else as a word for what it is. */
  shownValue(longest: number): string {
    if (this.next() === '"') return this.string(longest);
    const from = this.position;
    this.skip();
    return `(${this.position - from} bytes of JSON)`;
  }

  skip(depth = 0): void {
    if (depth > deepest) throw new BadHeader('it is nested too deeply');
    const next = this.next();
    if (next === '{') return this.object(() => this.skip(depth + 1), 0);
    if (next === '[') return this.array(() => this.skip(depth + 1));
    if (next === '"') {
      this.string(0);
      return;
    }
    const from = this.position;
    while (this.position < this.end && /[-+.0-9A-Za-z]/.test(String.fromCharCode(this.reader.peek()))) this.byte();
    if (this.position === from) throw new BadHeader('it is not valid JSON');
  }

  /** The first character of the next value. */
  next(): string {
    this.space();
    if (this.position >= this.end) throw new BadHeader('its JSON ends early');
    return String.fromCharCode(this.reader.peek());
  }

  private get position(): number {
    return this.reader.position;
  }

  private byte(): number {
    if (this.position >= this.end) throw new BadHeader('its JSON ends early');
    return this.reader.u8();
  }

  private space(): void {
    while (this.position < this.end && this.reader.peek() <= 0x20) this.reader.u8();
  }

  private take(character: string): boolean {
    if (this.next() !== character) return false;
    this.reader.u8();
    return true;
  }

  private expect(character: string): void {
    if (!this.take(character)) throw new BadHeader('it is not valid JSON');
  }

  private escape(): string {
    const byte = this.byte();
    const known = escapes[byte];
    if (known !== undefined) return known;
    if (byte !== 0x75) throw new BadHeader('it is not valid JSON');
    let code = '';
    for (let i = 0; i < 4; i += 1) code += String.fromCharCode(this.byte());
    if (!/^[0-9a-f]{4}$/i.test(code)) throw new BadHeader('it is not valid JSON');
    return String.fromCharCode(Number.parseInt(code, 16));
  }
}
