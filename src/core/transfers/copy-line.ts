import type { CopyOrder } from '../ports/transfer-files.ts';
import { exists } from './file-facts.ts';
import { type CopyTools, fillCopy, type RunningCopy } from './fill-copy.ts';
import { beginStoring, endStoring, publish, tell } from './finish-copy.ts';
import { type OpenFolder, OpenPlaces } from './open-place.ts';
import type { PartFile } from './part-file.ts';
import { reportFailure } from './report-failure.ts';
import { orNull, quietly, stopsAll } from './side.ts';
import type { TransferContext } from './transfer-context.ts';

/** Copies whose bytes, or whose names, are on their way to the drive, and how that went for the folder of one. */
interface OnTheWay {
  readonly copies: readonly RunningCopy[];
  readonly isSynced: (folder: OpenFolder) => boolean;
}

const nothing: OnTheWay = { copies: [], isSynced: () => true };

/** Groups of copies one after the other: while one is being filled, the one before is stored and that before it named. */
export class CopyLine {
  private readonly context: TransferContext;
  private readonly tools: CopyTools;
  /** All that have no final name yet. */
  private readonly unfinished = new Set<PartFile>();
  private stored = nothing;
  private named = nothing;

  constructor(context: TransferContext) {
    this.context = context;
    this.tools = { context, places: new OpenPlaces(context) };
  }

  /** Fills the copies of a group, and takes those before it one step further. */
  next(orders: readonly CopyOrder[]): void {
    const { places } = this.tools;
    if (places.hasMany && orders.length > 0) {
      this.drain();
      places.letGoOfMany();
    }
    const filled = orders.flatMap((order) => this.fill(order));
    this.tellNamed();
    const { copies, isSynced } = this.stored;
    // A power cut must not leave the empty file that some drives need for publishing without the whole one beside it.
    const named = copies.filter((copy) => this.attempt(copy, () => this.giveName(copy, isSynced)));
    const stored = filled.filter((copy) => this.attempt(copy, () => beginStoring(copy)));
    for (const { part } of [...stored, ...named]) places.markGain(part.target);
    const areSynced = places.beginSync();
    this.stored = { copies: stored, isSynced: areSynced };
    this.named = { copies: named, isSynced: areSynced };
  }

  /** Some are not reported yet. */
  get isBusy(): boolean {
    return this.stored.copies.length + this.named.copies.length > 0;
  }

  private drain(): void {
    while (this.isBusy) this.next([]);
  }

  cancel(): void {
    quietly(() => this.tellNamed());
    for (const part of this.unfinished) part.discard();
  }

  close(): void {
    for (const part of this.unfinished) part.close();
    this.tools.places.close();
  }

  private fill(order: CopyOrder): RunningCopy[] {
    let made: PartFile | null = null;
    try {
      this.context.breathe();
      const copy = fillCopy(order, this.tools, (part) => {
        this.requireFree(order, part);
        made = part;
        this.unfinished.add(part);
      });
      return [copy];
    } catch (thrown) {
      if (stopsAll(thrown)) throw thrown;
      this.fail(order, made, thrown);
      return [];
    }
  }

  /**
   * A drive that takes two spellings for one name shows the unfinished file of another copy of this run under the name of
   * this one, which must not go on with it, or remove it, as if it were left by an earlier attempt.
   */
  private requireFree({ isResumed }: CopyOrder, part: PartFile): void {
    if (!isResumed || this.unfinished.size === 0) return;
    const { folder, side, relPath } = part.target;
    const there = orNull(() => side(() => folder.lstat(part.name)));
    if (there === null) return;
    for (const other of this.unfinished) if (other.isHeldAs(there, part)) throw exists(relPath);
  }

  private giveName(copy: RunningCopy, isSynced: OnTheWay['isSynced']): void {
    endStoring(copy, this.context);
    isSynced(copy.part.target);
    publish(copy);
    this.unfinished.delete(copy.part);
  }

  private tellNamed(): void {
    const { copies, isSynced } = this.named;
    this.named = nothing;
    for (const copy of copies) this.attempt(copy, () => tell(copy, isSynced(copy.part.target), this.context));
  }

  /** true where the step was done; else the copy has failed, is reported and leaves nothing. */
  private attempt(copy: RunningCopy, step: () => void): boolean {
    try {
      step();
      return true;
    } catch (thrown) {
      if (stopsAll(thrown)) throw thrown;
      this.fail(copy.order, copy.part, thrown);
      return false;
    }
  }

  private fail({ n, to }: CopyOrder, part: PartFile | null, thrown: unknown): void {
    part?.discard();
    if (part) this.unfinished.delete(part);
    reportFailure(this.context, { n, thrown, location: to.location });
  }
}
