import type { ErrorCode } from '../../contract/errors.ts';
import type { HashRun as HashRunResult } from '../../contract/hashing.ts';

type Counted = 'hashed' | 'verified' | 'cached';

/** One request to hash something, until its last file is settled. */
export class HashRun {
  readonly verify: boolean;
  readonly done: Promise<void>;
  private readonly counts = { files: 0, bytes: 0, hashed: 0, cached: 0, verified: 0 };
  private readonly failed: HashRunResult['failed'] = [];
  private readonly changed: HashRunResult['changed'] = [];
  /** Read of files that are not finished. */
  private readonly partial = new Map<string, number>();
  private finishedBytes = 0;
  private open = 1;
  private resolve: () => void = () => {};

  private readonly onRead: () => void;

  /** @param onRead Called whenever `bytesRead` has grown. */
  constructor(verify: boolean, onRead: () => void = () => {}) {
    this.verify = verify;
    this.onRead = onRead;
    this.done = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  expect(bytes: number): void {
    this.counts.files += 1;
    this.counts.bytes += bytes;
    this.open += 1;
  }

  noteRead(path: string, bytes: number): void {
    this.partial.set(path, (this.partial.get(path) ?? 0) + bytes);
    this.onRead();
  }

  /** @param bytes Of the whole file; what was noted of it before counts no more. */
  noteFinished(path: string, bytes: number): void {
    this.partial.delete(path);
    this.finishedBytes += bytes;
    this.onRead();
  }

  bytesRead(): number {
    let bytes = this.finishedBytes;
    for (const part of this.partial.values()) bytes += part;
    return bytes;
  }

  settle(how: Counted): void {
    this.counts[how] += 1;
    this.close();
  }

  fail(location: string, relPath: string, code: ErrorCode, message: string): void {
    this.failed.push({ location, relPath, code, message });
    this.close();
  }

  reportChange(location: string, relPath: string, message: string): void {
    this.changed.push({ location, relPath, code: 'CONTENT_CHANGED', message });
    this.close();
  }

  /** All files have been named; the run ends with the last of them. */
  close(): void {
    this.open -= 1;
    if (this.open === 0) this.resolve();
  }

  result(elapsedMs: number): HashRunResult {
    return { ...this.counts, failed: [...this.failed], changed: [...this.changed], elapsedMs };
  }
}
