import { createRandom } from './library/random.mjs';

/**
 * What people type, made of the names of the library: words growing key by key, two words in any order, words with a
 * slip of the finger, and filters. Each is `{text, words, kind}`; `words` must occur in a hit unless `kind` is `typo`.
 */
export function makeQueries(relPaths, count) {
  const random = createRandom('queries');
  const wordsOf = () => {
    const path = random.pick(relPaths);
    return path
      .slice(path.lastIndexOf('/') + 1)
      .replace(/\.[^.]+$/, '')
      .split(/[\s_()[\]{}-]+/)
      .filter((word) => word.length >= 3);
  };
  const queries = [];
  while (queries.length < count) {
    const words = wordsOf();
    if (words.length < 2) continue;
    const dice = random.next();
    if (dice < 0.12) queries.push(...typed(words.slice(0, 2).join(' ')));
    else if (dice < 0.5) queries.push(plain(words.slice(0, 2).toReversed().join(' '), 'two words'));
    else if (dice < 0.8) queries.push(...slipped(words, random));
    else queries.push(filtered(words[0], random));
  }
  return queries.slice(0, count);
}

function plain(text, kind) {
  return { text, words: text.split(' '), kind };
}

function typed(text) {
  return Array.from({ length: text.length }, (_, k) => text.slice(0, k + 1))
    .filter((start) => !start.endsWith(' '))
    .map((start) => plain(start, 'typing'));
}

/** One letter left out, or swapped with the next. */
function slipped(words, random) {
  const word = words.find(({ length }) => length >= 6);
  if (word === undefined) return [];
  const at = 1 + random.below(word.length - 3);
  const swapped = word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
  return [{ text: random.chance(0.5) ? swapped : word.slice(0, at) + word.slice(at + 1), words: [], kind: 'typo' }];
}

function filtered(word, random) {
  const filter = random.pick([
    'ext:gguf',
    'ext:safetensors',
    'category:loras',
    'size>40KB',
    'size<=4KB',
    'ext:json size>1KB',
  ]);
  return { text: random.chance(0.5) ? `${word} ${filter}` : `${filter} ${word}`, words: [word], kind: 'filter' };
}
