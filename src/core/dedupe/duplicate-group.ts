/** One name of a file whose content is in a group. */
export interface DuplicateFile {
  readonly location: string;
  readonly relPath: string;
  readonly mtimeNs: bigint;
  readonly fileId: bigint;
  /** Tells drives apart while they stay mounted; a digest of the system's device number. */
  readonly device: number;
  /** Names the file has on its drive, in this group or not. */
  readonly links: number;
  /** Position of the first name of the same file in this group; null: this is the first, or the only one. */
  readonly sameAs: number | null;
  /** Files beside it that belong to it. */
  readonly sidecars: number;
}

/** Files of one content, proven by their BLAKE3 hashes: two of them at least are not one file under two names. */
export interface DuplicateGroup {
  /** In hexadecimal digits. */
  readonly blake3: string;
  /** Bytes of each file. */
  readonly size: number;
  readonly files: readonly DuplicateFile[];
}

/** The first name stands for its file. */
export function firstNameOf({ files }: DuplicateGroup, index: number): number {
  return files[index]?.sameAs ?? index;
}

/** Files, however many names each has. */
export function countFiles({ files }: DuplicateGroup): number {
  return files.reduce((count, { sameAs }) => count + (sameAs === null ? 1 : 0), 0);
}

/**
 * Bytes that come free when these names go. A file with names left, in this group or elsewhere on its drive, frees
 * nothing.
 */
export function freedBytes(group: DuplicateGroup, going: Iterable<number>): number {
  const names = new Map<number, number>();
  for (const index of going) {
    const first = firstNameOf(group, index);
    names.set(first, (names.get(first) ?? 0) + 1);
  }
  let files = 0;
  for (const [first, count] of names) if (count >= namesOf(group, first)) files += 1;
  return files * group.size;
}

/** The most that comes free while one file of the group stays: best kept is one that would free nothing anyway. */
export function reclaimableBytes(group: DuplicateGroup): number {
  let freeable = 0;
  for (const [first, { sameAs }] of group.files.entries()) {
    if (sameAs === null && countNames(group, first) >= namesOf(group, first)) freeable += 1;
  }
  return Math.min(freeable, countFiles(group) - 1) * group.size;
}

/** Names that have to go before the file does. Through a linked folder it can have more here than its drive counts. */
function namesOf(group: DuplicateGroup, first: number): number {
  return Math.max(group.files[first]?.links ?? 1, countNames(group, first));
}

function countNames({ files }: DuplicateGroup, first: number): number {
  return files.reduce((count, { sameAs }, index) => count + (index === first || sameAs === first ? 1 : 0), 0);
}
