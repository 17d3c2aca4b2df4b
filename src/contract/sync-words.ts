/**
 * State of one relPath in two locations A and B.
 * `same-verified` equal full hashes · `same-probable` equal size and time (2 s), not both hashed · `unverified` equal
 * size, other time, not both hashed · `conflict` other size, other hash, or file against folder · `case-clash` names
 * that one side cannot tell apart.
 */
export const compareStates = [
  'only-a',
  'only-b',
  'same-verified',
  'same-probable',
  'unverified',
  'conflict',
  'case-clash',
] as const;
export type CompareState = (typeof compareStates)[number];

export const sortKeys = ['path', 'state', 'size-a', 'size-b', 'mtime-a', 'mtime-b', 'relevance'] as const;
export type SortKey = (typeof sortKeys)[number];
