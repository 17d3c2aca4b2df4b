import type { Candidate, Place } from '../../contract/folders.ts';
import type { PathPlatform } from '../../core/paths/rel-path.ts';
import type { ListedFolder } from '../../core/ports/folder-looks.ts';

/** Names of installs, models folders and what people put them in. */
const telling =
  /comfy|stable|diffusion|webui|forge|matrix|invoke|swarm|fooocus|models?$|^(?:ai|ml|apps?|tools|programs|git|src|code|dev|projects|repos|data|lake|nas|share|storage|media|backup|pinokio)$/i;

export function isTelling({ name }: Pick<ListedFolder, 'name'>): boolean {
  return telling.test(name);
}

/** Folders whose children are looked at first: home with its usual folders, and every drive and share. */
export function startingPoints(places: readonly Place[], platform: PathPlatform): readonly string[] {
  const separator = platform === 'win32' ? '\\' : '/';
  return places.flatMap(({ kind, path }) =>
    kind === 'home' ? [path, ...['Documents', 'Desktop', 'Downloads'].map((name) => path + separator + name)] : [path],
  );
}

const looksInOrder = ['comfyui', 'comfyui-models', 'webui', 'models'] as const;

/** Best first: by what it looks like, then by how much it holds. */
export function inOrder(candidates: readonly Candidate[]): Candidate[] {
  const rank = ({ looks }: Candidate): number => looksInOrder.indexOf(looks);
  return [...candidates].sort(
    (one, other) => rank(one) - rank(other) || other.modelFiles - one.modelFiles || (one.path < other.path ? -1 : 1),
  );
}

const far: ReadonlySet<Candidate['driveKind']> = new Set(['network', 'removable', 'hdd']);

export interface Proposal {
  readonly local: string | null;
  readonly lake: string | null;
}

/** Local: what an app uses, on a fast drive. Lake: the largest of the others, on a share or a big drive if there is one. */
export function propose(candidates: readonly Candidate[]): Proposal {
  const usable = inOrder(candidates).filter(({ looks }) => looks !== 'models');
  const local = usable.find(({ driveKind }) => !far.has(driveKind)) ?? usable[0] ?? null;
  const others = candidates.filter(({ path }) => path !== local?.path).sort((a, b) => b.modelFiles - a.modelFiles);
  const lake = others.find(({ driveKind }) => far.has(driveKind)) ?? others.find(({ looks }) => looks !== 'models');
  return { local: local?.path ?? null, lake: lake?.path ?? null };
}
