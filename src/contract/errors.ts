/*
 * Without the library of schemas: threads and processes that need an error code need not wait for that.
 */

/**
 * The ten kinds of failure. A kind decides the HTTP status, the exit status of the command line and what the queue
 * does next (ARCHITECTURE.md, "Errors"); the code names the exact situation and is stable for scripts.
 */
export const errorKinds = [
  'usage',
  'not-found',
  'conflict',
  'policy',
  'unavailable',
  'no-space',
  'corrupt',
  'unsupported',
  'cancelled',
  'internal',
] as const;

export type ErrorKind = (typeof errorKinds)[number];

export const httpStatusOf: Readonly<Record<ErrorKind, number>> = {
  usage: 400,
  'not-found': 404,
  conflict: 409,
  policy: 403,
  unavailable: 503,
  'no-space': 507,
  corrupt: 422,
  unsupported: 501,
  cancelled: 499,
  internal: 500,
};

export const exitStatusOf: Readonly<Record<ErrorKind, number>> = {
  internal: 1,
  usage: 2,
  'not-found': 4,
  conflict: 5,
  policy: 6,
  unavailable: 7,
  'no-space': 8,
  corrupt: 9,
  unsupported: 10,
  cancelled: 130,
};

/** Exit status of a command that finished while some of its items failed; the items are listed in its output. */
export const exitFinishedWithFailures = 3;

/** Every error code the program can answer with: `CODE: [kind, when it happens]`. The reference page is generated from it. */
export const errorCodes = {
  INVALID_INPUT: ['usage', 'A request field, option or argument is missing or malformed.'],
  INVALID_SETTING: ['usage', 'A setting has a value that cannot be used; the message names the key and the fix.'],
  INVALID_PATH: [
    'usage',
    'A path is not a legal relative path on both Windows and Linux, or would leave its location.',
  ],
  UNKNOWN_COMMAND: ['usage', 'The command line names a command or option that does not exist.'],
  LOCATION_NOT_FOUND: ['not-found', 'No location has this id.'],
  ENTRY_NOT_FOUND: ['not-found', 'The entry is not in the index.'],
  TASK_NOT_FOUND: ['not-found', 'The queue has no task or plan with this id.'],
  SCAN_NOT_FOUND: ['not-found', 'No scan for duplicates has this id; the newest 20 are kept.'],
  FILE_NOT_FOUND: ['not-found', 'The file or folder does not exist on disk.'],
  ROUTE_NOT_FOUND: ['not-found', 'The server has nothing at this address.'],
  LOCATION_EXISTS: ['conflict', 'Another location already has this id or path.'],
  LOCATION_NESTED: ['conflict', 'The path lies inside another location, or contains one.'],
  LOCATION_MANAGED: [
    'conflict',
    'The location comes from the environment, .env or the settings file and is changed there.',
  ],
  INSTANCE_RUNNING: ['conflict', 'Another Weightroom already owns this app-data folder.'],
  PORT_IN_USE: ['conflict', 'The port is taken by another program.'],
  SCAN_RUNNING: ['conflict', 'A refresh of this location is already running.'],
  PLAN_STALE: ['conflict', 'What a plan rests on has changed since it was made.'],
  FILE_CHANGED: ['conflict', 'The file changed while it was being read; nothing was stored.'],
  TARGET_EXISTS: ['conflict', 'Something has this path already; nothing is ever overwritten.'],
  SAME_FILE: ['conflict', 'Two names lead to one file: removing one frees nothing, or takes both.'],
  FOLDER_NOT_EMPTY: ['conflict', 'A folder that was to be removed holds something.'],
  TASK_STATE: ['conflict', 'A task is not in a state in which this can be done to it.'],
  SCAN_STATE: [
    'conflict',
    'A scan for duplicates still runs, or stopped with the program, so nothing can be planned with it.',
  ],
  DATABASE_NEWER: ['conflict', 'A database was written by a newer Weightroom.'],
  FORBIDDEN: ['policy', 'The request did not come from this program’s own page or carries no valid token.'],
  DELETE_NOT_ALLOWED: [
    'policy',
    'The location does not allow deleting (LOCAL_ALLOW_DELETE, LAKE_ALLOW_DELETE, its settings).',
  ],
  CONFIRMATION_NEEDED: [
    'policy',
    'The plan deletes so much, or from such a place, that a person has to type a word first.',
  ],
  APP_DATA_ON_NETWORK: ['policy', 'The app-data folder lies on a network drive, where its database would not be safe.'],
  ACCESS_DENIED: ['policy', 'The operating system does not let this user read the file or folder.'],
  LINK_ESCAPES: ['policy', 'A link leads outside its location and is not followed.'],
  LOCATION_OFFLINE: ['unavailable', 'The location cannot be reached, or does not answer in time.'],
  LOCATION_SHRUNKEN: [
    'unavailable',
    'The location is empty or has lost more than half of its files at once; it waits for a person to say why.',
  ],
  FILE_BUSY: ['unavailable', 'Another program holds the file open.'],
  SERVER_UNREACHABLE: ['unavailable', 'The running Weightroom server does not answer.'],
  IO_FAILED: ['unavailable', 'The drive reported a read or write error.'],
  TOO_MANY_OPEN_FILES: ['unavailable', 'The operating system allows no more open files.'],
  NO_SPACE: ['no-space', 'The drive, or the quota on it, is full.'],
  DATABASE_CORRUPT: ['corrupt', 'A database file is damaged.'],
  CONTENT_CHANGED: ['corrupt', 'The bytes of a file changed while its size and time did not (bit rot).'],
  COPY_DIFFERS: ['corrupt', 'The bytes read back from a copy are not those that were written.'],
  NOT_DURABLE: ['unsupported', 'The drive cannot promise that a copy is on it, so its source is kept.'],
  NAME_NOT_UTF8: ['unsupported', 'A name is not valid Unicode and cannot be addressed safely.'],
  NAME_TOO_LONG: ['unsupported', 'A name or path is longer than the drive allows.'],
  LINK_LOOP: ['unsupported', 'A link leads back to a folder it lies in.'],
  LINK_BROKEN: ['unsupported', 'A link points at nothing.'],
  SPECIAL_FILE: ['unsupported', 'The entry is a device, pipe or socket, not a file.'],
  READ_ONLY: ['unsupported', 'The drive is mounted read-only.'],
  UNSUPPORTED: ['unsupported', 'This machine or drive cannot do that.'],
  REQUEST_TOO_LARGE: ['usage', 'The request body or address is larger than the server accepts.'],
  CANCELLED: ['cancelled', 'The work was cancelled.'],
  INTERNAL: ['internal', 'A bug in Weightroom; please report it.'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export type ErrorCode = keyof typeof errorCodes;

/** What an answer says that is not the one hoped for; `errorBodySchema` checks it. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly kind: ErrorKind;
    readonly message: string;
    readonly hint?: string | undefined;
  };
}

/** The error that an answer holds; null: it holds something else. `errorBodySchema` for who does without zod. */
export function errorIn(body: unknown): ErrorBody['error'] | null {
  const { error } = Object(body) as { error?: unknown };
  const { code, kind, message, hint } = Object(error) as Record<string, unknown>;
  if (typeof message !== 'string' || (hint !== undefined && typeof hint !== 'string')) return null;
  const isKnown = typeof code === 'string' && Object.hasOwn(errorCodes, code) && errorKinds.some((one) => one === kind);
  return isKnown ? { code: code as ErrorCode, kind: kind as ErrorKind, message, hint } : null;
}
