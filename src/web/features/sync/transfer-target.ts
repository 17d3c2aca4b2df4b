import type { Location } from '../../../contract/locations.ts';
import type { CompareRow, CompareSummary, FolderNode } from '../../../contract/sync.ts';
import type { CopyRequest, DeleteRequest, FilesMeant } from '../../api/transfer-requests.ts';
import { type DiffView, filterOf } from './diff-view.ts';
import { isMoved, type Side } from './states.ts';

type Sides = { readonly a: Location; readonly b: Location };

/** What a transfer is about: rows by name, every row of the filter, or a folder with all that is in it. */
export type TransferTarget =
  | { readonly kind: 'rows'; readonly rows: readonly CompareRow[] }
  | {
      readonly kind: 'filter';
      readonly view: DiffView;
      readonly total: number;
      readonly bytes: number;
      /** Of the folder, before filter and search. */
      readonly summary: CompareSummary | undefined;
    }
  | { readonly kind: 'folder'; readonly node: Pick<FolderNode, 'path' | 'summary'> & { onA: boolean; onB: boolean } };

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

export const otherSide: Readonly<Record<Side, Side>> = { a: 'b', b: 'a' };

const lone = { a: 'only-a', b: 'only-b' } as const;

function unreachable(location: Location): string | null {
  return location.state.kind === 'offline' ? `${location.name} is offline` : null;
}

function unwritable(location: Location): string | null {
  return unreachable(location) ?? (location.volume?.readOnly === true ? `${location.name} is read-only` : null);
}

/** Why one row has nothing to copy to the other side. */
function rowReason(row: CompareRow, from: Side, sides: Sides): string | null {
  const to = sides[otherSide[from]].name;
  if (row[from] === null) return `missing on ${sides[from].name}`;
  switch (row.state) {
    case 'conflict':
      return `${to} has other content here; nothing is ever overwritten`;
    case 'same-verified':
    case 'same-probable':
      return `${to} has it already`;
    case 'unverified':
      return `${to} has a file here; hash both to know whether it is the same`;
    case 'case-clash':
      return `${to} has a name here that differs only in case`;
    default:
      return null;
  }
}

function missing(rows: readonly CompareRow[], from: Side): readonly CompareRow[] {
  return rows.filter((row) => row.state === lone[from]);
}

/** Files and bytes the other side lacks, as far as that is known without asking. */
export function amountFrom(target: TransferTarget, from: Side): Amount | null {
  if (target.kind === 'rows') {
    const rows = missing(target.rows, from);
    return { files: rows.length, bytes: rows.reduce((sum, row) => sum + (row[from]?.size ?? 0), 0) };
  }
  if (target.kind === 'folder') return target.node.summary[lone[from]];
  const { states, moved } = filterOf(target.view);
  if (states?.length === 1 && states[0] === lone[from]) return { files: target.total, bytes: target.bytes };
  if (states && !states.includes(lone[from])) return { files: 0, bytes: 0 };
  return target.view.query === '' && moved === undefined ? (target.summary?.[lone[from]] ?? null) : null;
}

/** Why nothing can be copied from a side to the other; null: it can. */
export function whyNoCopy(target: TransferTarget, from: Side, sides: Sides): string | null {
  const away = unreachable(sides[from]) ?? unwritable(sides[otherSide[from]]);
  if (target.kind === 'rows') {
    const [first] = target.rows;
    if (!first) return 'no row is chosen';
    const reason = target.rows.length === 1 ? rowReason(first, from, sides) : null;
    if (reason !== null) return reason;
  }
  if (amountFrom(target, from)?.files === 0) return `nothing of it is missing on ${sides[otherSide[from]].name}`;
  return away;
}

/** Whether a side has any of it. */
export function isThere(target: TransferTarget, side: Side): boolean {
  if (target.kind === 'rows') return target.rows.some((row) => row[side] !== null);
  if (target.kind === 'folder') return target.node.path !== '' && target.node[side === 'a' ? 'onA' : 'onB'];
  const { states } = filterOf(target.view);
  return !states || states.some((state) => state !== lone[otherSide[side]]);
}

export function whyNoDelete(target: TransferTarget, side: Side, sides: Sides): string | null {
  const { name, allowDelete } = sides[side];
  if (target.kind === 'rows' && target.rows.length === 0) return 'no row is chosen';
  if (target.kind === 'folder' && target.node.path === '') return 'choose one folder';
  if (!isThere(target, side)) return `missing on ${name}`;
  return allowDelete ? unwritable(sides[side]) : `${name} does not allow deleting`;
}

export function whyNoMove(target: TransferTarget, from: Side, sides: Sides): string | null {
  return whyNoCopy(target, from, sides) ?? whyNoDelete(target, from, sides);
}

/** Reasons against each transfer of a target; null: it can be done. */
export interface WhyNot {
  readonly copy: Readonly<Record<Side, string | null>>;
  readonly move: Readonly<Record<Side, string | null>>;
  readonly remove: Readonly<Record<Side, string | null>>;
}

export function whyNotOf(target: TransferTarget, sides: Sides): WhyNot {
  const each = (why: typeof whyNoCopy) => ({ a: why(target, 'a', sides), b: why(target, 'b', sides) });
  return { copy: each(whyNoCopy), move: each(whyNoMove), remove: each(whyNoDelete) };
}

/** Why it is not clear where to copy to: that needs one side that has what the other lacks. */
export function whyNoDirection({ copy: { a, b } }: WhyNot): string | null {
  if (a === null && b === null) return 'each side lacks some of it: choose a direction with > or <';
  return a === null || b === null ? null : a;
}

/** The side that has what the other lacks; null: none, or both. */
export function sourceOf({ copy }: WhyNot): Side | null {
  if ((copy.a === null) === (copy.b === null)) return null;
  return copy.a === null ? 'a' : 'b';
}

function filesOf(target: TransferTarget, side: Side, sides: Sides): FilesMeant {
  if (target.kind === 'folder') return { srcRelPath: target.node.path };
  if (target.kind === 'filter') {
    const { folder, query } = target.view;
    return { matching: { folder, query, ...filterOf(target.view) }, a: sides.a.id, b: sides.b.id };
  }
  const paths = target.rows.flatMap((row) => row[side]?.relPath ?? []);
  const [only] = paths;
  return paths.length === 1 && only !== undefined ? { srcRelPath: only } : { srcRelPaths: paths };
}

/** Nothing stands in the way of any of these rows, and nothing is to be chosen about them. */
function isPlain(row: CompareRow, from: Side): boolean {
  return row.state === lone[from] && !isMoved(row) && row.elsewhere === undefined;
}

export function copyRequest(
  target: TransferTarget,
  { from, sides, kind }: { readonly from: Side; readonly sides: Sides; readonly kind: 'copy' | 'move' },
): CopyRequest {
  const plain = target.kind === 'rows' && target.rows.every((row) => isPlain(row, from));
  return {
    kind,
    src: sides[from].id,
    dst: sides[otherSide[from]].id,
    files: filesOf(target, from, sides),
    plain: plain ? amountFrom(target, from) : null,
  };
}

/** Sides where it may be deleted; null: nowhere. */
export function deleteRequest(target: TransferTarget, wanted: readonly Side[], sides: Sides): DeleteRequest | null {
  const allowed = wanted.filter((side) => whyNoDelete(target, side, sides) === null);
  if (allowed.length === 0) return null;
  const choices = allowed.map((side) => ({ side: sides[side].id, files: filesOf(target, side, sides) }));
  return { kind: 'delete', choices };
}
