import type { Durability, RawFileStat, RawReadFile } from '../../core/ports/changing-file-system.ts';
import type { RawStat } from '../../core/ports/raw-file-system.ts';
import { WrittenContent } from './memory-content.ts';
import { osError } from './memory-paths.ts';
import type { Located } from './memory-tree.ts';
import type { FileNode } from './memory-volume.ts';

export function toStat({ node, volume }: Pick<Located, 'node' | 'volume'>): RawStat {
  return {
    kind: node.kind,
    size: node.kind === 'file' ? node.size : 0,
    mtimeNs: node.mtimeNs,
    fileId: node.id,
    device: volume.device,
    links: node.kind === 'file' ? node.links : 1,
  };
}

/** An open file follows its node, whatever happens to its name. */
export class MemoryRawFile implements RawReadFile {
  protected readonly located: Pick<Located, 'node' | 'volume'>;
  protected readonly node: FileNode;
  protected readonly names: { readonly path: string; readonly realPath: string };
  private isOpen = true;

  constructor(
    located: Pick<Located, 'node' | 'volume'>,
    node: FileNode,
    names: { readonly path: string; readonly realPath: string },
  ) {
    this.located = located;
    this.node = node;
    this.names = names;
  }

  stat(): RawFileStat {
    this.requireThere();
    return { ...toStat(this.located), ctimeNs: this.node.ctimeNs, allocatedBytes: this.node.size };
  }

  sync(): Durability {
    return this.keep(this.node.mtimeNs);
  }

  read(target: Uint8Array, position: number): number {
    this.requireThere();
    const count = Math.max(0, Math.min(target.length, this.node.size - position));
    this.node.content.fill(target.subarray(0, count), position);
    return count;
  }

  realPath(): string | null {
    this.requireThere();
    return this.names.realPath;
  }

  close(): void {
    this.isOpen = false;
  }

  protected keep(mtimeNs: bigint): Durability {
    this.requireThere();
    const { syncs } = this.located.volume;
    if (syncs === 'unknown') return syncs;
    const { size, content } = this.node;
    this.node.durable = {
      size,
      mtimeNs,
      content: content instanceof WrittenContent ? content.copy(size) : content,
    };
    return 'durable';
  }

  protected requireThere(): void {
    if (!this.isOpen) throw new RangeError('the file was closed');
    if (!this.located.volume.isPresent) throw osError('ESTALE', this.names.path);
  }
}
