import { foldName, type NameRules } from '../paths/name-folding.ts';
import type { CompareView } from './compare-view.ts';
import { type FolderPair, sideFile, stateCode } from './folder-pair.ts';
import type { FilePosition } from './location-index.ts';

/**
 * A file of one side that stands where the other side has this folder, or a folder on the way to it; null where there is
 * none. All that lies in such a folder belongs to the conflict: it can neither be copied nor is it an extra.
 */
export function findFileInTheWay(view: CompareView, folder: string): FilePosition | null {
  const rules = view.nameRules();
  const key = foldName(folder, rules);
  for (let end = key.length; end > 0; end = key.lastIndexOf('/', end - 1)) {
    const slash = key.lastIndexOf('/', end - 1);
    const above = view.node(key.slice(0, Math.max(0, slash)));
    const found = above && findLoneFile(above.pair, key.slice(slash + 1, end), rules);
    if (found) return found;
  }
  return null;
}

function findLoneFile(pair: FolderPair, name: string, rules: NameRules): FilePosition | null {
  const { conflict, 'case-clash': clash } = stateCode;
  if (!pair.totals[conflict] && !pair.totals[clash]) return null;
  for (let row = 0; row < pair.states.length; row += 1) {
    const state = pair.states[row];
    if (state !== conflict && state !== clash) continue;
    const [a, b] = [sideFile(pair, row, 'a'), sideFile(pair, row, 'b')];
    const file = a && b ? null : (a ?? b);
    if (file && foldName(file.folder.files.name(file.i), rules) === name) return file;
  }
  return null;
}
