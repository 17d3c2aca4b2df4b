import type { DriveKind } from '../../contract/locations.ts';
import type { PathPlatform } from '../paths/rel-path.ts';

/** Facts of this machine that are told without touching any location. */
export interface Machine {
  readonly platform: PathPlatform;
  readonly appDataDir: string;
  /** Kind of the drive that a path lies on, from the mount table alone; never blocks on the drive. */
  driveKindOf(path: string): DriveKind;
}
