import type { Seen, Side } from './disks.ts';

/** Copies and moves go from `local` to the same relPath on `lake`; deletes are of `lake`. A mirror is both. */
export interface Order {
  readonly verb: 'copy' | 'move' | 'delete' | 'mirror';
  readonly relPaths: readonly string[];
  /** Of a mirror: the folder that is mirrored; what only the target has in it is deleted. */
  readonly folder?: string;
}

/**
 * `waiting`: the program was not asked yet, or it says that it knows nothing of it. `begun`: it may have done any part.
 * `done`: it said that all of it is done.
 */
export interface OrderState {
  readonly order: Order;
  readonly progress: 'waiting' | 'begun' | 'done';
}

/** Places (`side/relPath`) where something is wrong, by what is wrong. */
export interface Findings {
  /** No intact copy at its source or its target, and nobody asked to delete it. */
  readonly lost: ReadonlySet<string>;
  /** Other bytes than the source's under the name of a target. */
  readonly partial: ReadonlySet<string>;
  /** A finished move left it in both places, or the program has a task twice. */
  readonly doubled: ReadonlySet<string>;
  /** A file that was there before has other bytes now. */
  readonly overwritten: ReadonlySet<string>;
  /** The program said "done", and it is not. */
  readonly undone: ReadonlySet<string>;
  /** A file that nobody asked for: a forgotten temporary file. */
  readonly leaked: ReadonlySet<string>;
  /** Anything else, as sentences. */
  readonly other: ReadonlySet<string>;
}

export const kindsOfFinding = ['lost', 'partial', 'doubled', 'overwritten', 'undone', 'leaked', 'other'] as const;
export type KindOfFinding = (typeof kindsOfFinding)[number];
type OpenFindings = { [kind in KindOfFinding]: Set<string> };

export function noFindings(): OpenFindings {
  const all = kindsOfFinding.map((kind) => [kind, new Set<string>()] as const);
  return Object.fromEntries(all) as OpenFindings;
}

type Fate = { readonly verb: 'copy' | 'move' | 'delete'; readonly progress: OrderState['progress'] };

/**
 * Compares what lies on the disks with what lay there before and what was asked for. It knows nothing of the program
 * and believes nothing of it but "done". Invariants I1, I2 and I6; I3 and I4 need the program's own words.
 */
export function judge(before: Seen, after: Seen, orders: readonly OrderState[]): Findings {
  const findings = noFindings();
  const fates = fatesOf(before, orders);
  for (const side of ['local', 'lake'] as const) {
    for (const [relPath, was] of before[side]) {
      const place = `${side}/${relPath}`;
      const now = after[side].get(relPath);
      if (now === undefined) judgeAbsent(place, fates.get(place), after.lake.get(relPath)?.sha256 === was.sha256);
      else if (now.sha256 !== was.sha256) findings.overwritten.add(place);
      else if (fates.get(place)?.verb === 'delete' && fates.get(place)?.progress === 'done') findings.undone.add(place);
    }
    for (const relPath of after[side].keys()) {
      const isKnown = before[side].has(relPath) || (side === 'lake' && fates.has(`local/${relPath}`));
      if (!isKnown) findings.leaked.add(`${side}/${relPath}`);
    }
  }
  judgeTargets();
  return findings;

  function judgeAbsent(place: string, fate: Fate | undefined, isAtTarget: boolean): void {
    const mayBeGone =
      fate !== undefined &&
      fate.progress !== 'waiting' &&
      (fate.verb === 'delete' || (fate.verb === 'move' && isAtTarget));
    if (!mayBeGone) findings.lost.add(place);
  }

  function judgeTargets(): void {
    for (const [place, fate] of fates) {
      if (fate.verb === 'delete') continue;
      const relPath = place.slice('local/'.length);
      const source = before.local.get(relPath)!;
      const target = after.lake.get(relPath);
      // Something else had the name before: it must still be there, which was looked at above.
      if (before.lake.has(relPath)) continue;
      if (target === undefined) {
        if (fate.progress === 'done' && !findings.lost.has(place)) findings.undone.add(place);
        continue;
      }
      if (target.sha256 !== source.sha256 || fate.progress === 'waiting') findings.partial.add(`lake/${relPath}`);
      else if (fate.verb === 'move' && fate.progress === 'done' && after.local.has(relPath))
        findings.doubled.add(place);
      else if (fate.progress === 'done' && Math.abs(target.mtimeMs - source.mtimeMs) > 2_000)
        findings.other.add(`${place}: the copy has another time (${target.mtimeMs} for ${source.mtimeMs})`);
    }
  }
}

/** By place of the file that the order is about. */
function fatesOf(before: Seen, orders: readonly OrderState[]): ReadonlyMap<string, Fate> {
  const fates = new Map<string, Fate>();
  const give = (side: Side, relPath: string, verb: Fate['verb'], progress: Fate['progress']): void => {
    fates.set(`${side}/${relPath}`, { verb, progress });
  };
  for (const { order, progress } of orders) {
    if (order.verb === 'mirror') {
      const isInside = (relPath: string): boolean => relPath.startsWith(`${order.folder}/`);
      for (const relPath of before.local.keys()) if (isInside(relPath)) give('local', relPath, 'copy', progress);
      for (const relPath of before.lake.keys()) {
        if (isInside(relPath) && !before.local.has(relPath)) give('lake', relPath, 'delete', progress);
      }
      continue;
    }
    for (const relPath of order.relPaths) {
      give(order.verb === 'delete' ? 'lake' : 'local', relPath, order.verb, progress);
    }
  }
  return fates;
}

export const isEmpty = (findings: Findings): boolean => kindsOfFinding.every((kind) => findings[kind].size === 0);

/** Everything that one of them found. */
export function union(...all: readonly Findings[]): OpenFindings {
  const together = noFindings();
  for (const findings of all) {
    for (const kind of kindsOfFinding) for (const place of findings[kind]) together[kind].add(place);
  }
  return together;
}
