import type { RefreshResult } from '../../contract/indexing.ts';
import { createFolderHashes, hashKnown, hashStateAt, setHash } from '../../core/catalog/folder-hashes.ts';
import { hashKeyOf } from '../../core/catalog/hash-key.ts';
import { findFile, type IndexedFolder, isBelow } from '../../core/catalog/location-index.ts';
import { attention, type LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { RefreshMerge } from '../../core/catalog/refresh-merge.ts';
import { toAppError } from '../../core/errors/app-error.ts';
import type { EventLog } from '../../core/events/event-log.ts';
import { createThrottle } from '../../core/events/throttle.ts';
import type { AbortController } from '../../core/ports/abort.ts';
import type { CatalogStore, HashKey } from '../../core/ports/catalog-store.ts';
import type { Clock, Pacer } from '../../core/ports/clock.ts';
import type { ScanBatch, ScanEnd, ScanProblem, ScanRequest } from '../../core/ports/location-files.ts';
import { beginScan, type EarlyScan } from './early-scan.ts';

export interface RefresherPorts {
  readonly registry: LocationRegistry;
  readonly catalog: CatalogStore;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly ignoreGlobs: readonly string[];
  /** Takes those of the missing files out of the index that the program itself removed and the index had not heard of. */
  readonly replayRemovals?: (slot: LocationSlot, missing: ReadonlySet<string>) => Promise<void>;
}

export interface RefreshOptions {
  readonly folder: string;
  /** A person said that the missing files are really gone. */
  readonly acceptLoss: boolean;
  /** Ends the reading; of this run alone. */
  readonly stop: AbortController;
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
  let refresh: Refresh | null = null;
  slot.refreshing = true;
  const looking = ports.registry.look(slot);
  const scan = beginScan(slot.files, scanRequest(slot, options, ports), options.stop);
  try {
    await slot.loaded;
    await looking;
    if (slot.state.kind === 'offline') return result('offline', slot.state.message);
    if (slot.state.kind === 'attention' && slot.state.reason === 'empty' && !options.acceptLoss) {
      return result('attention', slot.state.message);
    }
    refresh = new Refresh(slot, options, ports);
    return await refresh.run(scan, result);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'CANCELLED') return result('cancelled', null);
    // Trouble with the program's own data says nothing of the drive.
    if (!refresh?.hasDriveFailed || error.kind === 'internal') throw error;
    // The drive went away: look again, so that the state tells how.
    await ports.registry.look(slot);
    if (slot.state.kind !== 'offline' && error.code === 'FILE_NOT_FOUND' && options.folder !== '') {
      // The folder is not there, on a drive that is: what its parent holds now is the answer.
      return await refreshSlot(slot, { ...options, folder: folderAbove(options.folder) }, ports);
    }
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
    scan.drop();
    slot.refreshing = false;
    ports.registry.announce(slot);
  }
}

function scanRequest(slot: LocationSlot, { folder }: RefreshOptions, ports: RefresherPorts): ScanRequest {
  const atOnce = Math.max(1, ports.registry.list().filter(({ refreshing }) => refreshing).length);
  return { folder, recursive: true, ignoreGlobs: ports.ignoreGlobs, threads: threadsFor(slot, atOnce), atOnce };
}

function folderAbove(relPath: string): string {
  return relPath.slice(0, Math.max(0, relPath.lastIndexOf('/')));
}

class Refresh {
  /** The scan itself ended badly, not what was made of it. */
  hasDriveFailed = false;
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
  private filesBefore = 0;

  constructor(slot: LocationSlot, options: RefreshOptions, ports: RefresherPorts) {
    this.slot = slot;
    this.options = options;
    this.ports = ports;
    this.merge = new RefreshMerge(slot.index, options.folder);
    this.progress = createThrottle(ports.clock, 100);
    this.rowsChanged = createThrottle(ports.clock, 500);
  }

  async run(
    scan: EarlyScan,
    result: (outcome: RefreshResult['outcome'], message?: string) => RefreshResult,
  ): Promise<RefreshResult> {
    const { slot, options, ports } = this;
    this.filesBefore = slot.index.totals().files;
    this.looksHashesUp = await ports.catalog.hasHashes();
    this.forgetHashesOfOtherVolume();
    const end = await this.takeAll(scan);
    const { gone, isTooMuch } = await this.countGone();
    // Once braked, nothing goes until a person has said so: not folder by folder, nor because new files came.
    const wasBraked = slot.stored.missingFiles > 0;
    const isBraked = !options.acceptLoss && (isTooMuch || (wasBraked && (gone > 0 || options.folder !== '')));
    const missingFiles = !isBraked ? 0 : options.folder === '' ? gone : Math.max(gone, slot.stored.missingFiles);
    const removed = isBraked ? [] : this.merge.dropLost();
    if (isBraked) this.merge.keepLost();
    this.save(removed);
    slot.stored = {
      root: slot.definition.path,
      scannedAtMs: options.folder === '' ? ports.clock.nowMs() : slot.stored.scannedAtMs,
      caseSensitive: end.caseSensitive ?? slot.stored.caseSensitive,
      unicodeSensitive: end.unicodeSensitive,
      wasMountPoint: slot.facts?.isMountPoint ?? false,
      volume: slot.facts?.identity ?? slot.stored.volume,
      missingFiles,
      problems: this.mergedProblems(),
    };
    this.keep(ports.catalog.saveLocation(slot.definition.id, slot.stored));
    await Promise.all(this.saves);
    ports.events.publish('compare.changed', { locations: [slot.definition.id] });
    ports.registry.setState(slot, isBraked ? attention(slot, 'shrunken', missingFiles) : { kind: 'online' });
    return isBraked && slot.state.kind === 'attention' ? result('attention', slot.state.message) : result('done');
  }

  /** Files that are gone, and whether so many are more likely away. What the program removed itself is no loss. */
  private async countGone(): Promise<{ readonly gone: number; readonly isTooMuch: boolean }> {
    const { slot, ports, filesBefore, merge } = this;
    const look = (of: number) => {
      const gone = merge.countGone();
      return { gone, isTooMuch: gone * 2 > of || (gone > 0 && merge.hasLostDrive()) };
    };
    const { gone, isTooMuch } = look(filesBefore);
    if (!isTooMuch || !ports.replayRemovals) return { gone, isTooMuch };
    await ports.replayRemovals(slot, merge.gonePaths());
    return look(filesBefore - (gone - merge.countGone()));
  }

  private async takeAll(scan: EarlyScan): Promise<ScanEnd> {
    try {
      return await scan.take((batch) => this.take(batch), this.ports.pacer);
    } catch (thrown) {
      this.hasDriveFailed = true;
      throw thrown;
    }
  }

  /** Another drive is mounted where the index was made: equal names, sizes and times there prove nothing. */
  private forgetHashesOfOtherVolume(): void {
    const { stored, facts, index, definition } = this.slot;
    if (stored.volume === '' || !facts || facts.identity === '' || facts.identity === stored.volume) return;
    const hashed = index.inOrder().filter(({ hashes }) => hashes !== null);
    const folders = hashed.map(({ relPath, files }) => ({ relPath, files, hashes: null }));
    for (const folder of folders) index.set(folder);
    const stale = folders.map(({ relPath, files }) => ({ relPath, files: files.bytes, hashes: null }));
    this.keep(this.ports.catalog.saveFolders(definition.id, stale, []));
  }

  /** Awaited at the end of the refresh, which may never come; a failure must not count as unhandled until then. */
  private keep(write: Promise<void>): void {
    write.catch(() => {});
    this.saves.push(write);
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
    this.keep(this.ports.catalog.saveFolders(this.slot.definition.id, folders, removed));
    if (this.looksHashesUp) this.keep(this.recallHashes(changed));
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
      // What was read from the file in the meantime is newer than what is remembered.
      if (hashStateAt(hashes, place.i) !== hashKnown) setHash(hashes, place.i, record.blake3);
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

  /** Problems outside the folder that was read stay; so does bit rot, which no scan can see, while the file stays. */
  private mergedProblems(): readonly ScanProblem[] {
    const kept = this.slot.stored.problems.filter(({ relPath, code }) =>
      code === 'CONTENT_CHANGED' ? this.hasHash(relPath) : !isBelow(this.options.folder, relPath),
    );
    return [...kept, ...this.problems];
  }

  /** A file that was replaced or changed has lost its hash. */
  private hasHash(relPath: string): boolean {
    const file = findFile(this.slot.index, relPath);
    return file !== null && hashStateAt(file.folder.hashes, file.i) === hashKnown;
  }
}

/**
 * Measured: four folders in flight read a cold disk fastest; locations that are read at the same time share them. A
 * share has latency to hide.
 */
function threadsFor(slot: LocationSlot, atOnce: number): number {
  const drive = slot.definition.drive === 'auto' ? slot.driveKind : slot.definition.drive;
  if (drive === 'network') return 4;
  if (drive === 'hdd' || drive === 'removable') return 2;
  return Math.max(1, Math.floor(4 / atOnce));
}
