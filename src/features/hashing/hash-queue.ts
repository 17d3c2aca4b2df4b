import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { HashRun } from './hash-run.ts';

/** One file waiting to be hashed, for one run or several. */
export interface HashItem {
  readonly slot: LocationSlot;
  readonly relPath: string;
  readonly size: number;
  readonly sha256: boolean;
  readonly runs: HashRun[];
}

/** What the user looks at first, then what may be a conflict, then the rest. */
export const priorities = ['looked-at', 'compare', 'rest'] as const;
export type Priority = (typeof priorities)[number];

const filesPerBatch = 2048;
const bytesPerBatch = 1024 ** 3;

/** Waiting files of one location, by priority. A file is in it once. */
export class HashLane {
  readonly slot: LocationSlot;
  private readonly waiting = new Map<Priority, Map<string, HashItem>>(
    priorities.map((priority) => [priority, new Map()]),
  );
  private readonly reading = new Map<string, HashItem>();
  /** Batches under way. */
  batches = 0;

  constructor(slot: LocationSlot) {
    this.slot = slot;
  }

  has(relPath: string): boolean {
    return this.reading.has(relPath) || priorities.some((priority) => this.waiting.get(priority)?.has(relPath));
  }

  get isEmpty(): boolean {
    return priorities.every((priority) => this.waiting.get(priority)?.size === 0);
  }

  get isBusy(): boolean {
    return this.batches > 0;
  }

  /** Files that are being read or stand next in a reader's hands. */
  get filesUnderWay(): number {
    return this.reading.size;
  }

  get current(): readonly HashItem[] {
    return [...this.reading.values()];
  }

  /** Adds a file, or joins the run to the waiting one. */
  add(item: HashItem, priority: Priority): void {
    const current = this.reading.get(item.relPath);
    if (current && (current.sha256 || !item.sha256)) {
      current.runs.push(...item.runs);
      return;
    }
    for (const level of priorities) {
      const there = this.waiting.get(level)?.get(item.relPath);
      if (!there) continue;
      this.waiting.get(level)?.delete(item.relPath);
      const better = priorities.indexOf(level) < priorities.indexOf(priority) ? level : priority;
      const merged = { ...there, sha256: there.sha256 || item.sha256, runs: [...there.runs, ...item.runs] };
      this.waiting.get(better)?.set(item.relPath, merged);
      return;
    }
    this.waiting.get(priority)?.set(item.relPath, item);
  }

  /** The next files to read: of one priority, so that what comes first is not held up by what comes after. */
  takeBatch(): readonly HashItem[] {
    for (const priority of priorities) {
      const level = this.waiting.get(priority);
      if (!level || level.size === 0) continue;
      const batch: HashItem[] = [];
      let bytes = 0;
      for (const item of level.values()) {
        // Asked for once more with SHA-256 while it is read without: its turn comes when that read is over.
        if (this.reading.has(item.relPath)) continue;
        if (batch.length >= filesPerBatch || (batch.length > 0 && bytes + item.size > bytesPerBatch)) break;
        if (batch.length > 0 && item.sha256 !== batch[0]?.sha256) break;
        batch.push(item);
        bytes += item.size;
      }
      if (batch.length === 0) continue;
      for (const item of batch) {
        level.delete(item.relPath);
        this.reading.set(item.relPath, item);
      }
      return batch;
    }
    return [];
  }

  finish(item: HashItem): void {
    if (this.reading.get(item.relPath) === item) this.reading.delete(item.relPath);
  }

  /** Drops and returns what is waiting for this run alone. */
  dropOf(run: HashRun): readonly HashItem[] {
    const dropped: HashItem[] = [];
    for (const level of this.waiting.values()) {
      for (const item of level.values()) if (item.runs.every((other) => other === run)) dropped.push(item);
    }
    for (const { relPath } of dropped) for (const level of this.waiting.values()) level.delete(relPath);
    return dropped;
  }

  /** Empties the lane and returns what was waiting. */
  clear(): readonly HashItem[] {
    const dropped = priorities.flatMap((priority) => [...(this.waiting.get(priority)?.values() ?? [])]);
    for (const priority of priorities) this.waiting.get(priority)?.clear();
    return dropped;
  }
}
