import { hashKeyOf } from '../../core/catalog/hash-key.ts';
import { dropFolders, editIndex, type FileEdit } from '../../core/catalog/index-edit.ts';
import { findFile } from '../../core/catalog/location-index.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { deviceTag } from '../../core/catalog/scan-folder.ts';
import type { EventLog } from '../../core/events/event-log.ts';
import type { CatalogStore, HashRecord } from '../../core/ports/catalog-store.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { StartTimer } from '../../core/ports/timer.ts';
import type { ExpectedFile, FileAfter } from '../../core/ports/transfer-files.ts';

export interface IndexKeeperPorts {
  readonly registry: Pick<LocationRegistry, 'find'>;
  readonly catalog: CatalogStore;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly startTimer: StartTimer;
  /** Reads one folder from the drive again. */
  readonly readAgain: (slot: LocationSlot, folder: string) => Promise<void>;
}

interface Learned {
  readonly relPath: string;
  readonly expected: ExpectedFile;
  readonly blake3: Uint8Array;
}

/** A changed folder is packed anew as a whole, so changes wait for each other a moment. */
const soonMs = 250;

/**
 * Tells the index what the queue did, so that nothing has to be read again. A refresh that runs meanwhile may have listed
 * a folder before it changed: such folders are read once more after it.
 */
export class IndexKeeper {
  private readonly ports: IndexKeeperPorts;
  private readonly edits = new Map<LocationSlot, FileEdit[]>();
  private readonly learned = new Map<LocationSlot, Learned[]>();
  private readonly unsure = new Map<LocationSlot, Set<string>>();
  private stopTimer: (() => void) | null = null;
  private waitMs = soonMs;
  private writing: Promise<unknown> = Promise.resolve();
  private readonly stopListening: () => void;

  constructor(ports: IndexKeeperPorts) {
    this.ports = ports;
    this.stopListening = ports.events.subscribe(({ type, data }) => {
      if (type === 'index.finished') this.readUnsure(data.id);
    });
  }

  made(slot: LocationSlot, relPath: string, after: FileAfter, blake3: Uint8Array | null): void {
    this.note(slot, { relPath, facts: factsOf(slot, after), blake3 });
  }

  /** The content of a file that was read, if the index still has the very file. */
  read(slot: LocationSlot, relPath: string, expected: ExpectedFile, blake3: Uint8Array): void {
    const list = this.learned.get(slot);
    if (list) list.push({ relPath, expected, blake3 });
    else this.learned.set(slot, [{ relPath, expected, blake3 }]);
    this.flushSoon();
  }

  /** A link; the facts are those of the file it leads to. */
  linked(slot: LocationSlot, relPath: string, after: FileAfter, blake3: Uint8Array | null): void {
    this.note(slot, { relPath, facts: { ...factsOf(slot, after), kind: 'link' }, blake3 });
  }

  gone(slot: LocationSlot, relPath: string): void {
    this.note(slot, { relPath, facts: null, blake3: null });
  }

  /** Folders that were removed because they were empty. */
  async foldersGone(slot: LocationSlot, relPaths: readonly string[]): Promise<void> {
    await this.flush();
    if (!this.isOpen(slot)) return;
    const dropped = dropFolders(slot.index, relPaths);
    if (dropped.length === 0) return;
    this.ports.events.publish('compare.changed', { locations: [slot.definition.id] });
    await this.ports.catalog.saveFolders(slot.definition.id, [], dropped).catch(() => {});
  }

  /** Files of which nobody said what became of them: their folders are read from the drive. */
  readAgain(slot: LocationSlot, relPaths: readonly string[]): void {
    if (slot.refreshing) for (const relPath of relPaths) this.doubt(slot, relPath);
    else this.readFolders(slot, new Set(relPaths.map(folderOf)));
  }

  /**
   * Puts everything into index and catalog now. Never rejects: the index in memory is right anyway, and a catalog that
   * cannot be written is a cache that the next refresh makes good.
   */
  async flush(): Promise<void> {
    this.stopTimer?.();
    this.stopTimer = null;
    const startedAt = this.ports.clock.monotonicMs();
    const slots = new Set([...this.learned.keys(), ...this.edits.keys()]);
    const writes = [...slots].map((slot) => {
      const edits = [...this.learnedOf(slot), ...(this.edits.get(slot) ?? [])];
      return this.put(slot, edits);
    });
    this.edits.clear();
    this.learned.clear();
    // Large folders are packed less often.
    this.waitMs = Math.max(soonMs, 10 * (this.ports.clock.monotonicMs() - startedAt));
    this.writing = Promise.allSettled([this.writing, ...writes]);
    await this.writing;
  }

  close(): void {
    this.stopTimer?.();
    this.stopListening();
  }

  private note(slot: LocationSlot, edit: FileEdit): void {
    const list = this.edits.get(slot);
    if (list) list.push(edit);
    else this.edits.set(slot, [edit]);
    if (slot.refreshing) this.doubt(slot, edit.relPath);
    this.flushSoon();
  }

  private doubt(slot: LocationSlot, relPath: string): void {
    const folders = this.unsure.get(slot) ?? new Set<string>();
    folders.add(folderOf(relPath));
    this.unsure.set(slot, folders);
  }

  private flushSoon(): void {
    this.stopTimer ??= this.ports.startTimer(this.waitMs, () => {
      this.stopTimer = null;
      void this.flush();
    });
  }

  /** One that was removed, or moved to another folder under the same id, has another index by now, or none. */
  private isOpen(slot: LocationSlot): boolean {
    return this.ports.registry.find(slot.definition.id) === slot;
  }

  /** Hashes of files that the index has with the very facts they were read with: a hash belongs to facts. */
  private learnedOf(slot: LocationSlot): readonly FileEdit[] {
    return (this.learned.get(slot) ?? []).flatMap(({ relPath, expected, blake3 }): FileEdit[] => {
      const file = findFile(slot.index, relPath);
      if (!file) return [];
      const { name: _name, kind, ...facts } = file.folder.files.facts(file.i);
      const { size, mtimeNs, fileId } = expected;
      const isSame = facts.size === size && facts.mtimeNs === mtimeNs && facts.fileId === fileId;
      return isSame && kind === 'file' ? [{ relPath, facts, blake3 }] : [];
    });
  }

  private async put(slot: LocationSlot, edits: readonly FileEdit[]): Promise<void> {
    if (!this.isOpen(slot)) return;
    const { catalog, events, clock } = this.ports;
    const changed = editIndex(slot.index, edits);
    events.publish('compare.changed', { locations: [slot.definition.id] });
    const stored = changed.map(({ relPath, files, hashes }) => ({ relPath, files: files.bytes, hashes }));
    const records = edits.flatMap(({ relPath, blake3 }): HashRecord[] => {
      const file = blake3 && findFile(slot.index, relPath);
      if (!file || !blake3) return [];
      const content = { blake3: new Uint8Array(blake3), sha256: null, quickHash: null, hashedAtMs: clock.nowMs() };
      return [{ ...hashKeyOf(slot, file.folder, file.i), ...content }];
    });
    await catalog.saveFolders(slot.definition.id, stored, []);
    if (records.length > 0) await catalog.rememberHashes(records);
  }

  private readUnsure(location: string): void {
    for (const [slot, folders] of this.unsure) {
      if (slot.definition.id !== location) continue;
      this.unsure.delete(slot);
      // In a later turn: until then the refresh that has just ended counts as under way, and would be the answer.
      void Promise.resolve().then(() => this.readFolders(slot, folders));
    }
  }

  private readFolders(slot: LocationSlot, folders: ReadonlySet<string>): void {
    if (!this.isOpen(slot)) return;
    for (const folder of topmost(folders)) this.ports.readAgain(slot, folder).catch(() => {});
  }
}

function folderOf(relPath: string): string {
  return relPath.slice(0, Math.max(0, relPath.lastIndexOf('/')));
}

/** Without the folders that lie below another one: reading a folder reads what is below it. */
function topmost(folders: ReadonlySet<string>): readonly string[] {
  if (folders.has('')) return [''];
  return [...folders].filter((folder) => {
    for (let at = folder.lastIndexOf('/'); at > 0; at = folder.lastIndexOf('/', at - 1)) {
      if (folders.has(folder.slice(0, at))) return false;
    }
    return true;
  });
}

function factsOf(slot: LocationSlot, { size, mtimeNs, fileId, links, device }: FileAfter) {
  const root = slot.facts?.device ?? device;
  return { size, mtimeNs, fileId, links, device: device === root ? 0 : deviceTag(device) };
}
