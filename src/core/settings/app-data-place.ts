import { overlap } from '../paths/containment.ts';
import { quoted } from '../paths/quoted.ts';
import type { PathPlatform } from '../paths/rel-path.ts';

export interface NamedRoot {
  readonly name: string;
  readonly path: string;
}

/**
 * Why the app-data folder cannot be where it is: inside a models folder it would be scanned, mirrored and carried to
 * the network. null when it lies outside all of them. By name only: give real paths where links may be in them.
 */
export function appDataInsideRoot(
  appDataDir: string,
  roots: readonly NamedRoot[],
  platform: PathPlatform,
): string | null {
  for (const { name, path } of roots) {
    const lie = overlap(appDataDir, path, platform);
    if (lie === 'same' || lie === 'a-inside-b') {
      return `the app-data folder ${quoted(appDataDir)} ${lie === 'same' ? 'is' : 'lies inside'} the models folder of ${quoted(name)}, ${quoted(path)}`;
    }
  }
  return null;
}
