import type { HashProgress } from '../../contract/hashing.ts';
import {
  blake3At,
  createFolderHashes,
  hashKnown,
  hashStateAt,
  setHash,
  setHashFailed,
} from '../../core/catalog/folder-hashes.ts';
import { hashKeyOf } from '../../core/catalog/hash-key.ts';
import { type FilePosition, findFile, type IndexedFolder } from '../../core/catalog/location-index.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { toAppError } from '../../core/errors/app-error.ts';
import type { EventLog } from '../../core/events/event-log.ts';
import { createThrottle } from '../../core/events/throttle.ts';
import type { AbortController } from '../../core/ports/abort.ts';
import type { CatalogStore, HashRecord } from '../../core/ports/catalog-store.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { HashResult } from '../../core/ports/location-files.ts';
import { createHashMeter } from './hash-meter.ts';
import { type HashItem, HashLane, type Priority } from './hash-queue.ts';

export interface HashEnginePorts {
  readonly registry: LocationRegistry;
  readonly catalog: CatalogStore;
  readonly events: EventLog;
  readonly clock: Clock;
  /** HASH_WORKERS: files read side by side over all locations. */
  readonly workers: number;
  readonly createAbort: () => AbortController;
}

const mostWritesUnderWay = 8;

/** Reads waiting files, a lane for each location, and puts what it learns into index, catalog and cache. */
export class HashEngine {
  private readonly ports: HashEnginePorts;
  private readonly lanes = new Map<LocationSlot, HashLane>();
  private readonly meter;
  private readonly progress;
  private readonly rowsChanged;
  private stop: AbortController;
  private readonly writes = new Set<Promise<void>>();
  private paused = false;

  constructor(ports: HashEnginePorts) {
    this.ports = ports;
    this.meter = createHashMeter(ports.clock);
    this.progress = createThrottle(ports.clock, 100);
    this.rowsChanged = createThrottle(ports.clock, 500);
    this.stop = ports.createAbort();
  }

  isPending(location: string, relPath: string): boolean {
    const slot = this.ports.registry.find(location);
    return (slot && this.lanes.get(slot)?.has(relPath)) ?? false;
  }

  add(items: readonly HashItem[], priority: Priority): void {
    for (const item of items) {
      let lane = this.lanes.get(item.slot);
      if (!lane) {
        lane = new HashLane(item.slot);
        this.lanes.set(item.slot, lane);
      }
      if (!lane.has(item.relPath)) this.meter.expect(item.size);
      lane.add(item, priority);
    }
    for (const lane of this.lanes.values()) this.work(lane);
    this.publish();
  }

  pause(paused: boolean): void {
    this.paused = paused;
    this.meter.pause(paused);
    for (const lane of this.lanes.values()) {
      lane.slot.files.pauseHashing(paused);
      this.work(lane);
    }
    this.publish();
  }

  cancel(): void {
    this.stop.abort();
    this.stop = this.ports.createAbort();
    if (this.paused) this.pause(false);
    for (const lane of this.lanes.values()) {
      for (const item of lane.clear()) {
        this.meter.finish(item.size);
        this.settleFailure(item, 'CANCELLED', 'Hashing was cancelled.');
      }
    }
    this.publish();
  }

  status(): HashProgress {
    const current = [...this.lanes.values()].flatMap((lane) =>
      lane.current.slice(0, 4).map(({ slot, relPath }) => ({ location: slot.definition.id, relPath })),
    );
    const isIdle = [...this.lanes.values()].every((lane) => lane.isEmpty && !lane.isBusy);
    return { ...this.meter.read(), state: isIdle ? 'idle' : this.paused ? 'paused' : 'running', current };
  }

  private publish(): void {
    this.ports.events.publish('hash.progressed', this.status());
  }

  /** One batch at a time and location; the location's own threads share it. */
  private work(lane: HashLane): void {
    if (lane.isBusy || lane.isEmpty || this.paused) return;
    lane.isBusy = true;
    const batch = lane.takeBatch();
    const items = new Map(batch.map((item) => [item.relPath, item]));
    this.read(lane, items)
      .catch((thrown: unknown) => {
        const { code, message } = toAppError(thrown);
        for (const item of items.values()) {
          this.meter.finish(item.size);
          this.settleFailure(item, code, message);
        }
        if (code === 'LOCATION_OFFLINE') void this.ports.registry.look(lane.slot);
      })
      .finally(() => {
        for (const item of batch) lane.finish(item.relPath);
        lane.isBusy = false;
        this.work(lane);
        if (this.status().state !== 'idle') return;
        this.ports.events.publish('compare.changed', {
          locations: this.ports.registry.list().map(({ definition }) => definition.id),
        });
        this.ports.events.publish('hash.finished', this.status());
        this.meter.reset();
      });
  }

  /** @param items Files still to be settled; each is removed when it is. */
  private async read(lane: HashLane, items: Map<string, HashItem>): Promise<void> {
    const { slot } = lane;
    const found = [...items.values()].flatMap((item) => {
      const file = findFile(slot.index, item.relPath);
      if (file) return [{ item, file }];
      items.delete(item.relPath);
      this.meter.finish(item.size);
      this.settleFailure(item, 'ENTRY_NOT_FOUND', `“${item.relPath}” is no longer in the index.`);
      return [];
    });
    const targets = found.map(({ item, file }) => ({
      relPath: item.relPath,
      size: file.folder.files.size(file.i),
      mtimeNs: file.folder.files.mtimeNs(file.i),
      fileId: file.folder.files.fileId(file.i),
    }));
    const files = new Map(found.map(({ item, file }) => [item.relPath, file]));
    const sha256 = found[0]?.item.sha256 ?? false;
    await slot.files.hash(
      { targets, sha256, threads: this.threadsFor(slot) },
      (results) => this.take(slot, results, items, files),
      this.stop.signal,
    );
    // A run must never wait for a result that does not come.
    for (const item of items.values()) {
      this.meter.finish(item.size);
      this.settleFailure(item, 'IO_FAILED', `“${item.relPath}” was not read; try again.`);
    }
    items.clear();
    // The next batch is read while this one is still being written, as long as the catalog keeps up.
    while (this.writes.size > mostWritesUnderWay) await Promise.race(this.writes);
  }

  /** Puts results into the index at once; their runs are settled when the catalog has them too. */
  private take(
    slot: LocationSlot,
    results: readonly HashResult[],
    items: Map<string, HashItem>,
    files: ReadonlyMap<string, FilePosition>,
  ): void {
    const learnt = new Map<IndexedFolder, Uint8Array<ArrayBuffer>>();
    const records: HashRecord[] = [];
    const settled: { readonly item: HashItem; readonly settle: () => void }[] = [];
    for (const result of results) {
      const item = items.get(result.relPath);
      const file = files.get(result.relPath);
      if (!item || !file) continue;
      if (result.ok === null) {
        this.meter.read(result.bytes);
        continue;
      }
      items.delete(result.relPath);
      this.meter.finish(item.size);
      this.lanes.get(slot)?.finish(item.relPath);
      const current = slot.index.folder(file.folder.relPath);
      const isSameListing = current?.files === file.folder.files;
      const hashes = isSameListing ? hashesFor(current, learnt) : null;
      if (!result.ok) {
        if (hashes && result.code !== 'CANCELLED' && result.code !== 'LOCATION_OFFLINE') setHashFailed(hashes, file.i);
        settled.push({ item, settle: () => this.settleFailure(item, result.code, result.message) });
        continue;
      }
      const before = hashes && hashStateAt(hashes, file.i) === hashKnown ? blake3At(hashes, file.i).slice() : null;
      const isSame = before?.every((byte, k) => byte === result.blake3[k]) ?? null;
      if (hashes) setHash(hashes, file.i, result.blake3);
      records.push({
        ...hashKeyOf(slot, file.folder, file.i),
        blake3: new Uint8Array(result.blake3),
        sha256: result.sha256 && new Uint8Array(result.sha256),
        quickHash: result.quickHash && new Uint8Array(result.quickHash),
        hashedAtMs: this.ports.clock.nowMs(),
      });
      settled.push({ item, settle: () => settleSuccess(item, isSame) });
      if (isSame === false) this.noteBitRot(slot, item.relPath);
    }
    const write = this.store(slot, learnt, records)
      .then(
        () => {
          for (const { settle } of settled) settle();
        },
        (thrown: unknown) => {
          const { code, message } = toAppError(thrown);
          for (const { item } of settled) this.settleFailure(item, code, message);
        },
      )
      .finally(() => this.writes.delete(write));
    this.writes.add(write);
    this.progress(() => this.publish());
    this.rowsChanged(() => this.ports.events.publish('compare.changed', { locations: [slot.definition.id] }));
  }

  private async store(
    slot: LocationSlot,
    learnt: ReadonlyMap<IndexedFolder, Uint8Array<ArrayBuffer>>,
    records: readonly HashRecord[],
  ): Promise<void> {
    const folders = [...learnt].map(([{ relPath, files }, hashes]) => ({ relPath, files, hashes }));
    for (const folder of folders) slot.index.set(folder);
    if (folders.length > 0) {
      await this.ports.catalog.saveFolders(
        slot.definition.id,
        folders.map(({ relPath, files, hashes }) => ({ relPath, files: files.bytes, hashes })),
        [],
      );
    }
    if (records.length > 0) await this.ports.catalog.rememberHashes(records);
  }

  private noteBitRot(slot: LocationSlot, relPath: string): void {
    const message = rotten(relPath);
    const others = slot.stored.problems.filter(
      (problem) => problem.code !== 'CONTENT_CHANGED' || problem.relPath !== relPath,
    );
    const hint = 'Compare it with another copy before you trust it; the drive may be failing.';
    slot.stored = { ...slot.stored, problems: [...others, { relPath, code: 'CONTENT_CHANGED', message, hint }] };
    void this.ports.catalog.saveLocation(slot.definition.id, slot.stored).catch(() => {});
    this.ports.registry.announce(slot);
  }

  private settleFailure(item: HashItem, code: Parameters<HashItem['runs'][number]['fail']>[2], message: string): void {
    for (const run of item.runs) run.fail(item.slot.definition.id, item.relPath, code, message);
  }

  /** One reader on a spinning or network drive; the others share the workers. */
  private threadsFor(slot: LocationSlot): number {
    const drive = slot.definition.drive === 'auto' ? slot.driveKind : slot.definition.drive;
    if (drive === 'hdd' || drive === 'network' || drive === 'removable') return 1;
    const busy = [...this.lanes.values()].filter((lane) => lane.isBusy).length;
    return Math.max(1, Math.floor(this.ports.workers / Math.max(1, busy)));
  }
}

function hashesFor(
  folder: IndexedFolder,
  learnt: Map<IndexedFolder, Uint8Array<ArrayBuffer>>,
): Uint8Array<ArrayBuffer> {
  let hashes = learnt.get(folder);
  if (!hashes) {
    hashes = createFolderHashes(folder.files.count);
    if (folder.hashes) hashes.set(folder.hashes);
    learnt.set(folder, hashes);
  }
  return hashes;
}

function settleSuccess(item: HashItem, isSame: boolean | null): void {
  for (const run of item.runs) {
    if (isSame === false) run.reportChange(item.slot.definition.id, item.relPath, rotten(item.relPath));
    else run.settle(run.verify && isSame === true ? 'verified' : 'hashed');
  }
}

function rotten(relPath: string): string {
  return `The bytes of “${relPath}” have changed although its size and time have not.`;
}
