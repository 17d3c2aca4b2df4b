import type { LocationDefinition } from '../../src/core/locations/location-definition.ts';
import type { LocationStore } from '../../src/core/ports/location-store.ts';

/** `LocationStore` in memory, in the order in which locations were added. */
export function createMemoryLocationStore(): LocationStore {
  const definitions = new Map<string, LocationDefinition>();
  return {
    list: () => [...definitions.values()],
    save(definition) {
      for (const { id, path } of definitions.values()) {
        if (path === definition.path && id !== definition.id) throw new Error(`“${path}” is stored already`);
      }
      definitions.set(definition.id, { ...definition, origin: 'user' });
    },
    remove: (id) => void definitions.delete(id),
  };
}
