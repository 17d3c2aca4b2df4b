import type { HashState } from '../../contract/indexing.ts';
import { hashFailed, hashKnown, hashStateAt } from './folder-hashes.ts';
import type { FilePosition } from './location-index.ts';

export function hashStateOf({ folder, i }: FilePosition, isPending: boolean): HashState {
  const state = hashStateAt(folder.hashes, i);
  if (state === hashKnown) return 'known';
  if (isPending) return 'pending';
  return state === hashFailed ? 'failed' : 'unknown';
}
