import { deviceOf } from '../../core/catalog/device-of.ts';
import { toHex } from '../../core/catalog/folder-hashes.ts';
import { joinPath } from '../../core/catalog/location-index.ts';
import type { Candidates } from '../../core/dedupe/candidates.ts';
import type { DuplicateFile, DuplicateGroup } from '../../core/dedupe/duplicate-group.ts';
import type { KnownContents } from '../../core/dedupe/known-contents.ts';
import type { SameFiles } from '../../core/dedupe/same-files.ts';
import { sizeOf } from '../../core/dedupe/sort-out.ts';
import { countSidecars } from '../../core/transfers/sidecars.ts';

interface GroupSources {
  readonly candidates: Candidates;
  readonly same: SameFiles;
  readonly contents: KnownContents;
}

/** @param files First names of files of one content. */
export function makeGroup(files: readonly number[], { candidates, same, contents }: GroupSources): DuplicateGroup {
  const names: number[] = [];
  for (const first of files) {
    for (let name = first; ; ) {
      names.push(name);
      name = same.nextName[name] ?? 0;
      if (name === 0) break;
    }
  }
  // Candidates are numbered in the order in which people see them.
  names.sort((x, y) => x - y);
  const [sample = 0] = files;
  return {
    blake3: toHex(contents.blake3(sample)),
    size: sizeOf(candidates, sample),
    files: names.map((name) => {
      const first = same.firstName[name] ?? name;
      return describe(name, first === name ? null : names.indexOf(first), candidates);
    }),
  };
}

function describe(name: number, sameAs: number | null, { folders, folderOf, positionOf }: Candidates): DuplicateFile {
  const place = folders[folderOf[name] ?? 0];
  if (place === undefined) throw new RangeError(`no candidate ${name}`);
  const i = positionOf[name] ?? 0;
  const { files, relPath } = place.folder;
  return {
    location: place.slot.definition.id,
    relPath: joinPath(relPath, files.name(i)),
    mtimeNs: files.mtimeNs(i),
    fileId: files.fileId(i),
    device: deviceOf(place, i),
    links: files.links(i),
    sameAs,
    sidecars: countSidecars(files.name(i), files.names()),
  };
}
