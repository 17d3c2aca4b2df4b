import type { AbsolutePath } from '../paths/absolute-path.ts';

/** The settings in force, parsed. Each is described in setting-rules.ts under its key. */
export interface Settings {
  readonly localModelsRoot: AbsolutePath | null;
  readonly lakeModelsRoot: AbsolutePath | null;
  readonly localAllowDelete: boolean;
  readonly lakeAllowDelete: boolean;
  readonly queueConcurrency: number;
  readonly queueRetryCount: number;
  readonly hashAlgo: 'blake3';
  readonly hashWorkers: number;
  readonly appDataDir: AbsolutePath;
  readonly host: LoopbackHost;
  /** 0: any free port. */
  readonly port: number;
  /** Lower case, each with its dot. */
  readonly modelExtensions: readonly string[];
  readonly ignoreGlobs: readonly string[];
}

/** `localhost` is both loopback addresses. */
export type LoopbackHost = 'localhost' | '127.0.0.1' | '::1';
