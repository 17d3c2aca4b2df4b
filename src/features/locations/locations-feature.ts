import type { Handlers } from '../../contract/endpoint.ts';
import type { locationEndpoints } from '../../contract/locations.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import { describeSlot, type LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError, toAppError } from '../../core/errors/app-error.ts';
import type { EventLog } from '../../core/events/event-log.ts';
import type { LocationDefinition } from '../../core/locations/location-definition.ts';
import { type AbsolutePath, normaliseRoot } from '../../core/paths/absolute-path.ts';
import { overlap } from '../../core/paths/containment.ts';
import type { CatalogStore } from '../../core/ports/catalog-store.ts';
import type { LocationFiles, RootFacts } from '../../core/ports/location-files.ts';
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
}

export function createLocationsFeature(ports: LocationsPorts): Handlers<typeof locationEndpoints> {
  const { registry, store, machine } = ports;

  /** Looks at a place that is not a location yet; what is wrong with it is the caller's error. */
  async function probe(definition: LocationDefinition): Promise<RootFacts> {
    const files = ports.openFiles(definition);
    try {
      return await files.probe();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'FILE_NOT_FOUND') throw error;
      throw new AppError('FILE_NOT_FOUND', `The folder “${definition.path}” does not exist.`, {
        hint: 'Check the spelling, and that the drive is connected.',
      });
    } finally {
      files.close();
    }
  }

  function refuseOverlap(path: AbsolutePath, facts: RootFacts): void {
    const mine = [path, facts.realPath as AbsolutePath];
    for (const other of registry.list()) {
      const theirs = [other.definition.path, ...(other.facts ? [other.facts.realPath as AbsolutePath] : [])];
      for (const x of mine) {
        for (const y of theirs) refuse(overlap(x, y, machine.platform), path, other.definition);
      }
    }
    const appData = overlap(machine.appDataDir as AbsolutePath, path, machine.platform);
    if (appData === 'same' || appData === 'a-inside-b') {
      throw new AppError('LOCATION_NESTED', `“${path}” holds Weightroom’s own data (${machine.appDataDir}).`, {
        hint: 'Choose a folder that holds only models, or set APP_DATA_DIR to another place.',
      });
    }
  }

  function refuseKnownId(id: string): void {
    if (!registry.find(id) && !store.list().some((known) => known.id === id)) return;
    throw new AppError('LOCATION_EXISTS', `There already is a location called “${id}”.`);
  }

  /** A location of the settings hides a stored one of the same id; its path is taken all the same. */
  function refuseStoredPath(path: AbsolutePath): void {
    const known = store.list().find((definition) => definition.path === path);
    if (!known) return;
    throw new AppError('LOCATION_EXISTS', `“${path}” is already the location “${known.name}”.`, {
      hint: 'It is hidden by a location of the settings with the same id.',
    });
  }

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

  return {
    async listLocations() {
      // A catalog that cannot be read shows as an empty index here and as an error where its rows are needed.
      await Promise.allSettled(registry.list().map(({ loaded }) => loaded));
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
        origin: 'user',
      };
      refuseKnownId(definition.id);
      const facts = await probe(definition);
      // Another call may have added one while this one was looking.
      refuseKnownId(definition.id);
      refuseOverlap(path, facts);
      refuseStoredPath(path);
      store.save(definition);
      const slot = registry.open(definition);
      await slot.loaded;
      await registry.look(slot);
      return describeSlot(slot);
    },
    async editLocation({ id, name, layout, drive, allowDelete }) {
      const slot = changeable(id);
      const definition: LocationDefinition = {
        ...slot.definition,
        ...(name === undefined ? {} : { name }),
        ...(layout === undefined ? {} : { layout }),
        ...(drive === undefined ? {} : { drive }),
        ...(allowDelete === undefined ? {} : { allowDelete }),
      };
      store.save(definition);
      slot.definition = definition;
      registry.announce(slot);
      return describeSlot(slot);
    },
    async removeLocation({ id }) {
      changeable(id);
      store.remove(id);
      registry.close(id);
      ports.onRemoved(id);
      await ports.catalog.forget(id);
      ports.events.publish('location.removed', { id });
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

function refuse(
  relation: 'same' | 'a-inside-b' | 'b-inside-a' | 'apart',
  path: string,
  other: LocationDefinition,
): void {
  if (relation === 'apart') return;
  if (relation === 'same') throw new AppError('LOCATION_EXISTS', `“${path}” is already the location “${other.name}”.`);
  const [inner, outer] =
    relation === 'a-inside-b' ? [path, `“${other.name}” (${other.path})`] : [other.path, `“${path}”`];
  throw new AppError('LOCATION_NESTED', `“${inner}” lies inside ${outer}; locations must not overlap.`, {
    hint: 'Choose a folder that is apart from the others, or remove the other location first.',
  });
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
