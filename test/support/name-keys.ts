/**
 * Which names are one for a file system, written down by hand for the letters that the generators use. Each row is one
 * letter: its spellings, its key where case does not count, where Unicode forms do not count, and where neither does.
 */
const letters: readonly (readonly [text: string, byCase: string, byForm: string, byBoth: string])[] = [
  ['a', 'a', 'a', 'a'],
  ['A', 'a', 'A', 'a'],
  ['b', 'b', 'b', 'b'],
  ['B', 'b', 'B', 'b'],
  ['e', 'e', 'e', 'e'],
  ['E', 'e', 'E', 'e'],
  ['\u00e9', '<composed e>', '<e acute>', '<e acute>'],
  ['\u00c9', '<composed e>', '<E acute>', '<e acute>'],
  ['e\u0301', '<e mark>', '<e acute>', '<e acute>'],
  ['E\u0301', '<e mark>', '<E acute>', '<e acute>'],
  ['i', 'i', 'i', 'i'],
  ['I', 'i', 'I', 'i'],
  ['\u0131', 'i', '\u0131', 'i'],
  ['\u0130', '\u0130', '\u0130', '\u0130'],
  ['k', 'k', 'k', 'k'],
  ['K', 'k', 'K', 'k'],
  // The Kelvin sign is K by canonical equivalence.
  ['\u212a', 'k', 'K', 'k'],
  ['s', 's', 's', 's'],
  ['S', 's', 'S', 's'],
  ['\u017f', 's', '\u017f', 's'],
  ['\u00df', '\u00df', '\u00df', '\u00df'],
  ['\u1e9e', '\u00df', '\u1e9e', '\u00df'],
  ['x', 'x', 'x', 'x'],
  ['.', '.', '.', '.'],
  [' ', ' ', ' ', ' '],
  ['/', '/', '/', '/'],
];

const longestFirst = [...letters].sort((x, y) => y[0].length - x[0].length);

export interface OracleRules {
  readonly caseSensitive: boolean;
  readonly unicodeSensitive: boolean;
}

/** Two paths of the letters above are one under the rules if and only if their keys are equal. */
export function keyOf(path: string, { caseSensitive, unicodeSensitive }: OracleRules): string {
  if (caseSensitive && unicodeSensitive) return path;
  const column = unicodeSensitive ? 1 : caseSensitive ? 2 : 3;
  let key = '';
  for (let at = 0; at < path.length; ) {
    const letter = longestFirst.find(([text]) => path.startsWith(text, at));
    if (!letter) throw new RangeError(`the table of letters lacks ${JSON.stringify(path[at])}`);
    key += letter[column];
    at += letter[0].length;
  }
  return key;
}
