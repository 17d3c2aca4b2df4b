import type { z } from 'zod';
import type { DedupeGroup, DedupeRule, dedupeFileSchema } from '../../../contract/dedupe.ts';
import type { dedupeActions } from '../../../contract/dedupe-words.ts';

export type DedupeFile = z.infer<typeof dedupeFileSchema>;
export type DedupeAction = (typeof dedupeActions)[number];
type Members = Pick<DedupeGroup, 'size' | 'files'>;

export function nameOfFile({ location, relPath }: Pick<DedupeFile, 'location' | 'relPath'>): string {
  return `${location}:${relPath}`;
}

/** The first name stands for its file. */
export function firstNameOf({ files }: Members, index: number): number {
  const first = files[index]?.sameFileAs;
  return first === undefined ? index : files.findIndex((file) => nameOfFile(file) === first);
}

/** A name of a file that stays frees nothing when it goes, so it stays as well. */
export function withOtherNames(group: Members, keep: readonly number[]): readonly number[] {
  const kept = new Set(keep.map((index) => firstNameOf(group, index)));
  return group.files.flatMap((_, index) => (kept.has(firstNameOf(group, index)) ? [index] : []));
}

/** Keeps a file too, or lets it go; null: then nothing of the group would stay. */
export function toggleKept(group: Members, keep: readonly number[], index: number): readonly number[] | null {
  const first = firstNameOf(group, index);
  const isKept = keep.some((one) => firstNameOf(group, one) === first);
  if (!isKept) return withOtherNames(group, [...keep, index]);
  const rest = keep.filter((one) => firstNameOf(group, one) !== first);
  return rest.length === 0 ? null : rest;
}

function isInFolder({ location, relPath }: DedupeFile, rule: { location?: string | undefined; folder: string }) {
  const isThere = rule.location === undefined || rule.location === location;
  return isThere && (rule.folder === '' || relPath.startsWith(`${rule.folder}/`));
}

/** Positions of the files that a rule protects, whatever else is chosen. */
export function protectedFiles({ files }: Members, rules: readonly DedupeRule[]): readonly number[] {
  return files.flatMap((file, index) =>
    rules.some((rule) => rule.kind === 'protect' && isInFolder(file, rule)) ? [index] : [],
  );
}

/** Bytes that come free when all but these stay: a file with names left, here or elsewhere, frees nothing. */
export function freedBytes(group: Members, keep: readonly number[]): number {
  const stays = new Set(keep);
  const going = new Map<number, number>();
  for (const [index] of group.files.entries()) {
    const first = firstNameOf(group, index);
    if (!stays.has(index)) going.set(first, (going.get(first) ?? 0) + 1);
  }
  const gone = [...going].filter(([first, names]) => names >= (group.files[first]?.links ?? 1));
  return gone.length * group.size;
}

export function fileNameOf(relPath: string): string {
  return relPath.slice(relPath.lastIndexOf('/') + 1);
}

export function folderOf(relPath: string): string {
  return relPath.slice(0, Math.max(0, relPath.lastIndexOf('/')));
}
