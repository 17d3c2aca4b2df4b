/** What a file system tells apart. */
export interface NameRules {
  /** `A` and `a` are two names. */
  readonly caseSensitive: boolean;
  /** `é` as one character and as `e` with an accent are two names. */
  readonly unicodeSensitive: boolean;
}

/** The rules that hold when names go back and forth between two places. */
export function weakerRules(a: NameRules, b: NameRules): NameRules {
  return {
    caseSensitive: a.caseSensitive && b.caseSensitive,
    unicodeSensitive: a.unicodeSensitive && b.unicodeSensitive,
  };
}

/**
 * Key under which two names (or relPaths) are one for a file system with these rules. Only for comparing: never shown,
 * never used to open anything.
 *
 * Case is folded one character at a time, first to upper then to lower case, and only where both give one character,
 * as NTFS, exFAT and SMB servers do with their tables: `ß` and `ss` stay two names, so do `İ` and `i`. Where a drive
 * knows fewer pairs than Unicode (NTFS keeps `ſ` and `s` apart) two names are at worst called clashing without need.
 */
export function foldName(name: string, rules: NameRules): string {
  if (rules.caseSensitive && rules.unicodeSensitive) return name;
  if (!beyondAscii.test(name)) return rules.caseSensitive ? name : name.toLowerCase();
  const composed = rules.unicodeSensitive ? name : name.normalize('NFC');
  if (rules.caseSensitive) return composed;
  const folded = foldCase(composed);
  // Lower case has composed forms that upper case lacks (`H` + U+0331 → `ẖ`).
  return rules.unicodeSensitive ? folded : folded.normalize('NFC');
}

/** The same name in other letters: what a drive without case takes for the same. Itself where there is no letter. */
export function swapCase(name: string): string {
  return name.replaceAll(/[a-zA-Z]/g, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));
}

const beyondAscii = /[\u0080-\uffff]/;

function foldCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, lowerCase).replaceAll(/[^ -~]/gu, foldPoint);
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

function foldPoint(point: string): string {
  const upper = single(point.toUpperCase(), point);
  return single(upper.toLowerCase(), upper);
}

function single(mapped: string, original: string): string {
  return mapped.length === original.length ? mapped : original;
}
