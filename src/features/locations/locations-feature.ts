import type { Handlers } from '../../contract/endpoint.ts';
import type { locationEndpoints } from '../../contract/locations.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import { describeSlot, type LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { LocationDefinition } from '../../core/locations/location-definition.ts';
import { type AbsolutePath, normaliseRoot } from '../../core/paths/absolute-path.ts';
import { createFirstRun } from './first-run.ts';
import type { LocationsPorts } from './locations-ports.ts';
import { createPlaceChecks } from './place-checks.ts';

export function createLocationsFeature(ports: LocationsPorts): Handlers<typeof locationEndpoints> {
  const { registry, store, machine } = ports;
  const checks = createPlaceChecks(ports);

  function changeable(id: string): LocationSlot {
    const slot = registry.require(id);
    const { origin } = slot.definition;
    if (origin === 'user') return slot;
    const where = {
      environment: 'the environment',
      'env-file': 'the .env file',
      'settings-file': 'the settings file',
      demo: 'the demo',
    }[origin];
    throw new AppError('LOCATION_MANAGED', `“${id}” is defined in ${where}, so it is changed there.`);
  }

  async function forget(id: string): Promise<void> {
    registry.close(id);
    ports.onRemoved(id);
    await ports.catalog.forget(id);
    ports.events.publish('location.removed', { id });
  }

  /** Another folder under the same name: nothing that is known of the old one holds for it. */
  async function moveTo(id: string, path: AbsolutePath): Promise<LocationSlot> {
    const before = changeable(id);
    if (before.definition.path === path) return before;
    const definition = { ...before.definition, path };
    const facts = await checks.probe(definition);
    checks.refuseTaken(path, facts, (other) => other === id);
    changeable(id);
    store.save(definition);
    registry.close(id);
    ports.onRemoved(id);
    await ports.catalog.forget(id);
    const slot = registry.open(definition);
    await slot.loaded;
    await registry.look(slot);
    return slot;
  }

  return {
    ...createFirstRun(ports, checks, forget),
    async listLocations() {
      // A catalog that cannot be read shows as an empty index here and as an error where its rows are needed.
      await Promise.allSettled(registry.list().map(({ counted }) => counted));
      return { locations: registry.list().map(describeSlot) };
    },
    async addLocation(input) {
      const path = normaliseRoot(input.path, machine.platform);
      const name = input.name ?? lastName(path);
      const definition: LocationDefinition = {
        id: input.id ?? freeId(name, registry),
        name,
        path,
        layout: input.layout,
        drive: input.drive,
        allowDelete: input.allowDelete,
        undoDeletes: input.undoDeletes,
        typeToDelete: input.typeToDelete,
        origin: 'user',
      };
      checks.refuseKnownId(definition.id);
      const facts = await checks.probe(definition);
      // Another call may have added one while this one was looking.
      checks.refuseKnownId(definition.id);
      checks.refuseTaken(path, facts);
      store.save(definition);
      const slot = registry.open(definition);
      await slot.loaded;
      await registry.look(slot);
      return describeSlot(slot);
    },
    async editLocation({ id, path, name, layout, drive, allowDelete, undoDeletes, typeToDelete }) {
      const slot = path === undefined ? changeable(id) : await moveTo(id, normaliseRoot(path, machine.platform));
      const definition: LocationDefinition = {
        ...slot.definition,
        ...(name === undefined ? {} : { name }),
        ...(layout === undefined ? {} : { layout }),
        ...(drive === undefined ? {} : { drive }),
        ...(allowDelete === undefined ? {} : { allowDelete }),
        ...(undoDeletes === undefined ? {} : { undoDeletes }),
        ...(typeToDelete === undefined ? {} : { typeToDelete }),
      };
      store.save(definition);
      slot.definition = definition;
      registry.announce(slot);
      return describeSlot(slot);
    },
    async removeLocation({ id }) {
      if (registry.require(id).definition.origin !== 'demo') {
        changeable(id);
        store.remove(id);
      }
      await forget(id);
      return { removed: id };
    },
    async checkLocation({ id }) {
      const slot = registry.require(id);
      await registry.look(slot);
      return describeSlot(slot);
    },
    async acceptLocation({ id }) {
      const slot = registry.require(id);
      await registry.look(slot);
      if (slot.state.kind === 'attention') await ports.acceptLoss(slot);
      return describeSlot(slot);
    },
  };
}

function lastName(path: string): string {
  return (
    path
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .at(-1) ?? path
  );
}

function freeId(name: string, registry: LocationRegistry): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 30) || 'location';
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!registry.find(id)) return id;
  }
}
