import type { CompareState } from '../../contract/sync-words.ts';
import { relPathOf, selectRows } from '../../core/catalog/compare-rows.ts';
import type { CompareView } from '../../core/catalog/compare-view.ts';
import type { ContentIndex } from '../../core/catalog/content-index.ts';
import { type FolderPair, sideFile, stateCode } from '../../core/catalog/folder-pair.ts';
import { type FilePosition, findFile, isBelow, joinPath } from '../../core/catalog/location-index.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { Moves } from '../../core/catalog/moves.ts';
import { findNamed, notInIndex } from '../../core/catalog/named-path.ts';
import { parseSearchQuery } from '../../core/catalog/search-query.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Clock, Pacer } from '../../core/ports/clock.ts';
import { draftMissing, type StepDraft } from '../../core/transfers/plan-draft.ts';
import { modelsBeside, sidecarsOf } from '../../core/transfers/sidecars.ts';

export interface ChoosingPorts {
  readonly registry: LocationRegistry;
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly view: (a: LocationSlot, b: LocationSlot) => Promise<CompareView>;
  readonly moves: (view: CompareView) => Promise<Moves>;
  readonly contents: (slot: LocationSlot) => Promise<ContentIndex>;
  /** @throws AppError INVALID_PATH */
  readonly checkedRelPath: (relPath: string) => string;
}

/** What a person named: files and folders, or every row of a comparison that matches. */
export interface Choice {
  readonly relPaths: readonly string[];
  readonly matching: {
    readonly a: string;
    readonly b: string;
    readonly folder: string;
    readonly states?: readonly CompareState[] | undefined;
    readonly moved?: boolean | undefined;
    readonly query: string;
  } | null;
}

export interface Chosen {
  readonly files: readonly FilePosition[];
  /** Folders that were named as such. */
  readonly folders: readonly string[];
  /** relPath of the one file or folder that was named; empty for several. */
  readonly what: string;
  /** How many of the files came along with a model. */
  readonly sidecars: number;
  /** Names, of several, that the index does not know; they are told, and the others are dealt with. */
  readonly missing: readonly StepDraft[];
}

/** Sidecars that come along: `own` leaves those behind that another model of the same name needs too. */
export type Sidecars = 'none' | 'all' | 'own';

/** The files of one location that a choice names, each once, in the order of the index. */
export async function choose(
  slot: LocationSlot,
  choice: Choice,
  sidecars: Sidecars,
  ports: ChoosingPorts,
): Promise<Chosen> {
  await slot.loaded;
  if (choice.matching !== null)
    return {
      files: await matchingFiles(slot, choice.matching, ports),
      folders: [],
      what: '',
      sidecars: 0,
      missing: [],
    };
  const found = new Map<string, FilePosition>();
  const models: FilePosition[] = [];
  const folders: string[] = [];
  const missing = new Map<string, StepDraft>();
  let what = '';
  for (const typed of choice.relPaths) {
    const relPath = typed === '' ? '' : findNamed(slot.index, ports.checkedRelPath(typed));
    what = relPath;
    const file = relPath === '' ? null : findFile(slot.index, relPath);
    if (file) {
      found.set(relPath, file);
      models.push(file);
    } else if (slot.index.folder(relPath)) {
      folders.push(relPath);
      await addBelow(slot, relPath, found, ports.pacer);
    } else {
      const error = notInIndex(slot, relPath);
      if (choice.relPaths.length === 1) throw error;
      missing.set(relPath, draftMissing(relPath, error));
    }
    const pause = ports.pacer.breathe();
    if (pause) await pause;
  }
  const named = found.size;
  const chosen: ReadonlySet<string> = new Set(found.keys());
  for (const model of sidecars === 'none' ? [] : models) {
    addSidecars(model, found, sidecars === 'own' ? chosen : null);
    const pause = ports.pacer.breathe();
    if (pause) await pause;
  }
  if (choice.relPaths.length !== 1) what = '';
  const files = [...found.values()];
  return { files, folders, what, sidecars: found.size - named, missing: [...missing.values()] };
}

/** @param chosen Files that were named; what a model needs that is not among them stays with it. null: all come. */
function addSidecars(
  { folder, i }: FilePosition,
  found: Map<string, FilePosition>,
  chosen: ReadonlySet<string> | null,
): void {
  const names = folder.files.names();
  const model = folder.files.name(i);
  const others = chosen === null ? [] : modelsBeside(model, names);
  const staying = others.filter((name) => !chosen?.has(joinPath(folder.relPath, name)));
  const needed = new Set(staying.flatMap((name) => sidecarsOf(name, names)));
  for (const name of sidecarsOf(model, names)) {
    const sidecar = { folder, i: folder.files.indexOf(name) };
    if (!needed.has(name) && !found.has(relPathOf(sidecar))) found.set(relPathOf(sidecar), sidecar);
  }
}

async function addBelow(
  slot: LocationSlot,
  below: string,
  found: Map<string, FilePosition>,
  pacer: Pacer,
): Promise<void> {
  for (const folder of slot.index.inOrder()) {
    if (!isBelow(below, folder.relPath)) continue;
    for (let i = 0; i < folder.files.count; i += 1) found.set(relPathOf({ folder, i }), { folder, i });
    const pause = pacer.breathe();
    if (pause) await pause;
  }
}

async function matchingFiles(
  slot: LocationSlot,
  matching: NonNullable<Choice['matching']>,
  ports: ChoosingPorts,
): Promise<readonly FilePosition[]> {
  const [a, b] = [ports.registry.require(matching.a), ports.registry.require(matching.b)];
  const side = slot === a ? 'a' : slot === b ? 'b' : null;
  if (side === null || a === b) {
    throw new AppError(
      'INVALID_INPUT',
      `The comparison of “${a.definition.id}” and “${b.definition.id}” does not show “${slot.definition.id}”.`,
    );
  }
  const view = await ports.view(a, b);
  const rows = await selectRows(
    view,
    {
      folder: matching.folder,
      states: matching.states ? new Set(matching.states.map((state) => stateCode[state])) : null,
      onlyMoved: matching.moved ? await ports.moves(view) : null,
      query: parseSearchQuery(matching.query, ports.clock.nowMs()),
      sort: 'path',
      descending: false,
    },
    ports.pacer,
  );
  const files: FilePosition[] = [];
  for (const { pair, row } of await rows.page(0, rows.total)) {
    const file = sideFile(pair, row, side);
    if (file) files.push(file);
    const pause = ports.pacer.breathe();
    if (pause) await pause;
  }
  return files;
}

/** How the files of one side stand to the other side, row by row. */
export interface SideRows {
  /** State seen from the source (`only-a`: the target lacks it), and what the target has there. */
  stateOf(file: FilePosition): { readonly state: CompareState; readonly target: FilePosition | null } | null;
}

/** @param side The source's side in the view. */
export function rowsOfSide(view: CompareView, side: 'a' | 'b'): SideRows {
  let latest: { readonly folder: string; readonly rows: ReadonlyMap<string, readonly [FolderPair, number]> } | null =
    null;
  const names = Object.entries(stateCode) as readonly (readonly [CompareState, number])[];
  return {
    stateOf(file) {
      const { relPath } = file.folder;
      if (latest?.folder !== relPath) latest = { folder: relPath, rows: rowsByName(view, relPath, side) };
      const found = latest.rows.get(file.folder.files.name(file.i));
      if (!found) return null;
      const [pair, row] = found;
      const state = names.find(([, code]) => code === pair.states[row])?.[0] ?? 'conflict';
      return { state: side === 'a' ? state : mirrored(state), target: sideFile(pair, row, side === 'a' ? 'b' : 'a') };
    },
  };
}

function mirrored(state: CompareState): CompareState {
  return state === 'only-a' ? 'only-b' : state === 'only-b' ? 'only-a' : state;
}

function rowsByName(
  view: CompareView,
  folder: string,
  side: 'a' | 'b',
): ReadonlyMap<string, readonly [FolderPair, number]> {
  const rows = new Map<string, readonly [FolderPair, number]>();
  const pair = view.node(folder)?.pair;
  for (let row = 0; pair && row < pair.states.length; row += 1) {
    const file = sideFile(pair, row, side);
    if (file && file.folder.relPath === folder) rows.set(file.folder.files.name(file.i), [pair, row]);
  }
  return rows;
}
