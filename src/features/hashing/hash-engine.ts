import type { HashProgress } from '../../contract/hashing.ts';
import { hashKeyOf } from '../../core/catalog/hash-key.ts';
import { LearntHashes } from '../../core/catalog/learnt-hashes.ts';
import { type FilePosition, findFile, type IndexedFolder } from '../../core/catalog/location-index.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError, toAppError } from '../../core/errors/app-error.ts';
import type { EventLog } from '../../core/events/event-log.ts';
import { createThrottle } from '../../core/events/throttle.ts';
import type { AbortController } from '../../core/ports/abort.ts';
import type { CatalogStore, HashRecord } from '../../core/ports/catalog-store.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { HashResult } from '../../core/ports/location-files.ts';
import { createHashMeter } from './hash-meter.ts';
import { type HashItem, HashLane, type Priority } from './hash-queue.ts';
import type { HashRun } from './hash-run.ts';

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

const recordsAtOnce = 256;

/** A folder is rewritten as a whole when one of its files is hashed, so results are collected for so long. */
const storeEveryMs = 500;

/** Reads waiting files, a lane for each location, and puts what it learns into index, catalog and cache. */
export class HashEngine {
  private readonly ports: HashEnginePorts;
  private readonly lanes = new Map<LocationSlot, HashLane>();
  private readonly meter;
  private readonly progress;
  private readonly rowsChanged;
  private stop: AbortController;
  private readonly writes = new Set<Promise<void>>();
  private readonly shelves = new Map<LocationSlot, Shelf>();
  private paused = false;
  /** Grows with every cancel; who is still queueing then stops. */
  generation = 0;

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
    this.generation += 1;
    const waiting = [...this.lanes.values()].flatMap((lane) => lane.clear());
    this.stop.abort();
    this.stop = this.ports.createAbort();
    for (const item of waiting) {
      this.meter.finish(item.size);
      this.settleFailure(item, 'CANCELLED', 'Hashing was cancelled.');
    }
    if (this.paused) this.pause(false);
    else this.publish();
  }

  /**
   * Lets go of what one run alone asked for. A file that is being read is read to its end where others are read beside
   * it that somebody else wants.
   */
  drop(run: HashRun): void {
    const lanes = [...this.lanes.values()];
    for (const item of lanes.flatMap((lane) => lane.dropOf(run))) {
      this.meter.finish(item.size);
      this.settleFailure(item, 'CANCELLED', 'Hashing was cancelled.');
    }
    const isAlone = lanes.every(({ current }) => current.every(({ runs }) => runs.every((other) => other === run)));
    if (isAlone) {
      this.stop.abort();
      this.stop = this.ports.createAbort();
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

  /** Batch after batch, and the next one early where a batch of large files leaves threads without work. */
  private work(lane: HashLane): void {
    while (!this.paused && lane.filesUnderWay < this.threadsFor(lane)) {
      const batch = lane.takeBatch();
      if (batch.length === 0) return;
      this.readBatch(lane, batch);
    }
  }

  private readBatch(lane: HashLane, batch: readonly HashItem[]): void {
    lane.batches += 1;
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
        this.empty(this.shelfOf(lane.slot));
        for (const item of batch) lane.finish(item);
        lane.batches -= 1;
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
    // A cancel that comes while this waits for anything must reach this batch.
    const { signal } = this.stop;
    await this.requireFacts(slot);
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
      { targets, sha256, threads: this.threadsFor(lane) },
      (results) => this.take(lane, results, items, files),
      signal,
    );
    // A run must never wait for a result that does not come.
    for (const item of items.values()) {
      this.meter.finish(item.size);
      this.settleFailure(item, 'IO_FAILED', `“${item.relPath}” was not read; try again.`);
    }
    items.clear();
    this.empty(this.shelfOf(slot));
    // The next batch is read while this one is still being written, as long as the catalog keeps up.
    while (this.writes.size > mostWritesUnderWay) await Promise.race(this.writes);
  }

  /** A hash is remembered by the device its file lies on, which only a look at the root tells. */
  private async requireFacts(slot: LocationSlot): Promise<void> {
    if (slot.facts === null) await this.ports.registry.look(slot);
    if (slot.facts !== null) return;
    const message = slot.state.kind === 'offline' ? slot.state.message : `“${slot.definition.path}” cannot be reached.`;
    throw new AppError('LOCATION_OFFLINE', message);
  }

  private take(
    lane: HashLane,
    results: readonly HashResult[],
    items: Map<string, HashItem>,
    files: ReadonlyMap<string, FilePosition>,
  ): void {
    const { slot } = lane;
    const shelf = this.shelfOf(slot);
    for (const result of results) {
      const item = items.get(result.relPath);
      const file = files.get(result.relPath);
      if (!item || !file) continue;
      if (result.ok === null) {
        this.meter.read(result.bytes);
        for (const run of item.runs) run.noteRead(pathOf(item), result.bytes);
        continue;
      }
      for (const run of item.runs) run.noteFinished(pathOf(item), result.ok ? item.size : 0);
      items.delete(result.relPath);
      this.meter.finish(item.size);
      lane.finish(item);
      this.shelve(shelf, item, file, result);
    }
    if (this.ports.clock.monotonicMs() - shelf.emptiedAt > storeEveryMs) this.empty(shelf);
    this.work(lane);
    this.progress(() => this.publish());
  }

  private shelve(shelf: Shelf, item: HashItem, file: FilePosition, result: Exclude<HashResult, { ok: null }>): void {
    const { slot } = item;
    if (!result.ok) {
      const { code, message } = result;
      if (code !== 'CANCELLED' && code !== 'LOCATION_OFFLINE') shelf.learnt.learnFailure(file, code === 'FILE_CHANGED');
      shelf.settled.push({ item, settle: () => this.settleFailure(item, code, message) });
      return;
    }
    const before = shelf.learnt.learn(file, result.blake3);
    const isSame = before?.every((byte, k) => byte === result.blake3[k]) ?? null;
    shelf.records.push({
      ...hashKeyOf(slot, file.folder, file.i),
      blake3: new Uint8Array(result.blake3),
      sha256: result.sha256 && new Uint8Array(result.sha256),
      quickHash: result.quickHash && new Uint8Array(result.quickHash),
      hashedAtMs: this.ports.clock.nowMs(),
    });
    shelf.settled.push({ item, settle: () => settleSuccess(item, isSame) });
    if (isSame === false) this.noteBitRot(slot, item.relPath);
  }

  private shelfOf(slot: LocationSlot): Shelf {
    let shelf = this.shelves.get(slot);
    if (!shelf) {
      shelf = {
        slot,
        learnt: new LearntHashes(slot),
        records: [],
        settled: [],
        emptiedAt: this.ports.clock.monotonicMs(),
      };
      this.shelves.set(slot, shelf);
    }
    return shelf;
  }

  /** Puts what was collected into the index; the runs are settled when the catalog has it too. */
  private empty(shelf: Shelf): void {
    shelf.emptiedAt = this.ports.clock.monotonicMs();
    const { settled, records, slot } = shelf;
    if (settled.length === 0) return;
    shelf.settled = [];
    shelf.records = [];
    const write = this.store(slot, shelf.learnt.takeChanged(), records)
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
    this.rowsChanged(() => this.ports.events.publish('compare.changed', { locations: [slot.definition.id] }));
  }

  private async store(
    slot: LocationSlot,
    folders: readonly IndexedFolder[],
    records: readonly HashRecord[],
  ): Promise<void> {
    const { catalog } = this.ports;
    const stored = folders.map(({ relPath, files, hashes }) => ({ relPath, files: files.bytes, hashes }));
    if (stored.length > 0) await catalog.saveFolders(slot.definition.id, stored, []);
    // A message of thousands of records would hold the event loop while it is written.
    for (let from = 0; from < records.length; from += recordsAtOnce) {
      await catalog.rememberHashes(records.slice(from, from + recordsAtOnce));
    }
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
  private threadsFor(lane: HashLane): number {
    const { slot } = lane;
    const drive = slot.definition.drive === 'auto' ? slot.driveKind : slot.definition.drive;
    if (drive === 'hdd' || drive === 'network' || drive === 'removable') return 1;
    const others = [...this.lanes.values()].filter((other) => other !== lane && other.isBusy).length;
    return Math.max(1, Math.floor(this.ports.workers / (others + 1)));
  }
}

/** Results of one location on their way into index and catalog. */
interface Shelf {
  readonly slot: LocationSlot;
  readonly learnt: LearntHashes;
  records: HashRecord[];
  settled: { readonly item: HashItem; readonly settle: () => void }[];
  emptiedAt: number;
}

/** Among all locations. */
function pathOf({ slot, relPath }: HashItem): string {
  return `${slot.definition.id}/${relPath}`;
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
