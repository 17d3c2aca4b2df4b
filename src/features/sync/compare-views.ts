import { CompareView } from '../../core/catalog/compare-view.ts';
import { ContentIndex } from '../../core/catalog/content-index.ts';
import { type LocationSlot, nameRulesOf } from '../../core/catalog/location-slot.ts';
import { findMoves, type Moves } from '../../core/catalog/moves.ts';
import { weakerRules } from '../../core/paths/name-folding.ts';
import type { Pacer } from '../../core/ports/clock.ts';

/** Views of the pairs of locations that were looked at, and what is derived from them, each made once per change. */
export interface CompareViews {
  /** The view of a pair, up to date. */
  view(a: LocationSlot, b: LocationSlot): Promise<CompareView>;
  moves(view: CompareView): Promise<Moves>;
  contents(slot: LocationSlot): Promise<ContentIndex>;
  forget(location: string): void;
}

const pairsKept = 4;

export function createCompareViews(pacer: Pacer): CompareViews {
  const views = new Map<string, CompareView>();
  const moves = new WeakMap<CompareView, { version: number; found: Promise<Moves> }>();
  const contents = new Map<LocationSlot, ContentIndex>();

  function drop(key: string): void {
    views.get(key)?.stop();
    views.delete(key);
  }

  return {
    async view(a, b) {
      await Promise.all([a.loaded, b.loaded]);
      const key = `${a.definition.id} ${b.definition.id}`;
      const rules = weakerRules(nameRulesOf(a), nameRulesOf(b));
      const view = views.get(key) ?? new CompareView(a.index, b.index, rules);
      // Most recently used last.
      views.delete(key);
      views.set(key, view);
      for (const old of [...views.keys()].slice(0, -pairsKept)) drop(old);
      view.setRules(rules);
      await view.update(pacer);
      return view;
    },
    moves(view) {
      const known = moves.get(view);
      if (known?.version === view.loneVersion) return known.found;
      const found = findMoves(view, pacer);
      moves.set(view, { version: view.loneVersion, found });
      return found;
    },
    async contents(slot) {
      const found = contents.get(slot) ?? new ContentIndex(slot.index);
      contents.set(slot, found);
      await found.update(pacer);
      return found;
    },
    forget(location) {
      for (const key of [...views.keys()]) if (key.split(' ').includes(location)) drop(key);
      for (const [slot, found] of contents) {
        if (slot.definition.id !== location) continue;
        found.stop();
        contents.delete(slot);
      }
    },
  };
}
