import type { KeeperChoice } from '../../src/core/dedupe/choose-keepers.ts';
import type { DuplicateFile, DuplicateGroup } from '../../src/core/dedupe/duplicate-group.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { Chance } from '../crash/chance.ts';
import { filesBelow } from './duplicate-library.ts';
import { isPart } from './transfer-lab.ts';

export const roots = { local: '/local', lake: '/lake', usb: '/usb' } as const;
const sides = Object.values(roots);

/** Three drives of chance's liking, with files of few contents, some under several names. */
export function makeLibrary(chance: Chance): MemoryFileSystem {
  const memory = new MemoryFileSystem();
  for (const root of sides) {
    memory.mount(root, {
      caseSensitive: chance.next() < 0.8,
      fileIds: chance.pick(['stable', 'stable', 'stable', 'changing', 'none']),
      hardLinks: chance.next() < 0.9,
      symbolicLinks: chance.next() < 0.9,
      reflink: chance.next() < 0.5,
      syncs: chance.next() < 0.95 ? 'durable' : 'unknown',
    });
    memory.folder(`${root}/kept`);
  }
  const contents = chance.whole(1, 4);
  for (let k = 0; k < contents; k += 1) {
    const size = chance.pick([64, 200, 200, 900]);
    for (let copies = chance.whole(1, 5); copies > 0; copies -= 1) {
      const path = newPath(chance, memory);
      const mtimeNs = 1_700_000_000_000_000_000n + BigInt(chance.whole(0, 2)) * 1_000_000_000n;
      memory.file(path, { size, content: `content ${k}`, mtimeNs });
      if (chance.next() < 0.2) quietly(() => memory.hardLink(newPath(chance, memory, rootOf(path)), path));
    }
  }
  return memory;
}

const rootOf = (path: string): string => path.slice(0, path.indexOf('/', 1));

export function newPath(chance: Chance, memory: MemoryFileSystem, root: string = chance.pick(sides)): string {
  for (;;) {
    const folder = chance.pick(['', '/loras', '/loras/deep', '/kept']);
    const name = `${chance.pick(['a', 'A', 'model', 'Model', 'ä', 'x y'])}${chance.whole(0, 9)}.safetensors`;
    const path = `${root}${folder}/${name}`;
    try {
      memory.lstat(path);
    } catch {
      return path;
    }
  }
}

export const finalFiles = (memory: MemoryFileSystem): string[] =>
  sides.flatMap((root) => filesBelow(memory, root)).filter((path) => !isPart(path));

/** What the memory file system refuses does not happen. */
export function quietly(call: () => void): void {
  try {
    call();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
  }
}

export interface Meddling {
  readonly chance: Chance;
  readonly memory: MemoryFileSystem;
  /** What was done, in words. */
  readonly log: string[];
  /** Made unreadable; for the oracle to read them again. */
  readonly hidden: Set<string>;
}

type Meddle = (path: string, other: string, world: Meddling) => void;

/** What can happen to files between the look of a person and the execution. */
const before: Readonly<Record<string, Meddle>> = {
  grows: (path, _, { memory }) => memory.file(path, { size: 1_000, content: 'grown' }),
  'gets other bytes at the same size and time': (path, _, { memory, chance }) =>
    memory.patch(path, chance.whole(0, 63), new Uint8Array([1, 2, 3])),
  'gets another time': (path, _, { memory }) => memory.setTime(path, 7n),
  'is removed': (path, _, { memory }) => memory.remove(path),
  'is renamed': (path, _, { memory, chance }) => memory.rename(path, newPath(chance, memory, rootOf(path))),
  'is replaced by a copy of itself': (path, _, { memory, chance }) => {
    const { size, mtimeNs } = memory.lstat(path);
    memory.remove(path);
    memory.file(path, { size, mtimeNs, content: `content ${chance.whole(0, 3)}` });
  },
  'becomes a hard link of': (path, other, { memory }) => {
    if (rootOf(path) !== rootOf(other) || path === other) return;
    memory.remove(path);
    quietly(() => memory.hardLink(path, other));
  },
  'becomes a link to': (path, other, { memory }) => {
    if (rootOf(path) !== rootOf(other) || path === other) return;
    memory.remove(path);
    quietly(() => memory.link(path, other));
  },
  'gets one more name': (path, _, { memory, chance }) => memory.hardLink(newPath(chance, memory, rootOf(path)), path),
  'has its folder replaced by a link': (path, _, { memory }) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (folder === rootOf(path)) return;
    memory.rename(folder, `${folder} moved`);
    quietly(() => memory.link(folder, `${folder.slice(folder.lastIndexOf('/') + 1)} moved`));
  },
};

/** What keeps every content: done at any moment of the execution, it must not make the program lose one. */
const during: Readonly<Record<string, Meddle>> = {
  'is renamed': (path, _, { memory, chance }) => memory.rename(path, newPath(chance, memory, rootOf(path))),
  'changes names with': (path, other, { memory }) => {
    if (rootOf(path) !== rootOf(other) || path === other) return;
    const between = `${rootOf(path)}/between.safetensors`;
    memory.rename(path, between);
    memory.rename(other, path);
    memory.rename(between, other);
  },
  'cannot be read': (path, _, { memory, hidden }) => {
    memory.setReadable(path, false);
    hidden.add(path);
  },
};

export function meddleBefore(world: Meddling): void {
  meddle(before, world);
}

export function meddleDuring(world: Meddling): void {
  meddle(during, world);
}

function meddle(ways: Readonly<Record<string, Meddle>>, world: Meddling): void {
  const { chance, memory, log } = world;
  const files = finalFiles(memory).filter((path) => memory.lstat(path).kind === 'file');
  if (files.length === 0) return;
  const [path, other, way] = [chance.pick(files), chance.pick(files), chance.pick(Object.keys(ways))];
  log.push(`${path} ${way} ${other}`);
  quietly(() => ways[way]?.(path, other, world));
}

/** Something that no page of the program would send. */
export function forge(
  chance: Chance,
  groups: readonly DuplicateGroup[],
  choices: readonly KeeperChoice[],
): KeeperChoice[] {
  const position = (): number => chance.pick([-1, 0, 0, 1, 1, 2, 3, 0.5, 99]);
  const made = choices.map((choice) => {
    if (chance.next() < 0.4) return choice;
    const keep = Array.from({ length: chance.whole(0, 2) }, position);
    const victims = Array.from({ length: chance.whole(0, 3) }, () => ({ index: position(), keeper: position() }));
    return chance.pick([
      { ...choice, keep },
      { ...choice, victims },
      { ...choice, group: position() },
      { group: position(), keep, victims },
    ]);
  });
  return [
    ...made,
    { group: chance.whole(0, groups.length), keep: [position()], victims: [{ index: position(), keeper: position() }] },
  ];
}

/** Files that a scan took for others of the same content: names of one file that a drive gives ids of their own. */
export function withAliases(
  chance: Chance,
  groups: readonly DuplicateGroup[],
  alias: { readonly from: string; readonly to: string },
): readonly DuplicateGroup[] {
  return groups.map((group) => ({
    ...group,
    files: [
      ...group.files,
      ...group.files.flatMap((file): DuplicateFile[] => {
        const path = `/${file.location}/${file.relPath}`;
        if (!path.startsWith(`${alias.from}/`) || chance.next() < 0.3) return [];
        const relPath = (alias.to + path.slice(alias.from.length)).slice(file.location.length + 2);
        const fileId = file.fileId === 0n ? 0n : file.fileId + 1_000_000n;
        return [{ ...file, relPath, fileId, sameAs: null }];
      }),
    ],
  }));
}
