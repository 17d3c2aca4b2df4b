import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { EventLog } from '../../core/events/event-log.ts';
import type { LocationDefinition } from '../../core/locations/location-definition.ts';
import type { CatalogStore } from '../../core/ports/catalog-store.ts';
import type { LocationFiles } from '../../core/ports/location-files.ts';
import type { LocationStore } from '../../core/ports/location-store.ts';
import type { Machine } from '../../core/ports/machine.ts';

export interface LocationsPorts {
  readonly registry: LocationRegistry;
  readonly store: LocationStore;
  readonly catalog: CatalogStore;
  readonly events: EventLog;
  readonly machine: Machine;
  readonly openFiles: (definition: LocationDefinition) => LocationFiles;
  /** Lets go of the files that a location lost, now that a person said so. */
  readonly acceptLoss: (slot: LocationSlot) => Promise<void>;
  readonly onRemoved: (id: string) => void;
  /** Makes the demo library in a temporary folder, or finds the one from before. */
  readonly prepareDemo: () => readonly LocationDefinition[];
}
