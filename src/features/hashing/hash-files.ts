import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError, cancelled } from '../../core/errors/app-error.ts';
import type { HashEngine } from './hash-engine.ts';
import { HashRun } from './hash-run.ts';

export interface FileToHash {
  readonly slot: LocationSlot;
  readonly relPath: string;
  readonly size: number;
}

export interface HashFilesOptions {
  readonly signal: AbortSignal;
  /** Called now and then with all bytes read so far. */
  readonly onRead: (bytes: number) => void;
}

/**
 * Hashes files for another feature, behind what people look at. Resolves when each of them is in the index or could not
 * be hashed.
 *
 * @throws AppError CANCELLED, by the signal or because all hashing was cancelled; LOCATION_OFFLINE
 */
export async function hashFiles(
  engine: HashEngine,
  files: readonly FileToHash[],
  { signal, onRead }: HashFilesOptions,
): Promise<void> {
  if (signal.aborted) throw cancelled('Hashing');
  if (files.length === 0) return;
  const run = new HashRun(false, () => onRead(run.bytesRead()));
  for (const { size } of files) run.expect(size);
  run.close();
  signal.addEventListener('abort', () => engine.drop(run), { once: true });
  engine.add(
    files.map((file) => ({ ...file, sha256: false, runs: [run] })),
    'rest',
  );
  await run.done;
  const { failed } = run.result(0);
  if (failed.some(({ code }) => code === 'CANCELLED')) throw cancelled('Hashing');
  const offline = failed.find(({ code }) => code === 'LOCATION_OFFLINE');
  if (offline) throw new AppError('LOCATION_OFFLINE', offline.message);
}
