import type { Handlers } from '../../contract/endpoint.ts';
import type { CompareRow, CompareSummary, FolderNode, RowSide, syncEndpoints } from '../../contract/sync.ts';
import type { CompareState } from '../../contract/sync-words.ts';
import { compareStates } from '../../contract/sync-words.ts';
import { type RowRequest, relPathOf, selectRows } from '../../core/catalog/compare-rows.ts';
import type { CompareView, PairNode } from '../../core/catalog/compare-view.ts';
import { blake3Of, type ContentIndex } from '../../core/catalog/content-index.ts';
import { parseCursor } from '../../core/catalog/cursor.ts';
import { entryIdOf, idOfPath } from '../../core/catalog/entry-id.ts';
import { toHex } from '../../core/catalog/folder-hashes.ts';
import {
  aFolder,
  type FolderPair,
  shownFile,
  sideFile,
  stateCode,
  stateCount,
} from '../../core/catalog/folder-pair.ts';
import { hashStateOf } from '../../core/catalog/hash-state.ts';
import type { FilePosition } from '../../core/catalog/location-index.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { Moves } from '../../core/catalog/moves.ts';
import { findNamedFolder } from '../../core/catalog/named-path.ts';
import type { RowSelection } from '../../core/catalog/row-selection.ts';
import { parseSearchQuery } from '../../core/catalog/search-query.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Clock, Pacer } from '../../core/ports/clock.ts';
import type { CompareViews } from './compare-views.ts';

export interface SyncPorts {
  readonly registry: LocationRegistry;
  readonly views: CompareViews;
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly isPending: (location: string, relPath: string) => boolean;
  /** Random name of this run, part of every version. */
  readonly instance: string;
}

const selectionsKept = 8;

export function createSyncFeature(ports: SyncPorts): Handlers<typeof syncEndpoints> {
  const { registry, views, clock, pacer } = ports;
  const selections = new Map<string, RowSelection>();

  function pairOf(a: string, b: string): readonly [LocationSlot, LocationSlot] {
    if (a === b) throw new AppError('INVALID_INPUT', 'Compare two different locations.');
    return [registry.require(a), registry.require(b)];
  }

  async function select(key: string, view: CompareView, request: RowRequest): Promise<RowSelection> {
    const known = selections.get(key);
    const selection = known ?? (await selectRows(view, request, pacer));
    selections.delete(key);
    selections.set(key, selection);
    for (const old of [...selections.keys()].slice(0, -selectionsKept)) selections.delete(old);
    return selection;
  }

  return {
    async diff(input) {
      const startedAt = clock.monotonicMs();
      const [a, b] = pairOf(input.a, input.b);
      const view = await views.view(a, b);
      const version = `${ports.instance}:${view.serial}:${view.version}`;
      const moves = await views.moves(view);
      const folder = findNamedFolder(view, input.folder);
      const node = requireFolder(view, folder);
      const request: RowRequest = {
        folder,
        states: input.states ? new Set(input.states.map((state) => stateCode[state])) : null,
        onlyMoved: input.moved ? moves : null,
        query: parseSearchQuery(input.query, clock.nowMs()),
        sort: input.sort,
        descending: input.descending,
      };
      const { cursor: _cursor, offset: _offset, limit: _limit, ...what } = input;
      const isCount = input.limit === 0 && !request.states && !request.onlyMoved && input.query.trim() === '';
      const selection = isCount ? countOf(node) : await select(JSON.stringify([version, what]), view, request);
      const offset = input.offset ?? parseCursor(input.cursor);
      const page = await selection.page(offset, input.limit);
      const contents = await contentsFor(page, { a, b, views });
      const rows = page.map(({ pair, row }) => toRow(pair, row, { a, b, moves, contents, isPending: ports.isPending }));
      const next = offset + rows.length;
      return {
        a: input.a,
        b: input.b,
        version,
        summary: toSummary(node?.subtree),
        moved: countMoves(moves, folder),
        total: selection.total,
        totalBytes: selection.totalBytes,
        offset,
        rows,
        cursor: rows.length > 0 && next < selection.total ? String(next) : null,
        elapsedMs: clock.monotonicMs() - startedAt,
      };
    },
    async diffFolders({ a, b, parent }) {
      const view = await views.view(...pairOf(a, b));
      const moves = await views.moves(view);
      const node = requireFolder(view, findNamedFolder(view, parent));
      const version = `${ports.instance}:${view.serial}:${view.version}`;
      const empty: FolderNode = {
        path: '',
        name: '',
        hasFolders: false,
        onA: false,
        onB: false,
        summary: toSummary(undefined),
        moved: 0,
      };
      if (!node) return { version, folder: empty, folders: [] };
      return { version, folder: toFolder(node, moves), folders: node.children.map((child) => toFolder(child, moves)) };
    },
  };
}

/** Totals alone need no rows. */
function countOf(node: PairNode | undefined): RowSelection {
  const summary = Object.values(toSummary(node?.subtree));
  return {
    total: summary.reduce((sum, { files }) => sum + files, 0),
    totalBytes: summary.reduce((sum, { bytes }) => sum + bytes, 0),
    page: async () => [],
  };
}

/** The root of an empty pair is no folder yet; any other folder must exist. */
function requireFolder(view: CompareView, folder: string): PairNode | undefined {
  const node = view.node(folder);
  if (node || folder === '') return node;
  throw new AppError('FILE_NOT_FOUND', `There is no folder “${folder}” in either location.`);
}

function toFolder(node: PairNode, moves: Moves): FolderNode {
  const { relPath, a, b } = node.pair;
  return {
    path: relPath,
    name: relPath.slice(relPath.lastIndexOf('/') + 1),
    hasFolders: node.children.length > 0,
    onA: a.length > 0,
    onB: b.length > 0,
    summary: toSummary(node.subtree),
    moved: countMoves(moves, relPath),
  };
}

function toSummary(totals: readonly number[] | undefined): CompareSummary {
  const entries = compareStates.map((state, code) => [
    state,
    { files: totals?.[code] ?? 0, bytes: totals?.[stateCount + code] ?? 0 },
  ]);
  return Object.fromEntries(entries) as CompareSummary;
}

/** Moves with an end in or below each folder; counted once, since every folder of a tree asks. */
const moveCounts = new WeakMap<Moves, ReadonlyMap<string, number>>();

function countMoves(moves: Moves, folder: string): number {
  if (folder === '') return moves.fromA.size;
  let counts = moveCounts.get(moves);
  if (!counts) {
    counts = countByFolder(moves);
    moveCounts.set(moves, counts);
  }
  return counts.get(folder) ?? 0;
}

function countByFolder({ fromA }: Moves): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [onA, onB] of fromA) {
    for (const folder of new Set([...foldersAbove(onA), ...foldersAbove(onB)])) {
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
  }
  return counts;
}

function* foldersAbove(relPath: string): Generator<string> {
  for (let end = relPath.lastIndexOf('/'); end > 0; end = relPath.lastIndexOf('/', end - 1))
    yield relPath.slice(0, end);
}

interface RowContext {
  readonly a: LocationSlot;
  readonly b: LocationSlot;
  readonly moves: Moves;
  /** Contents of the side that lacks the row's file; null where no row of the page needs them. */
  readonly contents: { readonly a: ContentIndex | null; readonly b: ContentIndex | null };
  readonly isPending: SyncPorts['isPending'];
}

async function contentsFor(
  page: readonly { readonly pair: FolderPair; readonly row: number }[],
  { a, b, views }: { a: LocationSlot; b: LocationSlot; views: CompareViews },
): Promise<RowContext['contents']> {
  const needs = (state: CompareState): boolean =>
    page.some(({ pair, row }) => pair.states[row] === stateCode[state] && blake3Of(shownFile(pair, row)) !== null);
  return {
    a: needs('only-b') ? await views.contents(a) : null,
    b: needs('only-a') ? await views.contents(b) : null,
  };
}

function toRow(pair: FolderPair, row: number, context: RowContext): CompareRow {
  const state = compareStates[pair.states[row] ?? 0] ?? 'conflict';
  const shown = shownFile(pair, row);
  const relPath = relPathOf(shown);
  // Two spellings of one name are a clash; all other rows have one path, and so one id but for the location.
  const path = state === 'case-clash' ? null : { relPath, id: idOfPath(relPath) };
  const a = toSide(pair, row, 'a', { relPath, path }, context);
  const b = toSide(pair, row, 'b', { relPath, path }, context);
  if (state !== 'only-a' && state !== 'only-b') return { relPath, state, a, b };
  const movedTo = state === 'only-a' ? context.moves.fromA.get(relPath) : undefined;
  const movedFrom = state === 'only-b' ? context.moves.fromB.get(relPath) : undefined;
  const elsewhere = findElsewhere(shown, state === 'only-a' ? context.contents.b : context.contents.a);
  return {
    relPath,
    state,
    a,
    b,
    ...(movedTo === undefined ? {} : { movedTo }),
    ...(movedFrom === undefined ? {} : { movedFrom }),
    ...(elsewhere.length === 0 ? {} : { elsewhere }),
  };
}

interface RowPaths {
  readonly relPath: string;
  /** Of both sides; null where each has its own. */
  readonly path: { readonly relPath: string; readonly id: string } | null;
}

function findElsewhere(file: FilePosition, contents: ContentIndex | null): string[] {
  const hash = blake3Of(file);
  // All empty files have one content, which says nothing about where they came from.
  if (contents === null || hash === null || file.folder.files.size(file.i) === 0) return [];
  return contents.find(hash).slice(0, 20).map(relPathOf);
}

function toSide(
  pair: FolderPair,
  row: number,
  side: 'a' | 'b',
  { relPath, path }: RowPaths,
  context: RowContext,
): RowSide | null {
  const position = pair.rows[row * 2 + (side === 'a' ? 0 : 1)];
  if (position === aFolder) return { id: null, relPath, kind: 'folder', size: 0, mtimeMs: 0, hash: 'unknown' };
  const file = sideFile(pair, row, side);
  if (!file) return null;
  const location = context[side].definition.id;
  const { folder, i } = file;
  const own = path?.relPath ?? relPathOf(file);
  const facts = {
    id: path === null ? entryIdOf(location, own) : `${location}:${path.id}`,
    relPath: own,
    kind: folder.files.kind(i),
    size: folder.files.size(i),
    mtimeMs: folder.files.mtimeMs(i),
  };
  const hash = blake3Of(file);
  if (hash !== null) return { ...facts, hash: 'known', blake3: toHex(hash) };
  return { ...facts, hash: hashStateOf(file, context.isPending(location, own)) };
}
