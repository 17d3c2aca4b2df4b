import type { CSSProperties } from 'react';
import type { SortKey } from '../../../contract/sync-words.ts';
import type { Side, SideNames } from './states.ts';

export interface Column {
  readonly id: string;
  readonly sort: SortKey;
  readonly title: string;
  /** With the side it is of. */
  readonly label: string;
  readonly area: string;
  /** Which way it grows; null: it takes the room that is left. */
  readonly grows: 'left' | 'right' | null;
}

const path: Column = { id: 'path', sort: 'path', title: 'Path', label: 'Path', area: 'area-path', grows: null };
const state: Column = {
  id: 'state',
  sort: 'state',
  title: 'State',
  label: 'State',
  area: 'area-state',
  grows: 'right',
};

function sizeAndTime(side: Side, names: SideNames, grows: 'left' | 'right'): readonly Column[] {
  const on = `on ${names[side]}`;
  return [
    { id: `size-${side}`, sort: `size-${side}`, title: 'Size', label: `Size ${on}`, area: `area-size-${side}`, grows },
    {
      id: `time-${side}`,
      sort: `mtime-${side}`,
      title: 'Changed',
      label: `Changed ${on}`,
      area: `area-time-${side}`,
      grows,
    },
  ];
}

/** Columns of the aligned rows (`null`) or of the list of one side, in the order they stand. */
export function columnsOf(names: SideNames, side: Side | null): readonly Column[] {
  if (side !== null) return [state, path, ...sizeAndTime(side, names, 'left')];
  return [...sizeAndTime('a', names, 'right'), state, path, ...sizeAndTime('b', names, 'left')];
}

/** Narrower, a size would run into the next column. */
export const widthRange = [76, 260] as const;
const sizeWidth = 80;
const timeWidth = 94;
const stateWidths = [134, 200] as const;
const stateFrame = 78;
/** Of a letter, a capital, and one from outside ASCII, at most, in pixels; a name of many narrow ones has room to spare. */
const letterWidths = { small: 7, capital: 11, wide: 15 } as const;

/** For the longest word of a state, which holds the name of a location. */
function stateRoom(names: SideNames): number {
  return Math.max(stateWidths[0], stateFrame + Math.max(nameWidth(names.a), nameWidth(names.b)));
}

function nameWidth(name: string): number {
  const { small, capital, wide } = letterWidths;
  const widthOfLetter = (letter: string) => (/[ -~]/.test(letter) ? (/[A-Z@%]/.test(letter) ? capital : small) : wide);
  return Array.from(name).reduce((sum, letter) => sum + widthOfLetter(letter), 0);
}

function usualWidth(id: string, names: SideNames): number {
  if (id.startsWith('size')) return sizeWidth;
  if (id.startsWith('time')) return timeWidth;
  return Math.min(stateWidths[1], stateRoom(names));
}

/** What a viewer chose, within bounds, else the usual width. */
export function widthOf(id: string, names: SideNames, chosen: Readonly<Record<string, unknown>>): number {
  const width = chosen[id];
  if (typeof width !== 'number' || !Number.isFinite(width)) return usualWidth(id, names);
  return Math.min(widthRange[1], Math.max(widthRange[0], width));
}

/** Whether the words of states may have to be cut. */
export function isStateTight(names: SideNames, width: number): boolean {
  return width < stateRoom(names);
}

/** At the right end of a row, as in sync.css. */
const rowPadding = 8;

/** What the columns beside the path take of a row, as long as none of them is left out for want of room. */
export function widthBesidePath(columns: readonly Column[], widthOfColumn: (id: string) => number): number {
  const sized = columns.filter(({ grows }) => grows !== null);
  return sized.reduce((sum, { id }) => sum + widthOfColumn(id), rowPadding);
}

/** Widths as CSS variables; sync.css makes the columns of them. */
export function columnStyle(columns: readonly Column[], widthOfColumn: (id: string) => number): CSSProperties {
  const sized = columns.filter(({ grows }) => grows !== null);
  return Object.fromEntries(sized.map(({ id }) => [`--${id}`, `${widthOfColumn(id)}px`])) as CSSProperties;
}
