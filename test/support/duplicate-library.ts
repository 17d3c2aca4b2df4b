import type { KeeperChoice } from '../../src/core/dedupe/choose-keepers.ts';
import type { DuplicateFile, DuplicateGroup } from '../../src/core/dedupe/duplicate-group.ts';
import type { RawFileSystem } from '../../src/core/ports/raw-file-system.ts';
import { blake3Of, bytesOf, digestOf } from './transfer-lab.ts';

/** Files of some locations that are equal, as a scan that nobody disturbs would find them. Slow and plain. */
export function duplicatesIn(fs: RawFileSystem, roots: Readonly<Record<string, string>>): readonly DuplicateGroup[] {
  const byContent = new Map<string, { path: string; file: DuplicateFile; identity: string }[]>();
  for (const [location, root] of Object.entries(roots)) {
    for (const path of filesBelow(fs, root)) {
      const { size, mtimeNs, fileId, device, links } = fs.lstat(path);
      if (size === 0) continue;
      const members = byContent.get(digestOf(bytesOf(fs, path))) ?? [];
      byContent.set(digestOf(bytesOf(fs, path)), members);
      const identity = `${device} ${fileId}`;
      const first = members.findIndex((member) => member.identity === identity);
      const file: DuplicateFile = {
        location,
        relPath: path.slice(root.length + 1),
        mtimeNs,
        fileId,
        device: Number(device & 0xffffn),
        links,
        sameAs: first < 0 ? null : first,
        sidecars: 0,
      };
      members.push({ path, file, identity });
    }
  }
  return [...byContent.values()]
    .filter((members) => new Set(members.map(({ identity }) => identity)).size > 1)
    .map((members) => ({
      blake3: Buffer.from(blake3Of(fs, members[0]!.path)).toString('hex'),
      size: fs.lstat(members[0]!.path).size,
      files: members.map(({ file }) => file),
    }));
}

export function filesBelow(fs: RawFileSystem, folder: string): string[] {
  return fs.list(folder).flatMap(({ name, kind }) => {
    const path = `${folder}/${name}`;
    return kind === 'folder' ? filesBelow(fs, path) : kind === 'file' ? [path] : [];
  });
}

/** Every group keeps the file at one position; the rest goes. */
export function keepAt(groups: readonly DuplicateGroup[], position: number): KeeperChoice[] {
  return groups.flatMap((group, number): KeeperChoice[] => {
    const kept = position % group.files.length;
    const first = group.files[kept]?.sameAs ?? kept;
    const keep = group.files.flatMap((file, k) => ((file.sameAs ?? k) === first ? [k] : []));
    const victims = group.files.flatMap((_, k) => (keep.includes(k) ? [] : [{ index: k, keeper: kept }]));
    return victims.length === 0 ? [] : [{ group: number, keep, victims }];
  });
}
