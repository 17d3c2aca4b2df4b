import type { PackedFolder } from './packed-folder.ts';
import { mayContain, missingPairs, normalise, type SearchNames, searchNames, signatureOf } from './search-text.ts';
import { createTypoMatch } from './typo-match.ts';

/** No match. Every other score is better the smaller it is. */
export const noMatch = 65_535;

interface Term {
  readonly text: string;
  readonly signature: Uint32Array;
  readonly matchesTypo: ((text: string) => boolean) | null;
}

/** Where in a name a word was found, from best to worst; the length of the name breaks ties. */
const atStart = 0;
const atWordStart = 1;
const inside = 2;
const inFolder = 3;
const withTypo = 5;
const perTerm = 256;

/**
 * Scores names of one folder after the other: every word must occur in the name or in the path of its folder. With
 * `allowTypos`, a word of four letters or more may differ by one error.
 */
export class NameMatcher {
  private readonly terms: readonly Term[];
  private wanted: readonly Term[] = [];
  private foundInFolder = 0;
  private folder = '';
  private files: PackedFolder | null = null;
  private names: SearchNames = { lower: [], signatures: new Uint32Array() };

  constructor(terms: readonly string[], allowTypos: boolean) {
    this.terms = terms.slice(0, 16).map((text) => ({
      text,
      signature: signatureOf(text),
      matchesTypo: allowTypos ? createTypoMatch(text) : null,
    }));
  }

  get matchesAll(): boolean {
    return this.terms.length === 0;
  }

  /** Words that the folder's path contains need not be in the names. */
  enterFolder(relPath: string): void {
    this.folder = normalise(relPath);
    this.wanted = this.terms.filter(({ text, matchesTypo }) => !(this.folder.includes(text) || matchesTypo?.(this.folder)));
    this.foundInFolder = this.terms.length - this.wanted.length;
  }

  score(files: PackedFolder, i: number): number {
    if (files !== this.files) {
      this.files = files;
      this.names = searchNames(files);
    }
    const { lower, signatures } = this.names;
    let score = this.foundInFolder * inFolder * perTerm;
    const name = lower[i] ?? '';
    for (const term of this.wanted) {
      const found = mayContain(signatures, i, term.signature) ? place(name, term.text) : -1;
      if (found >= 0) score += found * perTerm;
      else if (term.text.includes('/') && `${this.folder}/${name}`.includes(term.text)) score += inFolder * perTerm;
      // One error changes three pairs of letters at most (two letters swapped).
      else if (term.matchesTypo !== null && missingPairs(signatures, i, term.signature) <= 3 && term.matchesTypo(name)) {
        score += withTypo * perTerm;
      } else return noMatch;
    }
    return score + Math.min(name.length, 255);
  }
}

function place(name: string, term: string): number {
  const at = name.indexOf(term);
  if (at < 0) return -1;
  if (at === 0) return atStart;
  return isWordCharacter(name.charCodeAt(at - 1)) ? inside : atWordStart;
}

function isWordCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127;
}
