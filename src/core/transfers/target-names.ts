import { linuxNameProblem, windowsNameProblem } from '../paths/segment-rules.ts';

/** File systems that take names as Windows does, whatever system has them mounted. */
const windowsLike = new Set(['ntfs', 'ntfs3', 'fuseblk', 'vfat', 'msdos', 'exfat', 'cifs', 'smb3', 'smbfs', 'refs']);

/** Why a path cannot be made on a drive, as the rest of a sentence; null where it can. */
export function targetPathProblem(
  relPath: string,
  drive: { readonly platform: 'posix' | 'win32'; readonly fileSystem: string },
): string | null {
  const problemOf =
    drive.platform === 'win32' || windowsLike.has(drive.fileSystem) ? windowsNameProblem : linuxNameProblem;
  for (const name of relPath.split('/')) {
    const problem = problemOf(name);
    if (problem !== null) return problem;
  }
  return null;
}
