import type { Candidate } from '../../contract/folders.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { AbsolutePath } from '../../core/paths/absolute-path.ts';
import { overlap } from '../../core/paths/containment.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { FolderLooks, SeenAs } from '../../core/ports/folder-looks.ts';
import type { Machine } from '../../core/ports/machine.ts';
import type { Places } from '../../core/ports/places.ts';
import { inOrder, isTelling, type Proposal, propose, startingPoints } from './likely-folders.ts';

export interface DiscoverPorts {
  readonly registry: LocationRegistry;
  readonly looks: FolderLooks;
  readonly places: Places;
  readonly machine: Machine;
  readonly clock: Clock;
}

/** Bounds of the whole search; a drive that does not answer costs its own 2 s, beside the others. */
const budgetMs = 6_000;
const mostListings = 60;
const mostCandidates = 12;
const deepest = 3;
const childrenPerFolder = 200;

export interface Discovery {
  readonly candidates: Candidate[];
  readonly proposal: Proposal;
  readonly silent: string[];
  readonly elapsedMs: number;
}

/** Looks into likely places, each starting point on its own, breadth first. */
export async function discoverFolders(ports: DiscoverPorts): Promise<Discovery> {
  const { clock, machine, places } = ports;
  const startedAt = clock.monotonicMs();
  const search = new Search(ports, startedAt + budgetMs);
  const starts = startingPoints(await places.list(), machine.platform);
  await Promise.all([...new Set(starts)].map((path) => search.walk(path)));
  const candidates = inOrder(await Promise.all(search.found().map((found) => survey(found, ports))));
  return {
    candidates,
    proposal: propose(candidates),
    silent: [...search.silent],
    elapsedMs: clock.monotonicMs() - startedAt,
  };
}

interface Found {
  readonly path: string;
  readonly foundAt: string;
  readonly looks: NonNullable<SeenAs['looks']>;
}

class Search {
  readonly silent = new Set<string>();
  private readonly byPath = new Map<string, Found>();
  private readonly visited = new Set<string>();
  private readonly ports: DiscoverPorts;
  private readonly endsAt: number;

  constructor(ports: DiscoverPorts, endsAt: number) {
    this.ports = ports;
    this.endsAt = endsAt;
  }

  found(): readonly Found[] {
    return [...this.byPath.values()].slice(0, mostCandidates);
  }

  async walk(start: string): Promise<void> {
    const waiting: { readonly path: string; readonly depth: number }[] = [{ path: start, depth: 0 }];
    for (let next = waiting.shift(); next && !this.isOver(); next = waiting.shift()) {
      const { path, depth } = next;
      if (this.visited.has(path)) continue;
      this.visited.add(path);
      for (const folder of await this.childrenOf(path, start)) {
        // What a link leads to is found where it is.
        if (folder.isLink) continue;
        if (folder.looks !== null) this.add(folder.path, folder);
        else if (depth + 1 < deepest && folder.readable !== false && isTelling(folder)) {
          waiting.push({ path: folder.path, depth: depth + 1 });
        }
      }
    }
  }

  private isOver(): boolean {
    return this.visited.size >= mostListings || this.ports.clock.monotonicMs() > this.endsAt;
  }

  private async childrenOf(path: string, start: string) {
    try {
      const listing = await this.ports.looks.list({ path, offset: 0, limit: childrenPerFolder, hidden: false });
      if (listing.looks !== null) this.add(path, listing);
      // What is inside a models folder belongs to it; beside an install there may be others.
      return listing.modelsPath === path && listing.looks !== 'models' ? [] : listing.folders;
    } catch (thrown) {
      // A usual place that is not there, or not ours, is no news; a drive that is silent is.
      if (thrown instanceof AppError && thrown.code === 'LOCATION_OFFLINE') this.silent.add(start);
      return [];
    }
  }

  private add(foundAt: string, { looks, modelsPath }: SeenAs): void {
    const path = modelsPath ?? foundAt;
    if (looks === null) return;
    const known = this.byPath.get(path);
    if (!known || foundAt.length < known.foundAt.length) this.byPath.set(path, { path, foundAt, looks });
  }
}

async function survey(found: Found, { looks, machine, registry }: DiscoverPorts): Promise<Candidate> {
  const location = registry
    .list()
    .find(({ definition }) => overlap(definition.path, found.path as AbsolutePath, machine.platform) === 'same');
  const facts = { ...found, driveKind: machine.driveKindOf(found.path), location: location?.definition.id ?? null };
  try {
    const { modelFiles, isPartial } = await looks.survey(found.path);
    return { ...facts, modelFiles, isPartial };
  } catch {
    return { ...facts, modelFiles: 0, isPartial: true };
  }
}
