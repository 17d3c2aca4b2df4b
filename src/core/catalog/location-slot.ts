import type { DriveKind, Location, LocationState } from '../../contract/locations.ts';
import type { LocationDefinition } from '../locations/location-definition.ts';
import type { NameRules } from '../paths/name-folding.ts';
import type { IndexTotals, StoredLocation } from '../ports/catalog-store.ts';
import type { LocationFiles, RootFacts } from '../ports/location-files.ts';
import type { LocationIndex } from './location-index.ts';

/** One location while the program runs: what was said about it, what was seen of it, and its index. */
export interface LocationSlot {
  definition: LocationDefinition;
  readonly files: LocationFiles;
  readonly index: LocationIndex;
  readonly driveKind: DriveKind;
  state: LocationState;
  /** Of the last look that succeeded. */
  facts: RootFacts | null;
  stored: StoredLocation;
  /** Totals of the stored index until that is in memory; null from then on, and while they are not known. */
  awaited: IndexTotals | null;
  /** `stored` and `awaited` are known. Comes long before `loaded`. */
  readonly counted: Promise<void>;
  /** The stored index is in memory. */
  readonly loaded: Promise<void>;
  refreshing: boolean;
}

export const nothingStored: StoredLocation = {
  root: '',
  scannedAtMs: null,
  caseSensitive: null,
  unicodeSensitive: true,
  wasMountPoint: false,
  volume: '',
  missingFiles: 0,
  problems: [],
};

/** Rules by which names count as equal there. What is not known yet counts as the stricter case for the user: sensitive on Linux drives, folding elsewhere is found out at the first look. */
export function nameRulesOf(slot: LocationSlot): NameRules {
  return {
    caseSensitive: slot.facts?.caseSensitive ?? slot.stored.caseSensitive ?? true,
    unicodeSensitive: slot.facts?.unicodeSensitive ?? slot.stored.unicodeSensitive,
  };
}

export function describeSlot(slot: LocationSlot): Location {
  const { definition, facts, stored } = slot;
  const totals = slot.awaited ?? slot.index.totals();
  return {
    ...definition,
    driveKind: definition.drive === 'auto' ? slot.driveKind : definition.drive,
    state: slot.state,
    volume: facts && {
      fileSystem: facts.fileSystem,
      freeBytes: facts.freeBytes,
      totalBytes: facts.totalBytes,
      caseSensitive: facts.caseSensitive ?? stored.caseSensitive,
      unicodeSensitive: facts.unicodeSensitive,
      readOnly: facts.readOnly,
    },
    index: {
      ...totals,
      problems: stored.problems.length,
      scannedAtMs: stored.scannedAtMs,
      refreshing: slot.refreshing,
    },
  };
}
