/**
 * `listing`: folders are read. `sampling`: head and tail of files of one size. `hashing`: whole files whose samples
 * agree. `comparing`: near variants are looked for.
 */
export const dedupeStages = ['listing', 'sampling', 'hashing', 'comparing'] as const;

export const dedupeActions = ['delete', 'hardlink', 'reflink', 'symlink'] as const;
