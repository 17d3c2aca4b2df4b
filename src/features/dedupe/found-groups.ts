import { countFiles, type DuplicateGroup, reclaimableBytes } from '../../core/dedupe/duplicate-group.ts';

interface Found {
  readonly group: DuplicateGroup;
  readonly reclaimable: number;
}

/** Groups of a scan, also while they are still being found. */
export class FoundGroups {
  private found: Found[] = [];
  private inOrder: readonly DuplicateGroup[] | null = [];
  private redundantFiles = 0;
  private reclaimable = 0;

  add(group: DuplicateGroup): void {
    const reclaimable = reclaimableBytes(group);
    this.found.push({ group, reclaimable });
    this.inOrder = null;
    this.redundantFiles += countFiles(group) - 1;
    this.reclaimable += reclaimable;
  }

  summary(): { readonly groups: number; readonly redundantFiles: number; readonly reclaimableBytes: number } {
    return {
      groups: this.found.length,
      redundantFiles: this.redundantFiles,
      reclaimableBytes: this.reclaimable,
    };
  }

  /** Those that free most first. */
  list(): readonly DuplicateGroup[] {
    if (this.inOrder === null) {
      this.found.sort(byReclaimable);
      this.inOrder = this.found.map(({ group }) => group);
    }
    return this.inOrder;
  }
}

function byReclaimable(x: Found, y: Found): number {
  return y.reclaimable - x.reclaimable || y.group.size - x.group.size || (x.group.blake3 < y.group.blake3 ? -1 : 1);
}
