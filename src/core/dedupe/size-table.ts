/** Counts sizes, then gives each file of a size that occurs twice its place among those of that size. */
export class SizeTable {
  private readonly mask: number;
  private readonly sizes: Float64Array;
  private readonly counts: Uint32Array;
  /** Where the next file of a size goes. */
  private places: Uint32Array = new Uint32Array(0);

  /** @param files Most files that will be added. */
  constructor(files: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, files * 1.5)));
    this.mask = slots - 1;
    this.sizes = new Float64Array(slots).fill(-1);
    this.counts = new Uint32Array(slots);
  }

  add(size: number): void {
    const slot = this.slotOf(size);
    this.sizes[slot] = size;
    this.counts[slot] = (this.counts[slot] ?? 0) + 1;
  }

  /** No more sizes come. Returns how many files share theirs, and where each set of them begins; the end is the last. */
  closeSets(): { readonly count: number; readonly starts: Uint32Array } {
    let sets = 0;
    for (const count of this.counts) if (count > 1) sets += 1;
    const starts = new Uint32Array(sets + 1);
    this.places = new Uint32Array(this.counts.length);
    let at = 0;
    let set = 0;
    for (let slot = 0; slot < this.counts.length; slot += 1) {
      const count = this.counts[slot] ?? 0;
      if (count < 2) continue;
      starts[set] = at;
      this.places[slot] = at;
      at += count;
      set += 1;
    }
    starts[sets] = at;
    return { count: at, starts };
  }

  /** -1: no other file has this size. */
  takePlace(size: number): number {
    const slot = this.slotOf(size);
    if ((this.counts[slot] ?? 0) < 2) return -1;
    const place = this.places[slot] ?? 0;
    this.places[slot] = place + 1;
    return place;
  }

  private slotOf(size: number): number {
    const mixed = Math.imul(size | 0, 0x9e3779b1) ^ Math.imul((size / 4_294_967_296) | 0, 0x85ebca6b);
    let slot = (mixed ^ (mixed >>> 15)) & this.mask;
    while (this.sizes[slot] !== size && this.sizes[slot] !== -1) slot = (slot + 1) & this.mask;
    return slot;
  }
}
