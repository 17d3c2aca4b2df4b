import { foldName, type NameRules } from '../paths/name-folding.ts';
import type { Pacer } from '../ports/clock.ts';
import { type FolderPair, hasHashedLoneFile, isSamePair, pairFolder } from './folder-pair.ts';
import { type IndexedFolder, isBelow, type LocationIndex, orderKey } from './location-index.ts';

/** A folder of the compared tree with what stands in and below it. */
export interface PairNode {
  pair: FolderPair;
  /** Files per state, then bytes per state, of the whole subtree. */
  subtree: number[];
  readonly children: PairNode[];
}

const none: ReadonlySet<string> = new Set();

/** Keys of folders that came and went. */
interface FewChanges {
  readonly came: readonly string[];
  readonly gone: readonly string[];
}

/** `all`: everything was paired anew. */
type Changed = 'all' | FewChanges;

const longestFirst = (x: string, y: string): number => y.length - x.length;

/** With more that come and go, the whole order is made anew. */
const fewFolders = 64;

/**
 * Two locations side by side, kept up to date folder by folder: `update` pairs again only what changed since the last
 * call, so its cost follows the change and not the library.
 */
let viewsMade = 0;

export class CompareView {
  /** Tells views of one pair apart that were made one after the other; their versions all begin at 0. */
  readonly serial = ++viewsMade;
  readonly a: LocationIndex;
  readonly b: LocationIndex;
  /** Grows with every update that changed something. */
  version = 0;
  /** Grows only when a file that one side alone has, and whose hash is known, may have come or gone. */
  loneVersion = 0;
  private rules: NameRules;
  private nextRules: NameRules;
  private readonly pairs = new Map<string, FolderPair>();
  private dirty = new Set<string>();
  private stale = true;
  private ordered: readonly PairNode[] = [];
  private nodes = new Map<string, PairNode>();
  private updating: Promise<void> = Promise.resolve();
  private readonly stops: readonly (() => void)[];

  constructor(a: LocationIndex, b: LocationIndex, rules: NameRules) {
    this.a = a;
    this.b = b;
    this.rules = rules;
    this.nextRules = rules;
    this.stops = [a, b].map((index) => index.listen((relPath) => this.dirty.add(relPath)));
  }

  /** Each folder before what is below it, siblings in the order of `orderKey`; the root first. */
  inOrder(): readonly PairNode[] {
    return this.ordered;
  }

  node(relPath: string): PairNode | undefined {
    return this.nodes.get(foldName(relPath, this.rules));
  }

  nameRules(): NameRules {
    return this.rules;
  }

  setRules(rules: NameRules): void {
    this.nextRules = rules;
  }

  stop(): void {
    for (const stop of this.stops) stop();
  }

  /** Brings the view up to date. Calls queue up behind each other. */
  update(pacer: Pacer): Promise<void> {
    this.updating = this.updating.then(
      () => this.runUpdate(pacer),
      () => this.runUpdate(pacer),
    );
    return this.updating;
  }

  /** Only between updates: one that runs must not see two sets of rules. */
  private applyRules(): void {
    const { caseSensitive, unicodeSensitive } = this.nextRules;
    if (caseSensitive === this.rules.caseSensitive && unicodeSensitive === this.rules.unicodeSensitive) return;
    this.rules = this.nextRules;
    this.stale = true;
  }

  private async runUpdate(pacer: Pacer): Promise<void> {
    this.applyRules();
    if (!this.stale && this.dirty.size === 0) return;
    const dirty = this.dirty;
    this.dirty = new Set();
    const full = this.stale;
    // Until the update is complete: one that fails half-way must not leave a view that looks up to date.
    this.stale = true;
    const exact = this.rules.caseSensitive && this.rules.unicodeSensitive;
    const changed = exact ? await this.pairExactly(full ? null : dirty, pacer) : await this.pairAll(pacer);
    if (changed !== 'all' && this.fitsInPlace(changed)) this.replacePairs(changed);
    else await this.orderPairs(pacer);
    this.stale = false;
    this.version += 1;
  }

  /** Names are keys: folders are looked up one by one. */
  private async pairExactly(dirty: ReadonlySet<string> | null, pacer: Pacer): Promise<Changed> {
    const keys = new Set(dirty ?? [...this.a.folderPaths(), ...this.b.folderPaths()]);
    if (dirty === null) {
      this.pairs.clear();
      this.loneVersion += 1;
    }
    // A folder that comes or goes can turn a file of its parent into "file against folder", or back.
    for (const key of dirty ?? []) if (key !== '') keys.add(parentOf(key));
    const subfolders = dirty === null ? await this.subfolders(pacer) : this.subfoldersOf(keys);
    const [came, gone]: [string[], string[]] = [[], []];
    for (const key of keys) {
      const pause = pacer.breathe();
      if (pause) await pause;
      const a = this.a.folder(key);
      const b = this.b.folder(key);
      const before = this.pairs.get(key);
      const pair = a || b ? this.pair(key, a ? [a] : [], b ? [b] : [], subfolders) : undefined;
      if (pair) this.pairs.set(key, pair);
      else this.pairs.delete(key);
      if (before && !pair) gone.push(key);
      if (pair && !before) came.push(key);
      if (!isSamePair(before, pair) && (hasHashedLoneFile(before) || hasHashedLoneFile(pair))) this.loneVersion += 1;
    }
    return dirty === null ? 'all' : { came, gone };
  }

  /** Where names fold, several folders may share a key; the whole tree is grouped anew. */
  private async pairAll(pacer: Pacer): Promise<Changed> {
    const groups = new Map<string, { a: IndexedFolder[]; b: IndexedFolder[] }>();
    for (const [side, index] of [
      ['a', this.a],
      ['b', this.b],
    ] as const) {
      for (const folder of index.inOrder()) {
        const key = foldName(folder.relPath, this.rules);
        let group = groups.get(key);
        if (!group) {
          group = { a: [], b: [] };
          groups.set(key, group);
        }
        group[side].push(folder);
      }
    }
    const subfolders = await this.subfolders(pacer, groups);
    this.pairs.clear();
    this.loneVersion += 1;
    for (const [key, { a, b }] of groups) {
      const pause = pacer.breathe();
      if (pause) await pause;
      this.pairs.set(key, this.pair(key, a, b, subfolders));
    }
    return 'all';
  }

  private pair(
    key: string,
    a: readonly IndexedFolder[],
    b: readonly IndexedFolder[],
    subfolders: Subfolders,
  ): FolderPair {
    return pairFolder({
      key,
      a,
      b,
      rules: this.rules,
      foldersOfA: subfolders.a.get(key) ?? none,
      foldersOfB: subfolders.b.get(key) ?? none,
    });
  }

  /** For each folder, the keys of the names of its subfolders; of exact names those that one side has and the other has not. */
  private async subfolders(
    pacer: Pacer,
    groups?: ReadonlyMap<string, { a: IndexedFolder[]; b: IndexedFolder[] }>,
  ): Promise<Subfolders> {
    const found: Subfolders = { a: new Map(), b: new Map() };
    if (groups) {
      for (const [key, { a, b }] of groups) {
        if (a.length > 0) note(found.a, key);
        if (b.length > 0) note(found.b, key);
      }
      return found;
    }
    for (const [names, here, there] of [
      [found.a, this.a, this.b],
      [found.b, this.b, this.a],
    ] as const) {
      for (const key of here.folderPaths()) {
        if (!there.folder(key)) note(names, key);
        const pause = pacer.breathe();
        if (pause) await pause;
      }
    }
    return found;
  }

  /** The same of exact names for a few folders: those below them that were there at the last update, and those that changed. */
  private subfoldersOf(parents: ReadonlySet<string>): Subfolders {
    const found: Subfolders = { a: new Map(), b: new Map() };
    const below = [...parents].flatMap((parent) => this.nodes.get(parent)?.children.map(({ pair }) => pair.key) ?? []);
    for (const key of new Set([...below, ...parents])) {
      if (key === '' || !parents.has(parentOf(key))) continue;
      const [onA, onB] = [this.a.folder(key) !== undefined, this.b.folder(key) !== undefined];
      if (onA && !onB) note(found.a, key);
      if (onB && !onA) note(found.b, key);
    }
    return found;
  }

  /** A folder, then all that is below it: by the tree of keys, since spellings of two sides do not sort alike. */
  private async orderPairs(pacer: Pacer): Promise<void> {
    const nodes = new Map<string, PairNode>();
    for (const pair of this.pairs.values()) nodes.set(pair.key, { pair, subtree: [], children: [] });
    const tops: PairNode[] = [];
    for (const node of nodes.values()) {
      (nearestAbove(node.pair.key, nodes)?.children ?? tops).push(node);
      const pause = pacer.breathe();
      if (pause) await pause;
    }
    const ordered: PairNode[] = [];
    const waiting = lastFirst(tops);
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      ordered.push(node);
      for (const child of lastFirst(node.children)) waiting.push(child);
      const pause = pacer.breathe();
      if (pause) await pause;
    }
    for (let k = ordered.length - 1; k >= 0; k -= 1) {
      addUp(ordered[k]);
      const pause = pacer.breathe();
      if (pause) await pause;
    }
    // Only now: until they are added up, others see the nodes of the last update.
    this.nodes = nodes;
    this.ordered = ordered;
  }

  /** Few folders changed, and the others stay where they are in the order. */
  private replacePairs({ came, gone }: FewChanges): void {
    // Others may be going through the order meanwhile, so it is replaced by another one.
    const ordered = [...this.ordered];
    for (const key of gone.toSorted(longestFirst)) this.takeOut(key, ordered);
    for (const key of came.toSorted(longestFirst).reverse()) this.putIn(key, ordered);
    for (const node of ordered) {
      const pair = this.pairs.get(node.pair.key);
      if (pair) node.pair = pair;
    }
    for (let k = ordered.length - 1; k >= 0; k -= 1) addUp(ordered[k]);
    this.ordered = ordered;
  }

  /** Whether folders came and went at the ends of the tree only, each below one that is in the index. */
  private fitsInPlace({ came, gone }: FewChanges): boolean {
    if (came.length + gone.length > fewFolders) return false;
    const coming = new Set(came);
    const going = new Set(gone);
    const isThere = (key: string): boolean => coming.has(key) || (this.nodes.has(key) && !going.has(key));
    const childrenOf = (key: string): readonly PairNode[] => this.nodes.get(key)?.children ?? [];
    return (
      gone.every(
        (key) =>
          key !== '' && this.nodes.has(parentOf(key)) && childrenOf(key).every((child) => going.has(child.pair.key)),
      ) &&
      came.every(
        (key) =>
          key !== '' &&
          isThere(parentOf(key)) &&
          !childrenOf(parentOf(key)).some((child) => isBelow(key, child.pair.key)),
      )
    );
  }

  private takeOut(key: string, ordered: PairNode[]): void {
    const node = this.nodes.get(key);
    const siblings = this.nodes.get(parentOf(key))?.children;
    if (!node || !siblings) return;
    siblings.splice(siblings.indexOf(node), 1);
    ordered.splice(ordered.indexOf(node), 1);
    this.nodes.delete(key);
  }

  private putIn(key: string, ordered: PairNode[]): void {
    const pair = this.pairs.get(key);
    const parent = this.nodes.get(parentOf(key));
    if (!pair || !parent) return;
    const node: PairNode = { pair, subtree: [], children: [] };
    const own = orderKey(pair.relPath);
    const next = parent.children.findIndex((child) => orderKey(child.pair.relPath) > own);
    const at = next < 0 ? parent.children.length : next;
    const before = parent.children[at - 1];
    ordered.splice(ordered.indexOf(before ? lastOf(before) : parent) + 1, 0, node);
    parent.children.splice(at, 0, node);
    this.nodes.set(key, node);
  }

  /** The folders in and below one folder, in order. */
  *below(folder: string): Generator<PairNode> {
    const key = foldName(folder, this.rules);
    for (const node of this.ordered) if (isBelow(key, node.pair.key)) yield node;
  }
}

function note(names: Map<string, Set<string>>, key: string): void {
  if (key === '') return;
  const name = key.slice(key.lastIndexOf('/') + 1);
  const there = names.get(parentOf(key));
  if (there) there.add(name);
  else names.set(parentOf(key), new Set([name]));
}

function parentOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf('/')));
}

/** The last in order of a folder and all that is below it. */
function lastOf(node: PairNode): PairNode {
  const last = node.children.at(-1);
  return last ? lastOf(last) : node;
}

/** Children come after their parents in order, so one pass from the end adds every subtree up. */
function addUp(node: PairNode | undefined): void {
  if (!node) return;
  node.subtree = [...node.pair.totals];
  for (const child of node.children) {
    for (let s = 0; s < node.subtree.length; s += 1) node.subtree[s] = (node.subtree[s] ?? 0) + (child.subtree[s] ?? 0);
  }
}

/** The folder that holds this one; the next one above it where that is not in the index, as after reading just a part. */
function nearestAbove(key: string, nodes: ReadonlyMap<string, PairNode>): PairNode | undefined {
  for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
    const node = nodes.get(key.slice(0, end));
    if (node) return node;
  }
  return key === '' ? undefined : nodes.get('');
}

/** Sorts siblings as a file browser does and returns them from the last to the first. */
function lastFirst(siblings: PairNode[]): PairNode[] {
  const keyed = siblings.map((node) => ({ node, key: orderKey(node.pair.relPath) }));
  keyed.sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0));
  siblings.splice(0, siblings.length, ...keyed.map(({ node }) => node));
  return keyed.reverse().map(({ node }) => node);
}

interface Subfolders {
  readonly a: Map<string, Set<string>>;
  readonly b: Map<string, Set<string>>;
}
