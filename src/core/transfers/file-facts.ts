import { AppError } from '../errors/app-error.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import type { ExpectedFile, FileAfter } from '../ports/transfer-files.ts';

/** Is it the very file the plan rests on? Exactly: both sides of the comparison come from one drive. */
export function isExpected(actual: RawStat, expected: ExpectedFile): boolean {
  return (
    actual.kind === 'file' &&
    actual.size === expected.size &&
    actual.mtimeNs === expected.mtimeNs &&
    (expected.fileId === 0n || actual.fileId === expected.fileId)
  );
}

export function requireExpected(actual: RawStat, expected: ExpectedFile, relPath: string): void {
  if (isExpected(actual, expected)) return;
  throw new AppError('FILE_CHANGED', `“${relPath}” is not what it was when this was planned, so it was left alone.`, {
    hint: 'Refresh the location and plan it again.',
  });
}

/** Two names of one file; never where the drive gives no ids. */
export function isSameFile(one: RawStat, other: RawStat): boolean {
  return one.fileId !== 0n && one.fileId === other.fileId && one.device === other.device;
}

export function toAfter({ size, mtimeNs, fileId, device, links }: RawStat): FileAfter {
  return { size, mtimeNs, fileId, device, links };
}

export function exists(relPath: string): AppError {
  return new AppError('TARGET_EXISTS', `“${relPath}” is there already, and nothing is ever overwritten.`, {
    hint: 'Refresh the location to compare the two.',
  });
}
