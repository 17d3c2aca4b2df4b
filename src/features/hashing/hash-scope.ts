import type { HashScope } from '../../contract/hashing.ts';
import type { CompareView } from '../../core/catalog/compare-view.ts';
import { parseEntryId } from '../../core/catalog/entry-id.ts';
import { hashKnown, hashStateAt } from '../../core/catalog/folder-hashes.ts';
import { type FolderPair, sideFile, stateCode } from '../../core/catalog/folder-pair.ts';
import { type FilePosition, findFile, isBelow } from '../../core/catalog/location-index.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { findNamed, findNamedFolder, notInIndex } from '../../core/catalog/named-path.ts';
import type { Pacer } from '../../core/ports/clock.ts';
import type { Priority } from './hash-queue.ts';

export interface ScopePorts {
  readonly registry: LocationRegistry;
  readonly pacer: Pacer;
  readonly compareView: (a: LocationSlot, b: LocationSlot) => Promise<CompareView>;
}

export interface ScopedFile extends FilePosition {
  readonly slot: LocationSlot;
}

export function priorityOf(scope: HashScope): Priority {
  return scope.kind === 'entries' ? 'looked-at' : scope.kind === 'compare' ? 'compare' : 'rest';
}

/** The files a scope names. */
export async function filesInScope(scope: HashScope, ports: ScopePorts): Promise<readonly ScopedFile[]> {
  switch (scope.kind) {
    case 'entries':
      return Promise.all(scope.ids.map((id) => entryFile(id, ports)));
    case 'location':
      return locationFiles(scope.location, scope.folder, ports);
    case 'compare':
      return compareFiles(scope, ports);
  }
}

async function entryFile(id: string, { registry }: ScopePorts): Promise<ScopedFile> {
  const { location, relPath } = parseEntryId(id);
  const slot = registry.require(location);
  await slot.loaded;
  const file = findFile(slot.index, relPath);
  if (!file) throw notInIndex(slot, relPath);
  return { ...file, slot };
}

async function locationFiles(
  location: string,
  typed: string,
  { registry, pacer }: ScopePorts,
): Promise<readonly ScopedFile[]> {
  const slot = registry.require(location);
  await slot.loaded;
  const below = findNamed(slot.index, typed.replace(/([^/])\/$/, '$1'));
  const files: ScopedFile[] = [];
  for (const folder of slot.index.inOrder()) {
    if (!isBelow(below, folder.relPath)) continue;
    for (let i = 0; i < folder.files.count; i += 1) files.push({ slot, folder, i });
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  if (files.length > 0 || slot.index.folder(below)) return files;
  // The path may as well name one file.
  const file = findFile(slot.index, below);
  if (file) return [{ ...file, slot }];
  throw notInIndex(slot, below);
}

type CompareScope = Extract<HashScope, { kind: 'compare' }>;

async function compareFiles(scope: CompareScope, ports: ScopePorts): Promise<readonly ScopedFile[]> {
  const a = ports.registry.require(scope.a);
  const b = ports.registry.require(scope.b);
  const view = await ports.compareView(a, b);
  const both = new Set(scope.include.flatMap((name) => (name === 'moved-candidates' ? [] : [stateCode[name]])));
  // What may turn out to be a conflict first, then what is probably the same, then what may have been moved.
  const unsure: ScopedFile[] = [];
  const rest: ScopedFile[] = [];
  const lone = scope.include.includes('moved-candidates') ? await moveCandidates(view, ports.pacer) : null;
  for (const { pair } of view.below(findNamedFolder(view, scope.folder))) {
    const pause = ports.pacer.breathe();
    if (pause) await pause;
    for (let row = 0; row < pair.states.length; row += 1) {
      const isWanted = both.has(pair.states[row] ?? 0) || lone?.(pair, row) === true;
      if (!isWanted) continue;
      const onA = sideFile(pair, row, 'a');
      const onB = sideFile(pair, row, 'b');
      const files = pair.states[row] === stateCode.unverified ? unsure : rest;
      if (onA) files.push({ ...onA, slot: a });
      if (onB) files.push({ ...onB, slot: b });
    }
  }
  return [...unsure, ...rest].filter(({ folder, i }) => hashStateAt(folder.hashes, i) !== hashKnown);
}

/** A file of one side that was moved has the size of a lone file of the other side; all others need no reading. */
async function moveCandidates(view: CompareView, pacer: Pacer): Promise<(pair: FolderPair, row: number) => boolean> {
  const sizes = { a: new Set<number>(), b: new Set<number>() };
  for (const { pair } of view.inOrder()) {
    const pause = pacer.breathe();
    if (pause) await pause;
    for (let row = 0; row < pair.states.length; row += 1) {
      const lone = loneFile(pair, row);
      if (lone) sizes[lone.side].add(lone.size);
    }
  }
  return (pair, row) => {
    const lone = loneFile(pair, row);
    return lone !== null && sizes[lone.side === 'a' ? 'b' : 'a'].has(lone.size);
  };
}

function loneFile(pair: FolderPair, row: number): { side: 'a' | 'b'; size: number } | null {
  const state = pair.states[row];
  const side = state === stateCode['only-a'] ? 'a' : state === stateCode['only-b'] ? 'b' : null;
  const file = side && sideFile(pair, row, side);
  return side && file ? { side, size: file.folder.files.size(file.i) } : null;
}
