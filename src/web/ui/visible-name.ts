// Control characters, and the marks that reorder or hide text: `U+202E` in a file name can make `exe.png` out of
// `gnp.exe`. The joiners of emoji and Indic scripts (U+200C, U+200D) stay.
const invisible = /[\p{Cc}\p{Bidi_Control}\u00ad\u200b\u2028\u2029\u2060-\u2064\ufeff]/gu;

/** A name as it is, with what could deceive the eye written out. */
export function visibleName(name: string): string {
  return name.replace(invisible, (mark) => `‹U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`);
}

const oneColumnEach = /^[\x20-\x7e]*$/;

/** Whether a text surely fits into so many columns of a font in which all letters are equally wide. */
export function hasRoom(text: string, columns: number): boolean {
  return text.length <= columns && oneColumnEach.test(text);
}

const joiner = '\u200d';
const joinsBefore = /\p{M}|\u200c|\u200d/u;

/** Below this a cut saves no room. */
const shortestHead = 6;

/** Splits a name so that its end (number, extension) can stay visible; never inside a character. */
export function splitTail(name: string, tailLength: number): readonly [head: string, tail: string] {
  const characters = Array.from(name);
  if (characters.length <= tailLength + shortestHead) return ['', name];
  let cut = characters.length - tailLength;
  while (cut > 0 && (joinsBefore.test(characters[cut] ?? '') || characters[cut - 1] === joiner)) cut -= 1;
  return [characters.slice(0, cut).join(''), characters.slice(cut).join('')];
}
