import { foldName, type NameRules } from '../../core/paths/name-folding.ts';
import type { Durability } from '../../core/ports/changing-file-system.ts';
import type { MemoryContent } from './memory-content.ts';

export interface MemoryVolumeOptions {
  /** Default: as usual on the platform. Names keep the case they were made with either way. */
  readonly caseSensitive?: boolean;
  /** false: composed and decomposed accents are one name. Default true. */
  readonly unicodeSensitive?: boolean;
  /** Times are rounded down to a multiple of this: 2 s on FAT, 1 s on some shares, 100 ns on NTFS. Default 1. */
  readonly timeGranularityNs?: bigint;
  /** Lower-case name of the file system. Default `ext4`, on Windows `ntfs`. */
  readonly fileSystem?: string;
  /** Default 8 TB. Writing more fails with NO_SPACE. */
  readonly totalBytes?: number;
  readonly readOnly?: boolean;
  /** false: as on FAT and many shares. Default true. */
  readonly symbolicLinks?: boolean;
  readonly hardLinks?: boolean;
  /**
   * `none`: every file has the id 0. `changing`: ids are given out anew when the volume is mounted again, to other files
   * than before, as FAT and many FUSE drives do. Default `stable`.
   */
  readonly fileIds?: 'stable' | 'changing' | 'none';
  /** Told apart from all other volumes when left out. */
  readonly device?: bigint;
  /** Files can share blocks. Default false. */
  readonly reflink?: boolean;
  /** `unknown`: the drive takes calls for syncing and promises nothing. Default `durable`. */
  readonly syncs?: Durability;
}

/** What a power cut leaves of a file. */
export interface DurableFile {
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly content: MemoryContent;
}

export interface FileNode {
  readonly kind: 'file';
  id: bigint;
  size: number;
  mtimeNs: bigint;
  content: MemoryContent;
  links: number;
  readable: boolean;
  ctimeNs: bigint;
  /** null: nothing was synced yet. */
  durable: DurableFile | null;
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly id: bigint;
  mtimeNs: bigint;
  readonly entries: Map<string, MemoryEntry>;
  /** What a power cut leaves for certain: the entries of the last sync. */
  durable: Map<string, MemoryEntry>;
  /** Names that changed since, with the number of the change. */
  readonly unsynced: Map<string, number>;
  readable: boolean;
  /** It was removed while somebody held it. */
  isGone: boolean;
  /** What is mounted on this folder and hides it. */
  mounted: MemoryVolume | null;
}

export interface LinkNode {
  readonly kind: 'link';
  readonly id: bigint;
  mtimeNs: bigint;
  readonly target: string;
}

export interface SpecialNode {
  readonly kind: 'special';
  readonly id: bigint;
  mtimeNs: bigint;
}

export type MemoryNode = FileNode | FolderNode | LinkNode | SpecialNode;

export interface MemoryEntry {
  /** As it was made. */
  readonly name: string;
  readonly node: MemoryNode;
  /** false: its bytes are not UTF-8; it is listed with U+FFFD and cannot be opened under that name. */
  readonly isAddressable: boolean;
}

const firstId = 0x0042_0000_0000_0001n;

/** One drive or share: its rules, its identities and the tree on it. */
export class MemoryVolume {
  device: bigint;
  private readonly serial: bigint;
  readonly rules: NameRules;
  readonly fileSystem: string;
  readonly totalBytes: number;
  readonly symbolicLinks: boolean;
  readonly hardLinks: boolean;
  readonly reflink: boolean;
  readonly syncs: Durability;
  readonly root: FolderNode;
  readOnly: boolean;
  usedBytes = 0;
  /** false once it was unmounted: files that are still open on it fail. */
  isPresent = true;
  private readonly granularityNs: bigint;
  private readonly fileIds: NonNullable<MemoryVolumeOptions['fileIds']>;
  private ticks = 0n;
  /** Ids pass 2^53, as those of NTFS and ZFS do. */
  private nextId = firstId;

  constructor(device: bigint, options: MemoryVolumeOptions, isWindows: boolean) {
    this.device = options.device ?? device;
    this.serial = device;
    this.rules = {
      caseSensitive: options.caseSensitive ?? !isWindows,
      unicodeSensitive: options.unicodeSensitive ?? true,
    };
    this.fileSystem = options.fileSystem ?? (isWindows ? 'ntfs' : 'ext4');
    this.totalBytes = options.totalBytes ?? 8e12;
    this.readOnly = options.readOnly ?? false;
    this.symbolicLinks = options.symbolicLinks ?? true;
    this.hardLinks = options.hardLinks ?? true;
    this.reflink = options.reflink ?? false;
    this.syncs = options.syncs ?? 'durable';
    this.granularityNs = options.timeGranularityNs ?? 1n;
    this.fileIds = options.fileIds ?? 'stable';
    this.root = this.newFolder(0n);
  }

  newFolder(mtimeNs: bigint): FolderNode {
    return {
      kind: 'folder',
      id: this.newId(),
      mtimeNs: this.storedTime(mtimeNs),
      entries: new Map(),
      durable: new Map(),
      unsynced: new Map(),
      readable: true,
      isGone: false,
      mounted: null,
    };
  }

  /** The volume's own time: a microsecond later with every change. */
  nowNs(): bigint {
    this.ticks += 1n;
    return 1_720_000_000_000_000_000n + this.ticks * 1_000n;
  }

  newId(): bigint {
    if (this.fileIds === 'none') return 0n;
    this.nextId += 1n;
    return this.nextId;
  }

  /** As drives with lasting file ids tell it; empty on others. */
  identityOf({ id }: MemoryNode): string {
    return this.fileIds === 'stable' ? `${this.fileSystem} ${this.serial} ${id}` : '';
  }

  /** The volume is there again. */
  comeBack(device = this.device): void {
    this.isPresent = true;
    this.device = device;
    if (this.fileIds !== 'changing') return;
    this.nextId = firstId;
    this.renumber(this.root);
  }

  private renumber(folder: FolderNode): void {
    for (const { node } of [...folder.entries.values()].reverse()) {
      if (node.kind === 'file') node.id = this.newId();
      if (node.kind === 'folder') this.renumber(node);
    }
  }

  /** Rounded down, below 1970 as well. */
  storedTime(mtimeNs: bigint): bigint {
    const rest = ((mtimeNs % this.granularityNs) + this.granularityNs) % this.granularityNs;
    return mtimeNs - rest;
  }

  keyOf(name: string): string {
    return foldName(name, this.rules);
  }
}
