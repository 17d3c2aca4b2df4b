import type { ErrorCode } from '../../contract/errors.ts';
import { AppError } from '../../core/errors/app-error.ts';

interface Translation {
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint?: string;
}

const busyHint = 'Close the program that has it open and try again.';
const offlineHint = 'Check that the drive or share is connected, then check the location again.';

/**
 * What the operating system's error names mean here. One table for the whole program; `errno` is used as well because
 * Node has no name for some of them (ESTALE, EDQUOT, EBADMSG, EUCLEAN arrive as "Unknown system error -116").
 */
const byName: Readonly<Record<string, Translation>> = {
  ENOENT: { code: 'FILE_NOT_FOUND', says: 'does not exist' },
  ENOTDIR: { code: 'FILE_NOT_FOUND', says: 'does not exist: a part of its path is not a folder' },
  EACCES: {
    code: 'ACCESS_DENIED',
    says: 'may not be read by this user',
    hint: 'Give your user read permission for it.',
  },
  EPERM: {
    code: 'ACCESS_DENIED',
    says: 'may not be read by this user',
    hint: 'Give your user read permission for it.',
  },
  ELOOP: { code: 'LINK_LOOP', says: 'is a link, or a chain of links that never ends' },
  EISDIR: { code: 'FILE_CHANGED', says: 'is a folder, not a file' },
  ENXIO: { code: 'SPECIAL_FILE', says: 'is a device, pipe or socket, not a file' },
  ENODEV: { code: 'SPECIAL_FILE', says: 'is a device, pipe or socket, not a file' },
  ENAMETOOLONG: { code: 'NAME_TOO_LONG', says: 'has a name or path that is too long for this system' },
  EILSEQ: { code: 'NAME_NOT_UTF8', says: 'has a name that is not valid Unicode' },
  EINVAL: { code: 'INVALID_PATH', says: 'has a name this drive does not accept' },
  EROFS: { code: 'READ_ONLY', says: 'lies on a drive that is mounted read-only' },
  ENOSPC: { code: 'NO_SPACE', says: 'does not fit: the drive is full', hint: 'Free some space on it and try again.' },
  EDQUOT: { code: 'NO_SPACE', says: 'does not fit: your quota on this drive is used up' },
  EFBIG: { code: 'UNSUPPORTED', says: 'is larger than this drive allows for one file' },
  EMFILE: {
    code: 'TOO_MANY_OPEN_FILES',
    says: 'could not be opened: too many files are open',
    hint: 'Raise the limit (ulimit -n) or lower HASH_WORKERS.',
  },
  ENFILE: { code: 'TOO_MANY_OPEN_FILES', says: 'could not be opened: the system has too many files open' },
  EBUSY: { code: 'FILE_BUSY', says: 'is in use by another program', hint: busyHint },
  ETXTBSY: { code: 'FILE_BUSY', says: 'is in use by another program', hint: busyHint },
  EAGAIN: { code: 'FILE_BUSY', says: 'is locked by another program', hint: busyHint },
  EIO: {
    code: 'IO_FAILED',
    says: 'could not be read: the drive reports an error',
    hint: 'Check the drive’s health before you trust it further.',
  },
  EBADMSG: { code: 'IO_FAILED', says: 'could not be read: its drive has damaged data there' },
  EUCLEAN: { code: 'IO_FAILED', says: 'could not be read: the file system on its drive needs repair' },
  ESTALE: { code: 'LOCATION_OFFLINE', says: 'is gone from the server that held it', hint: offlineHint },
  ENOTCONN: { code: 'LOCATION_OFFLINE', says: 'is on a drive that is no longer connected', hint: offlineHint },
  ESHUTDOWN: { code: 'LOCATION_OFFLINE', says: 'is on a share that was shut down', hint: offlineHint },
  ECONNABORTED: { code: 'LOCATION_OFFLINE', says: 'is on a drive that was disconnected', hint: offlineHint },
  ECONNRESET: { code: 'LOCATION_OFFLINE', says: 'is on a share that closed the connection', hint: offlineHint },
  EHOSTDOWN: { code: 'LOCATION_OFFLINE', says: 'is on a machine that is switched off', hint: offlineHint },
  EHOSTUNREACH: { code: 'LOCATION_OFFLINE', says: 'is on a machine that cannot be reached', hint: offlineHint },
  ENETUNREACH: { code: 'LOCATION_OFFLINE', says: 'is on a network that cannot be reached', hint: offlineHint },
  ENETDOWN: { code: 'LOCATION_OFFLINE', says: 'is on a network that is down', hint: offlineHint },
  /** What Node calls the Windows errors it has no name for: a share or server that is gone, an empty drive, a cloud file. */
  UNKNOWN: {
    code: 'IO_FAILED',
    says: 'cannot be reached or read, and the system does not say why',
    hint: 'Check that the drive or share is connected, and that the file is not only in the cloud.',
  },
  ETIMEDOUT: { code: 'LOCATION_OFFLINE', says: 'did not answer in time', hint: offlineHint },
  EEXIST: { code: 'TARGET_EXISTS', says: 'is there already' },
  ENOTEMPTY: { code: 'FOLDER_NOT_EMPTY', says: 'is not empty' },
  EXDEV: { code: 'UNSUPPORTED', says: 'lies on another drive than its new place' },
  EMLINK: { code: 'UNSUPPORTED', says: 'has as many names as its drive allows' },
};

const deniedChange: Translation = {
  code: 'ACCESS_DENIED',
  says: 'may not be changed by this user',
  hint: 'Give your user write permission for it and for the folder it lies in.',
};

/** What is different about calls that change something. */
const byNameOfWriting: Readonly<Record<string, Translation>> = {
  EACCES: deniedChange,
  EPERM: deniedChange,
  EIO: {
    code: 'IO_FAILED',
    says: 'could not be written: the drive reports an error',
    hint: 'Check the drive’s health before you trust it further.',
  },
  EBADMSG: { code: 'IO_FAILED', says: 'could not be written: its drive has damaged data there' },
  EUCLEAN: { code: 'IO_FAILED', says: 'could not be written: the file system on its drive needs repair' },
};

/** What the failed call was to do. */
export type OsAccess = 'read' | 'write';

/** Linux numbers of errors that arrive without a name. */
const byNumber: Readonly<Record<number, string>> = {
  74: 'EBADMSG',
  108: 'ESHUTDOWN',
  112: 'EHOSTDOWN',
  116: 'ESTALE',
  117: 'EUCLEAN',
  121: 'EIO',
  122: 'EDQUOT',
  123: 'ENODEV',
};

interface SystemError {
  readonly code?: unknown;
  readonly errno?: unknown;
}

export function osErrorName(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  const { code, errno } = thrown as SystemError;
  if (typeof code === 'string' && byName[code]) return code;
  if (typeof errno === 'number') return byNumber[Math.abs(errno)] ?? null;
  return null;
}

/** The operating system's own name for what went wrong; empty for anything else. */
export function codeOf(thrown: unknown): string {
  const named = osErrorName(thrown);
  if (named !== null) return named;
  const code = (thrown as SystemError | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** What a failed call on `path` means, as an `AppError`; anything that is not a system error is passed on as it is. */
export function fromOsError(thrown: unknown, path: string, access: OsAccess = 'read'): unknown {
  if (thrown instanceof AppError) return thrown;
  const name = osErrorName(thrown);
  const known = name === null ? undefined : ((access === 'write' ? byNameOfWriting[name] : undefined) ?? byName[name]);
  if (known) return new AppError(known.code, `“${path}” ${known.says}.`, { hint: known.hint, cause: thrown });
  const code = (thrown as SystemError | null)?.code;
  if (typeof code === 'string' && (/^E[A-Z0-9]+$/.test(code) || code.startsWith('Unknown system error'))) {
    return new AppError('IO_FAILED', `“${path}” could not be ${access === 'write' ? 'written' : 'read'} (${code}).`, {
      cause: thrown,
    });
  }
  if (typeof code === 'string' && code.startsWith('ERR_INVALID_ARG')) {
    return new AppError('INVALID_PATH', `“${path}” is not a path this system accepts.`, { cause: thrown });
  }
  return thrown;
}
