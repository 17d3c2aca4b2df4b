import type { RefreshResult } from '../../contract/indexing.ts';
import type { Task } from '../../contract/queue.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { KeeperChoice } from '../../core/dedupe/choose-keepers.ts';
import type { DuplicateGroup } from '../../core/dedupe/duplicate-group.ts';
import type { EventLog } from '../../core/events/event-log.ts';
import type { AbortController } from '../../core/ports/abort.ts';
import type { CatalogStore } from '../../core/ports/catalog-store.ts';
import type { Clock, Pacer } from '../../core/ports/clock.ts';
import type { DedupePlanned } from './plan-dedupe.ts';

export interface FileToHash {
  readonly slot: LocationSlot;
  readonly relPath: string;
  readonly size: number;
}

export interface HashFilesOptions {
  readonly signal: AbortSignal;
  readonly onRead: (bytes: number) => void;
}

/** A plan that a person confirmed, and what it consists of. */
export interface DedupeToExecute extends DedupePlanned {
  readonly groups: readonly DuplicateGroup[];
  /** Group by group; `group` is the position in `groups`. */
  readonly choices: readonly KeeperChoice[];
  readonly paranoid: boolean;
}

export interface DedupePorts {
  readonly registry: LocationRegistry;
  readonly catalog: CatalogStore;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly pacer: Pacer;
  /** HASH_WORKERS: files read side by side. */
  readonly workers: number;
  readonly createAbort: () => AbortController;
  /** Eight characters of a-z0-9. */
  readonly newId: () => string;
  /** Reads a location again. */
  readonly refresh: (slot: LocationSlot, folder: string) => Promise<RefreshResult>;
  /** Puts hashes into the index; resolves when each file has one or could not be read, or the signal fires. */
  readonly hashFiles: (files: readonly FileToHash[], options: HashFilesOptions) => Promise<void>;
  /** @throws AppError INVALID_PATH */
  readonly checkedRelPath: (relPath: string) => string;
  readonly execute: (planned: DedupeToExecute) => Promise<Task>;
}
