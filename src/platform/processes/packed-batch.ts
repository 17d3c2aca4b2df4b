import type { ScanBatch, ScannedFolder } from '../../core/ports/location-files.ts';
import { joinPaths, type PackedParts, packParts, splitPaths, unpackParts } from '../packed-parts.ts';

/** A batch of a scan on its way from the I/O process. */
export interface PackedBatch extends Omit<ScanBatch, 'folders'>, PackedParts {
  readonly relPaths: string;
  /** Position of a folder, and the names in it that could not be looked at. */
  readonly unclear: readonly (readonly [number, readonly string[]])[];
}

export function packBatch({ folders, ...rest }: ScanBatch): PackedBatch {
  return {
    ...rest,
    relPaths: joinPaths(folders.map(({ relPath }) => relPath)),
    ...packParts(folders.map(({ files }) => files)),
    unclear: folders.flatMap(({ unclear }, k) => (unclear ? [[k, unclear] as const] : [])),
  };
}

export function unpackBatch({ relPaths, lengths, block, unclear, ...rest }: PackedBatch): ScanBatch {
  const parts = unpackParts({ lengths, block });
  const unclearOf = new Map(unclear);
  const folders = splitPaths(relPaths, parts.length).map((relPath, k): ScannedFolder => {
    const names = unclearOf.get(k);
    return { relPath, files: parts[k] ?? null, ...(names ? { unclear: names } : {}) };
  });
  return { ...rest, folders };
}
