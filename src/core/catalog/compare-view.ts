import { foldName, type NameRules } from '../paths/name-folding.ts';
import type { Pacer } from '../ports/clock.ts';
import { type FolderPair, pairFolder } from './folder-pair.ts';
import { type IndexedFolder, isBelow, type LocationIndex, orderKey } from './location-index.ts';

/** A folder of the compared tree with what stands in and below it. */
export interface PairNode {
  pair: FolderPair;
  /** Files per state, then bytes per state, of the whole subtree. */
  subtree: number[];
  readonly children: PairNode[];
}

const none: ReadonlySet<string> = new Set();

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
    const shapeChanged = exact ? await this.pairExactly(full ? null : dirty, pacer) : await this.pairAll(pacer);
    if (full || shapeChanged || !exact) await this.orderPairs(pacer);
    else this.replacePairs();
    this.stale = false;
    this.version += 1;
  }

  /** Names are keys: folders are looked up one by one. Returns whether a folder came or went. */
  private async pairExactly(dirty: ReadonlySet<string> | null, pacer: Pacer): Promise<boolean> {
    let shapeChanged = dirty === null;
    const keys = new Set(dirty ?? [...this.a.folderPaths(), ...this.b.folderPaths()]);
    if (dirty === null) this.pairs.clear();
    // A folder that comes or goes can turn a file of its parent into "file against folder", or back.
    if (dirty !== null) {
      for (const key of dirty) {
        const slash = key.lastIndexOf('/');
        if (key !== '') keys.add(slash < 0 ? '' : key.slice(0, slash));
      }
    }
    const subfolders = await this.subfolders(dirty === null ? null : keys, pacer);
    for (const key of keys) {
      const pause = pacer.breathe();
      if (pause) await pause;
      const a = this.a.folder(key);
      const b = this.b.folder(key);
      const had = this.pairs.has(key);
      if (!a && !b) this.pairs.delete(key);
      else this.pairs.set(key, this.pair(key, a ? [a] : [], b ? [b] : [], subfolders));
      shapeChanged ||= had !== this.pairs.has(key);
    }
    return shapeChanged;
  }

  /** Where names fold, several folders may share a key; the whole tree is grouped anew. */
  private async pairAll(pacer: Pacer): Promise<boolean> {
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
    const subfolders = await this.subfolders(null, pacer, groups);
    this.pairs.clear();
    for (const [key, { a, b }] of groups) {
      const pause = pacer.breathe();
      if (pause) await pause;
      this.pairs.set(key, this.pair(key, a, b, subfolders));
    }
    return true;
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
    parents: ReadonlySet<string> | null,
    pacer: Pacer,
    groups?: ReadonlyMap<string, { a: IndexedFolder[]; b: IndexedFolder[] }>,
  ): Promise<Subfolders> {
    const found: Subfolders = { a: new Map(), b: new Map() };
    const note = (side: 'a' | 'b', key: string): void => {
      if (key === '') return;
      const slash = key.lastIndexOf('/');
      const parent = slash < 0 ? '' : key.slice(0, slash);
      if (parents !== null && !parents.has(parent)) return;
      const names = found[side].get(parent);
      if (names) names.add(key.slice(slash + 1));
      else found[side].set(parent, new Set([key.slice(slash + 1)]));
    };
    if (groups) {
      for (const [key, { a, b }] of groups) {
        if (a.length > 0) note('a', key);
        if (b.length > 0) note('b', key);
      }
      return found;
    }
    for (const [side, here, there] of [
      ['a', this.a, this.b],
      ['b', this.b, this.a],
    ] as const) {
      for (const key of here.folderPaths()) {
        if (!there.folder(key)) note(side, key);
        const pause = pacer.breathe();
        if (pause) await pause;
      }
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

  /** Same folders as before, some with other files. */
  private replacePairs(): void {
    for (const node of this.ordered) {
      const pair = this.pairs.get(node.pair.key);
      if (pair) node.pair = pair;
    }
    for (let k = this.ordered.length - 1; k >= 0; k -= 1) addUp(this.ordered[k]);
  }

  /** The folders in and below one folder, in order. */
  *below(folder: string): Generator<PairNode> {
    const key = foldName(folder, this.rules);
    for (const node of this.ordered) if (isBelow(key, node.pair.key)) yield node;
  }
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
