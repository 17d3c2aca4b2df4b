/**
 * Finds a word in texts although one letter is missing, extra, wrong or swapped with its neighbour.
 *
 * Bit-parallel search with one error (Wu and Manber 1992, "Fast text searching allowing errors"), with the step for
 * swapped letters of Hyyrö 2003. Bit j of a state says: the first j + 1 letters of the word end here.
 */
export function createTypoMatch(word: string): ((text: string) => boolean) | null {
  if (!mayBeCorrected(word)) return null;
  const masks = new Int32Array(65_536);
  for (let j = 0; j < word.length; j += 1) {
    const code = word.charCodeAt(j);
    masks[code] = (masks[code] ?? 0) | (1 << j);
  }
  const whole = 1 << (word.length - 1);

  return (text) => {
    let exact = 0;
    let exactBefore = 0;
    let oneError = 1;
    let maskBefore = 0;
    for (let i = 0; i < text.length; i += 1) {
      const mask = masks[text.charCodeAt(i)] ?? 0;
      const nextExact = ((exact << 1) | 1) & mask;
      const swapped = ((exactBefore << 2) | 2) & maskBefore & (mask << 1);
      oneError = (((oneError << 1) | 1) & mask) | exact | (exact << 1) | 1 | (nextExact << 1) | swapped;
      exactBefore = exact;
      exact = nextExact;
      maskBefore = mask;
      if (((exact | oneError) & whole) !== 0) return true;
    }
    return false;
  };
}

/** Words of three letters differ from half the dictionary by one letter; longer than 30 does not fit into a state. */
export function mayBeCorrected(word: string): boolean {
  return word.length >= 4 && word.length <= 30;
}
