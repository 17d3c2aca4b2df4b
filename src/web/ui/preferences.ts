import { createStore } from './store.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export const densities = ['compact', 'normal', 'comfortable'] as const;
export type Theme = (typeof themes)[number];
export type Density = (typeof densities)[number];
export type RowLayout = 'aligned' | 'panes';

export interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  readonly treeWidth: number;
  readonly detailsWidth: number;
  /** null: open where the window has room for it. */
  readonly detailsOpen: boolean | null;
  readonly treeOpen: boolean | null;
  readonly queueOpen: boolean;
  readonly queueHeight: number;
  /** Both sides of a path in one row, or a list per side. */
  readonly rowLayout: RowLayout;
  /** Widths of table columns, by column, where they differ from the usual ones. */
  readonly columnWidths: Readonly<Record<string, number>>;
  /** Ids of the two locations compared last; null: none yet. */
  readonly lastPair: { readonly a: string; readonly b: string } | null;
  /** What the last start asked for; null: nothing is known. */
  readonly firstAsks: { readonly address: string; readonly urls: readonly string[] } | null;
}

/** Also read by public/start.js. */
const storageKey = 'weightroom.preferences';

const initial: Preferences = {
  theme: 'auto',
  density: 'normal',
  treeWidth: 232,
  detailsWidth: 320,
  detailsOpen: null,
  treeOpen: null,
  queueOpen: false,
  queueHeight: 300,
  rowLayout: 'aligned',
  columnWidths: {},
  lastPair: null,
  firstAsks: null,
};

function readStored(): unknown {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}');
  } catch {
    return null;
  }
}

/** As public/start.js read them: each look into storage waits for another process of the browser. */
function load(): Preferences {
  const stored = window.weightroomStart ? window.weightroomStart.stored : readStored();
  return typeof stored === 'object' && stored !== null ? { ...initial, ...stored } : initial;
}

const store = createStore(load());

function applyToPage({ theme, density }: Preferences): void {
  const { dataset } = document.documentElement;
  if (theme === 'auto') delete dataset.theme;
  else dataset.theme = theme;
  dataset.density = density;
}

applyToPage(store.get());

export function usePreference<K extends keyof Preferences>(key: K): Preferences[K] {
  return store.use((state) => state[key]);
}

export function preferenceNow<K extends keyof Preferences>(key: K): Preferences[K] {
  return store.get()[key];
}

/** Remembered in this browser; where storage is blocked, until the page is closed. */
export function setPreference<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  store.set({ ...store.get(), [key]: value });
  applyToPage(store.get());
  try {
    localStorage.setItem(storageKey, JSON.stringify(store.get()));
  } catch {
    return;
  }
}

export function cycleTheme(): void {
  const next = themes[(themes.indexOf(store.get().theme) + 1) % themes.length];
  setPreference('theme', next ?? 'auto');
}

const rowHeights: Readonly<Record<Density, number>> = { compact: 24, normal: 28, comfortable: 36 };

/** Same figures as `--row` in tokens.css. */
export function useRowHeight(): number {
  return rowHeights[usePreference('density')];
}
