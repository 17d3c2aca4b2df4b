import type { Durability, RawNewFile } from '../../core/ports/changing-file-system.ts';
import { WrittenContent } from './memory-content.ts';
import { osError } from './memory-paths.ts';
import { MemoryRawFile } from './memory-raw-file.ts';

export class MemoryNewFile extends MemoryRawFile implements RawNewFile {
  write(bytes: Uint8Array, position: number): void {
    this.requireWritable();
    const { volume } = this.located;
    const grown = Math.max(0, position + bytes.length - this.node.size);
    if (volume.usedBytes + grown > volume.totalBytes) throw osError('ENOSPC', this.names.path);
    volume.usedBytes += grown;
    this.written().write(bytes, position);
    this.node.size += grown;
    this.changed();
  }

  truncate(size: number): void {
    this.requireWritable();
    this.located.volume.usedBytes += size - this.node.size;
    this.written().cut(size);
    this.node.size = size;
    this.changed();
  }

  syncData(): Durability {
    return this.keep(this.node.durable?.mtimeNs ?? this.located.volume.storedTime(this.located.volume.nowNs()));
  }

  setMtime(mtimeNs: bigint): void {
    this.requireWritable();
    this.node.mtimeNs = this.located.volume.storedTime(mtimeNs);
    this.node.ctimeNs = this.located.volume.nowNs();
  }

  private written(): WrittenContent {
    const { content, size } = this.node;
    if (content instanceof WrittenContent) return content;
    const written = new WrittenContent(content, size);
    this.node.content = written;
    return written;
  }

  private changed(): void {
    const nowNs = this.located.volume.nowNs();
    this.node.mtimeNs = this.located.volume.storedTime(nowNs);
    this.node.ctimeNs = nowNs;
  }

  private requireWritable(): void {
    this.requireThere();
    if (this.located.volume.readOnly) throw osError('EROFS', this.names.path);
  }
}
