import type { DedupeGroup } from '../../contract/dedupe.ts';
import { type DuplicateGroup, reclaimableBytes } from '../../core/dedupe/duplicate-group.ts';

export function describeGroup(group: DuplicateGroup, number: number): DedupeGroup {
  return {
    group: number,
    blake3: group.blake3,
    size: group.size,
    reclaimableBytes: reclaimableBytes(group),
    files: group.files.map((file, index) => {
      const same = file.sameAs === null ? undefined : group.files[file.sameAs];
      return {
        index,
        location: file.location,
        relPath: file.relPath,
        mtimeMs: Number(file.mtimeNs) / 1e6,
        links: file.links,
        ...(same ? { sameFileAs: `${same.location}:${same.relPath}` } : {}),
        sidecars: file.sidecars,
      };
    }),
  };
}
