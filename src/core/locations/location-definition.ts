import type { DriveSetting, Layout } from '../../contract/location-words.ts';
import type { LocationOrigin } from '../../contract/locations.ts';
import type { AbsolutePath } from '../paths/absolute-path.ts';

/** What a person said about a location. */
export interface LocationDefinition {
  readonly id: string;
  readonly name: string;
  readonly path: AbsolutePath;
  readonly layout: Layout;
  readonly drive: DriveSetting;
  readonly allowDelete: boolean;
  /** Deleted files are kept aside on the same drive for a day, to be put back. */
  readonly undoDeletes: boolean;
  /** Deleting there needs a typed word. */
  readonly typeToDelete: boolean;
  readonly origin: LocationOrigin;
}
