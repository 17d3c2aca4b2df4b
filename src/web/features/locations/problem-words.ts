import type { Problem } from '../../../contract/indexing.ts';

interface CauseWords {
  readonly cause: string;
  /** For problems that bring no advice of their own. */
  readonly advice: string;
}

const words: Partial<Record<Problem['code'], CauseWords>> = {
  ACCESS_DENIED: {
    cause: 'Not allowed to read',
    advice: 'Give your user read permission for it, then refresh.',
  },
  LINK_ESCAPES: {
    cause: 'Link leads outside',
    advice: 'Add the folder it leads to as a location of its own if you want to see it.',
  },
  LINK_LOOP: { cause: 'Link in a circle', advice: 'Nothing is lost: what it leads to is read where it is.' },
  LINK_BROKEN: { cause: 'Link leads nowhere', advice: 'Remove the link, or bring back what it led to.' },
  SPECIAL_FILE: { cause: 'Not a file', advice: 'Devices, pipes and sockets are left out. Nothing has to be done.' },
  NAME_NOT_UTF8: { cause: 'Name is not Unicode', advice: 'Rename it, then refresh.' },
  NAME_TOO_LONG: { cause: 'Name too long', advice: 'Shorten the name, or the names of the folders above it.' },
  INVALID_PATH: { cause: 'Name not accepted', advice: 'Rename it, then refresh.' },
  IO_FAILED: { cause: 'Drive error', advice: 'Check the drive’s health before you trust it further.' },
  FILE_BUSY: { cause: 'In use', advice: 'Close the program that has it open, then refresh.' },
  FILE_CHANGED: { cause: 'Changed while it was read', advice: 'Refresh again when nothing writes to it.' },
  FILE_NOT_FOUND: { cause: 'Vanished while it was read', advice: 'Refresh again.' },
  LOCATION_OFFLINE: { cause: 'Did not answer', advice: 'Check that the drive or share is connected and awake.' },
  TOO_MANY_OPEN_FILES: {
    cause: 'Too many open files',
    advice: 'Raise the limit of the system (ulimit -n), or lower HASH_WORKERS.',
  },
  CONTENT_CHANGED: { cause: 'Bytes changed by themselves', advice: 'Restore the file from a copy that you trust.' },
};

export function causeOf(code: Problem['code']): string {
  return words[code]?.cause ?? code;
}

export function adviceFor({ code, hint }: Problem): string | null {
  return hint ?? words[code]?.advice ?? null;
}

/** Most frequent first. */
export function causesIn(problems: readonly Problem[]): readonly (readonly [code: Problem['code'], count: number])[] {
  const counts = new Map<Problem['code'], number>();
  for (const { code } of problems) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

export function matching(problems: readonly Problem[], text: string): readonly Problem[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return problems;
  return problems.filter(({ relPath, message }) => `${relPath}\n${message}`.toLowerCase().includes(wanted));
}
