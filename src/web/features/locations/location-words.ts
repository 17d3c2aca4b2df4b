import type { Layout } from '../../../contract/location-words.ts';
import type { DriveKind, Location, LocationOrigin } from '../../../contract/locations.ts';

export const stateWords: Readonly<Record<Location['state']['kind'], string>> = {
  checking: 'checking',
  online: 'online',
  offline: 'offline',
  attention: 'needs a decision',
};

export const layoutWords: Readonly<Record<Layout, string>> = {
  comfyui: 'ComfyUI models folder',
  library: 'managed library',
  plain: 'plain folders',
};

export const driveWords: Readonly<Record<DriveKind, string>> = {
  ssd: 'SSD',
  hdd: 'hard disk',
  network: 'network share',
  removable: 'removable drive',
  unknown: 'kind of drive not known',
};

export const originWords: Readonly<Record<LocationOrigin, string>> = {
  environment: 'the environment',
  'env-file': 'the .env file',
  'settings-file': 'the settings file',
  demo: 'the demo library',
  user: 'this page',
};

/** Only locations that were added here can be renamed or removed here. */
export function isManagedElsewhere(location: Location): boolean {
  return location.origin !== 'user';
}
