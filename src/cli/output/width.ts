/** Control and direction-changing characters: in a file name they could rewrite the screen or disguise the name. */
const unsafe = /[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** A name from disk or from a server, harmless to print. */
export function printable(name: string): string {
  return name.replace(unsafe, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}

let segmenter: Intl.Segmenter | null = null;

/** Made when a text needs it: that takes longer than most commands take to say what they say. */
function graphemes(): Intl.Segmenter {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter;
}

const narrowOnly = /^[\u0020-\u007e\u00a1-\u02ff]*$/;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}/u;

/** Columns a text takes in a terminal; colour codes must not be in it yet. */
export function displayWidth(text: string): number {
  if (narrowOnly.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes().segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** Shortens in the middle, where paths say least: `checkpoints/sd…-v9.safetensors`. */
export function truncateMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns <= 1) return '…'.slice(0, Math.max(0, columns));
  const parts = Array.from(graphemes().segment(text), ({ segment }) => segment);
  const tailColumns = Math.ceil((columns - 1) / 2);
  const tail = takeColumns(parts.toReversed(), tailColumns).reverse().join('');
  const head = takeColumns(parts, columns - 1 - tailColumns).join('');
  return `${head}…${tail}`;
}

function takeColumns(parts: readonly string[], columns: number): string[] {
  const taken: string[] = [];
  let width = 0;
  for (const part of parts) {
    width += displayWidth(part);
    if (width > columns) break;
    taken.push(part);
  }
  return taken;
}
