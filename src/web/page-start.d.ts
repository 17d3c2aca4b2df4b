/** What public/start.js leaves to the program. */
interface PageStart {
  /** Preferences as they are stored, so that storage is read once. */
  readonly stored: unknown;
  /** Path and search of the address, without the current row. */
  readonly address: string;
  /** Answers on their way, by address. */
  readonly answers: ReadonlyMap<string, Promise<Response>>;
}

interface Window {
  readonly weightroomStart?: PageStart;
}
