/** Up to so many sets are looked through one by one, which costs less than a table of them. */
const fewSets = 8;

/** Sorts numbered things into sets of equal ones. `bucketOf` narrows down, `isEqual` decides. */
export class Partition {
  private readonly bucketOf: (item: number) => number;
  private readonly isEqual: (x: number, y: number) => boolean;
  private sets: number[][] = [];
  private table: Map<number, number[]> | null = null;

  constructor(bucketOf: (item: number) => number, isEqual: (x: number, y: number) => boolean) {
    this.bucketOf = bucketOf;
    this.isEqual = isEqual;
  }

  /** Returns the first one equal to it, itself when there was none. */
  add(item: number): number {
    const set = this.find(item);
    if (set) {
      set.push(item);
      return set[0] ?? item;
    }
    const created = [item];
    this.sets.push(created);
    if (this.table) this.enter(created, this.table);
    else if (this.sets.length > fewSets) this.table = this.createTable();
    return item;
  }

  /** The sets so far, each in the order it was added to; begins anew. */
  take(): number[][] {
    const { sets } = this;
    this.sets = [];
    this.table = null;
    return sets;
  }

  private find(item: number): number[] | undefined {
    if (this.table === null) return this.sets.find(([first]) => first !== undefined && this.isEqual(first, item));
    for (let bucket = this.bucketOf(item); ; bucket += 1) {
      const set = this.table.get(bucket);
      if (set === undefined || this.isEqual(set[0] ?? item, item)) return set;
    }
  }

  private createTable(): Map<number, number[]> {
    const table = new Map<number, number[]>();
    for (const set of this.sets) this.enter(set, table);
    return table;
  }

  /** Unequal ones of one bucket lie in those behind it. */
  private enter(set: number[], table: Map<number, number[]>): void {
    let bucket = this.bucketOf(set[0] ?? 0);
    while (table.has(bucket)) bucket += 1;
    table.set(bucket, set);
  }
}
