import type { LocationDefinition } from '../locations/location-definition.ts';

/** The locations a person added, kept for good: this is truth, not a cache. Calls return when the change is on disk. */
export interface LocationStore {
  list(): readonly LocationDefinition[];
  /** Adds the definition or replaces the one with its id. */
  save(definition: LocationDefinition): void;
  remove(id: string): void;
}
