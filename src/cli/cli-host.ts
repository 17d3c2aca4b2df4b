import type { Api } from '../contract/api.ts';
import type { ErrorBody } from '../contract/errors.ts';
import type { WeightroomEvent } from '../contract/events.ts';

/** One of the two output streams. */
export interface TextSink {
  /** Whether a person reads it right now. */
  readonly isTTY: boolean;
  /** Width of the terminal; Infinity when a file or a pipe reads it, where nothing is shortened. */
  readonly columns: number;
  /** Resolves when more may be written; rejects with `OutputClosed` when the reader has gone away. */
  write(text: string): Promise<void>;
}

/** The reader of stdout or stderr is gone (`… | head`): stop quietly. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** What a command is about to do, so that it can be made ready for in the meantime. */
export interface EngineIntent {
  /** Drives will be read: their processes start while the stored index is opened. */
  readonly willRead: boolean;
  /** Which tasks an engine in this process carries out: `own` those that this command makes, `all` whatever waits; none when left out. */
  readonly runsQueue?: 'own' | 'all';
}

/** The engine behind the commands. Whether it runs in this process or in a server makes no difference to them. */
export interface Engine {
  readonly api: Api;
  readonly mode: 'in-process' | 'server';
  /** Calls `listener` for every event from now on. Returns the way to stop. */
  onEvent(listener: (event: WeightroomEvent) => void): () => void;
  /** Ends the connection, or the engine when it runs in-process; its databases are closed when this resolves. */
  close(): Promise<void>;
}

export type HashedFile =
  | {
      readonly path: string;
      readonly size: number;
      readonly blake3: string;
      readonly sha256: string;
      readonly quickHash: string;
    }
  | { readonly path: string; readonly error: ErrorBody['error'] };

export interface FileHashProgress {
  readonly path: string;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface ServeRequest {
  /** The setting decides when left out; 0 takes any free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Open the page in the browser once the server answers. */
  readonly open: boolean;
  /** `when-empty`: show the demo library when no location is configured. */
  readonly demo: 'always' | 'when-empty' | 'never';
  /** Called once, when the server answers. `url` carries the token in its fragment. */
  onReady(url: string): void;
  /** Aborted by Ctrl+C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** All the command line needs from the process it runs in. `createTerminal` supplies the first half. */
export interface Terminal {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly color: boolean;
  readonly cwd: string;
  /** Calls `listener` for Ctrl+C, SIGTERM and a closed terminal; returns the way to stop. */
  onInterrupt(listener: () => void): () => void;
  /** Puts a question to the person and resolves with the line they type, empty at the end of input. null: nobody is there to answer. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<string>) | null;
}

export interface CliHost extends Terminal {
  readonly version: string;
  /** In-process when no server holds the app-data folder, else a client of that server. */
  openEngine(intent?: EngineIntent): Promise<Engine>;
  /** Settings are read and written without opening a database, so that a bad one can be mended. */
  readonly settings: Pick<Api, 'listSettings' | 'changeSettings'>;
  /** Hashes files as they are now, without the index; one result for each path, in order. Never rejects for one file. */
  hashFiles(
    paths: readonly string[],
    options: { onProgress(progress: FileHashProgress): void; signal: AbortSignal },
  ): Promise<readonly HashedFile[]>;
  /** Serves until `signal` is aborted; resolves when the server has ended cleanly. */
  serve(request: ServeRequest): Promise<void>;
}
