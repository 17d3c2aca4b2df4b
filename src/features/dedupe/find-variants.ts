import { blake3Of } from '../../core/catalog/content-index.ts';
import { toHex } from '../../core/catalog/folder-hashes.ts';
import { type FilePosition, type IndexedFolder, joinPath } from '../../core/catalog/location-index.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { toAppError } from '../../core/errors/app-error.ts';
import { extensionOf } from '../../core/paths/rel-path-parts.ts';
import type { HashTarget } from '../../core/ports/location-files.ts';
import type { DedupePorts } from './dedupe-ports.ts';
import { foldersOf, type ScanOptions, type ScanWish } from './run-scan.ts';

/** Models whose tensors are equal byte by byte while the files are not. */
export interface Variant {
  readonly dataBytes: number;
  readonly files: readonly { readonly location: string; readonly relPath: string; readonly size: number }[];
}

/** Files of one content: the first one is read for all of them. */
interface Model {
  readonly slot: LocationSlot;
  readonly target: HashTarget & { readonly from: number };
  readonly files: Variant['files'][number][];
}

const extensions: ReadonlySet<string> = new Set(['.safetensors', '.sft']);

/** Looks at the headers of all safetensors files, then hashes the tensors of those that have equally many bytes of them. */
export async function findVariants(
  wish: ScanWish,
  { progress, signal, onProgress }: ScanOptions,
  ports: DedupePorts,
): Promise<readonly Variant[]> {
  const models = await readHeaders(wish, signal, ports);
  const sets = [...groupBy(models, dataBytesOf).values()].filter(({ length }) => length > 1);
  const all = sets.flat();
  progress.begin('comparing', { files: all.length, bytes: all.reduce((sum, model) => sum + dataBytesOf(model), 0) });
  onProgress();
  const variants: Variant[] = [];
  for (const set of sets) {
    if (signal.aborted) break;
    const hashes = await hashTensors(set, signal, (files, bytes) => {
      progress.add(files, bytes);
      onProgress();
    });
    for (const [hash, equal] of groupBy(set, (model) => hashes.get(model) ?? '')) {
      const [first] = equal;
      if (hash === '' || !first || equal.length < 2) continue;
      variants.push({ dataBytes: dataBytesOf(first), files: equal.flatMap(({ files }) => files) });
    }
  }
  return variants.sort((x, y) => y.dataBytes - x.dataBytes);
}

function dataBytesOf({ target: { size, from } }: Model): number {
  return size - from;
}

/** One model for each content; after a scan files of one content are all hashed, or names of one file. */
async function readHeaders(wish: ScanWish, signal: AbortSignal, { pacer }: DedupePorts): Promise<readonly Model[]> {
  const models = new Map<string, Model>();
  for (const { slot, folder } of foldersOf(wish)) {
    for (let i = 0; i < folder.files.count && !signal.aborted; i += 1) {
      if (!isModel(folder, i, wish.minBytes)) continue;
      const { files } = folder;
      const relPath = joinPath(folder.relPath, files.name(i));
      const shown = { location: slot.definition.id, relPath, size: files.size(i) };
      const key = contentKey({ folder, i }, shown);
      const there = models.get(key);
      if (there) {
        there.files.push(shown);
        continue;
      }
      const from = await headerBytes(slot, relPath);
      const facts = { size: files.size(i), mtimeNs: files.mtimeNs(i), fileId: files.fileId(i) };
      if (from === null || from >= facts.size) continue;
      models.set(key, { slot, target: { relPath, ...facts, from }, files: [shown] });
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return [...models.values()];
}

function isModel({ files }: IndexedFolder, i: number, minBytes: number): boolean {
  return files.kind(i) === 'file' && extensions.has(extensionOf(files.name(i))) && files.size(i) >= minBytes;
}

function contentKey(file: FilePosition, { location, relPath }: Variant['files'][number]): string {
  const blake3 = blake3Of(file);
  if (blake3 !== null) return toHex(blake3);
  const fileId = file.folder.files.fileId(file.i);
  return fileId === 0n ? `${location}/${relPath}` : `${location} ${fileId} ${file.folder.files.device(file.i)}`;
}

/** null: it is no such file, or cannot be read; then it is no variant either. */
async function headerBytes(slot: LocationSlot, relPath: string): Promise<number | null> {
  try {
    const { header } = await slot.files.readHeader(relPath);
    return header.format === 'safetensors' ? header.headerBytes : null;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'LOCATION_OFFLINE' || error.kind === 'internal') throw error;
    return null;
  }
}

async function hashTensors(
  models: readonly Model[],
  signal: AbortSignal,
  onRead: (files: number, bytes: number) => void,
): Promise<ReadonlyMap<Model, string>> {
  const hashes = new Map<Model, string>();
  for (const [slot, own] of groupBy(models, (model) => model.slot)) {
    const byPath = new Map(own.map((model) => [model.target.relPath, model]));
    const request = { targets: own.map(({ target }) => target), threads: 1, sha256: false };
    await slot.files.hash(
      request,
      (results) => {
        for (const result of results) {
          const model = byPath.get(result.relPath);
          if (!model || result.ok === null) continue;
          if (result.ok) hashes.set(model, toHex(result.blake3));
          onRead(1, dataBytesOf(model));
        }
      },
      signal,
    );
  }
  return hashes;
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const there = groups.get(key);
    if (there) there.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
