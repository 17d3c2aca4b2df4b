/** What a person may type who looks for one of some files: key by key, two words, a slip of the finger, filters. */
export function rehearsalOf(relPaths: readonly string[]): readonly string[] {
  return relPaths.flatMap((relPath) => {
    const name = relPath.slice(relPath.lastIndexOf('/') + 1).toLowerCase();
    const extension = /\.([a-z0-9]+)$/.exec(name)?.[1] ?? 'safetensors';
    const words = name.match(/[a-z]{3,}/g) ?? [];
    const long = words.find(({ length }) => length >= 6);
    const [first = 'model', second = first] = words;
    return [
      ...Array.from({ length: Math.min(first.length, 4) }, (_, k) => first.slice(0, k + 1)),
      `${second} ${first}`,
      ...(long === undefined ? [] : [long.slice(0, 2) + long.slice(3)]),
      `${first} ext:${extension}`,
      `size>1KB ${second}`,
    ];
  });
}
