import type { RefreshResult } from '../../contract/indexing.ts';
import { createFolderHashes, hashKnown, hashStateAt, setHash } from '../../core/catalog/folder-hashes.ts';
import { hashKeyOf } from '../../core/catalog/hash-key.ts';
import { type IndexedFolder, isBelow } from '../../core/catalog/location-index.ts';
import { attention, type LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { RefreshMerge } from '../../core/catalog/refresh-merge.ts';
import { toAppError } from '../../core/errors/app-error.ts';
import type { EventLog } from '../../core/events/event-log.ts';
import { createThrottle } from '../../core/events/throttle.ts';
import type { CatalogStore, HashKey } from '../../core/ports/catalog-store.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ScanBatch, ScanProblem } from '../../core/ports/location-files.ts';

export interface RefresherPorts {
  readonly registry: LocationRegistry;
  readonly catalog: CatalogStore;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly ignoreGlobs: readonly string[];
}

export interface RefreshOptions {
  readonly folder: string;
  /** A person said that the missing files are really gone. */
  readonly acceptLoss: boolean;
  readonly signal: AbortSignal;
}

/** Reads one location and brings its index up to date. Never rejects for what can happen to a drive. */
export async function refreshSlot(
  slot: LocationSlot,
  options: RefreshOptions,
  ports: RefresherPorts,
): Promise<RefreshResult> {
  const startedAt = ports.clock.monotonicMs();
  const result = (outcome: RefreshResult['outcome'], message: string | null = null): RefreshResult => {
    const { files, bytes } = slot.index.totals();
    const problems = slot.stored.problems.length;
    return {
      id: slot.definition.id,
      outcome,
      files,
      bytes,
      problems,
      elapsedMs: ports.clock.monotonicMs() - startedAt,
      message,
    };
  };
  slot.refreshing = true;
  try {
    await slot.loaded;
    await ports.registry.look(slot);
    if (slot.state.kind === 'offline') return result('offline', slot.state.message);
    if (slot.state.kind === 'attention' && slot.state.reason === 'empty' && !options.acceptLoss) {
      return result('attention', slot.state.message);
    }
    return await new Refresh(slot, options, ports).run(result);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'CANCELLED') return result('cancelled', null);
    if (error.kind !== 'unavailable' && error.kind !== 'not-found') throw error;
    // The drive went away: look again, so that the state tells how.
    await ports.registry.look(slot);
    if (slot.state.kind !== 'offline') {
      ports.registry.setState(slot, {
        kind: 'offline',
        reason: 'error',
        message: error.message,
        sinceMs: ports.clock.nowMs(),
      });
    }
    return result('offline', error.message);
  } finally {
    slot.refreshing = false;
    ports.registry.announce(slot);
  }
}

class Refresh {
  private readonly slot: LocationSlot;
  private readonly options: RefreshOptions;
  private readonly ports: RefresherPorts;
  private readonly merge: RefreshMerge;
  private readonly problems: ScanProblem[] = [];
  private readonly saves: Promise<void>[] = [];
  private readonly progress: (call: () => void) => void;
  private readonly rowsChanged: (call: () => void) => void;
  private files = 0;
  private bytes = 0;
  private looksHashesUp = false;

  constructor(slot: LocationSlot, options: RefreshOptions, ports: RefresherPorts) {
    this.slot = slot;
    this.options = options;
    this.ports = ports;
    this.merge = new RefreshMerge(slot.index, options.folder);
    this.progress = createThrottle(ports.clock, 100);
    this.rowsChanged = createThrottle(ports.clock, 500);
  }

  async run(result: (outcome: RefreshResult['outcome'], message?: string) => RefreshResult): Promise<RefreshResult> {
    const { slot, options, ports } = this;
    const filesBefore = slot.index.totals().files;
    this.looksHashesUp = await ports.catalog.hasHashes();
    const end = await slot.files.scan(
      { folder: options.folder, recursive: true, ignoreGlobs: ports.ignoreGlobs, threads: threadsFor(slot) },
      (batch) => this.take(batch),
      options.signal,
    );
    const gone = this.merge.countGone();
    const isBraked = gone * 2 > filesBefore && !options.acceptLoss;
    const removed = isBraked ? [] : this.merge.dropLost();
    if (isBraked) this.merge.keepLost();
    this.save(removed);
    slot.stored = {
      root: slot.definition.path,
      scannedAtMs: options.folder === '' ? ports.clock.nowMs() : slot.stored.scannedAtMs,
      caseSensitive: end.caseSensitive ?? slot.stored.caseSensitive,
      unicodeSensitive: end.unicodeSensitive,
      wasMountPoint: slot.facts?.isMountPoint ?? false,
      missingFiles: isBraked ? gone : 0,
      problems: this.mergedProblems(),
    };
    this.saves.push(ports.catalog.saveLocation(slot.definition.id, slot.stored));
    await Promise.all(this.saves);
    ports.events.publish('compare.changed', { locations: [slot.definition.id] });
    ports.registry.setState(slot, isBraked ? attention(slot, 'shrunken', gone) : { kind: 'online' });
    return isBraked && slot.state.kind === 'attention' ? result('attention', slot.state.message) : result('done');
  }

  private take(batch: ScanBatch): void {
    const { slot, ports } = this;
    this.files += batch.files;
    this.bytes += batch.bytes;
    this.problems.push(...batch.problems);
    const differing = this.merge.add(batch.folders);
    if (differing > 0) {
      this.save([]);
      this.rowsChanged(() => ports.events.publish('compare.changed', { locations: [slot.definition.id] }));
    }
    this.progress(() =>
      ports.events.publish('index.progressed', {
        location: slot.definition.id,
        files: this.files,
        bytes: this.bytes,
        foldersLeft: batch.foldersLeft,
        folder: batch.folders.at(-1)?.relPath ?? '',
      }),
    );
  }

  private save(removed: readonly string[]): void {
    const changed = this.merge.takeChanged();
    if (changed.length === 0 && removed.length === 0) return;
    const folders = changed.map(({ relPath, files, hashes }) => ({ relPath, files: files.bytes, hashes }));
    this.saves.push(this.ports.catalog.saveFolders(this.slot.definition.id, folders, removed));
    if (this.looksHashesUp) this.saves.push(this.recallHashes(changed));
  }

  /** A file that was renamed, or is seen again after the catalog was rebuilt, gets the hash it is known to have. */
  private async recallHashes(changed: readonly IndexedFolder[]): Promise<void> {
    const keys: HashKey[] = [];
    const places: { folder: IndexedFolder; i: number }[] = [];
    for (const folder of changed) {
      for (let i = 0; i < folder.files.count; i += 1) {
        if (hashStateAt(folder.hashes, i) === hashKnown) continue;
        keys.push(hashKeyOf(this.slot, folder, i));
        places.push({ folder, i });
      }
    }
    if (keys.length === 0) return;
    const found = await this.ports.catalog.recallHashes(keys);
    const updated = new Map<IndexedFolder, Uint8Array<ArrayBuffer>>();
    found.forEach((record, k) => {
      const place = places[k];
      if (!record || !place || this.slot.index.folder(place.folder.relPath)?.files !== place.folder.files) return;
      let hashes = updated.get(place.folder);
      if (!hashes) {
        hashes = createFolderHashes(place.folder.files.count);
        const current = this.slot.index.folder(place.folder.relPath)?.hashes;
        if (current) hashes.set(current);
        updated.set(place.folder, hashes);
      }
      setHash(hashes, place.i, record.blake3);
    });
    if (updated.size === 0) return;
    const folders = [...updated].map(([{ relPath, files }, hashes]) => ({ relPath, files, hashes }));
    for (const folder of folders) this.slot.index.set(folder);
    await this.ports.catalog.saveFolders(
      this.slot.definition.id,
      folders.map(({ relPath, files, hashes }) => ({ relPath, files: files.bytes, hashes })),
      [],
    );
  }

  /** Problems outside the folder that was read stay; so does bit rot, which no scan can see. */
  private mergedProblems(): readonly ScanProblem[] {
    const kept = this.slot.stored.problems.filter(
      ({ relPath, code }) => code === 'CONTENT_CHANGED' || !isBelow(this.options.folder, relPath),
    );
    return [...kept, ...this.problems];
  }
}

/** Two folders in flight keep a local disk busy; a share has latency to hide. */
function threadsFor(slot: LocationSlot): number {
  const drive = slot.definition.drive === 'auto' ? slot.driveKind : slot.definition.drive;
  if (drive === 'network') return 4;
  return drive === 'hdd' ? 1 : 2;
}
