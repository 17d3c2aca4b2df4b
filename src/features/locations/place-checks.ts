import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import { AppError, toAppError } from '../../core/errors/app-error.ts';
import type { LocationDefinition } from '../../core/locations/location-definition.ts';
import type { AbsolutePath } from '../../core/paths/absolute-path.ts';
import { type Overlap, overlap } from '../../core/paths/containment.ts';
import type { LocationFiles, RootFacts } from '../../core/ports/location-files.ts';
import type { LocationStore } from '../../core/ports/location-store.ts';
import type { Machine } from '../../core/ports/machine.ts';

export interface PlacePorts {
  readonly registry: LocationRegistry;
  readonly store: LocationStore;
  readonly machine: Machine;
  readonly openFiles: (definition: LocationDefinition) => LocationFiles;
}

/** Whether a folder may become a location, or take the place of the one that `except` names. */
export function createPlaceChecks({ registry, store, machine, openFiles }: PlacePorts) {
  /** Looks at a place that is not a location yet; what is wrong with it is the caller's error. */
  async function probe(definition: LocationDefinition): Promise<RootFacts> {
    const files = openFiles(definition);
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

  function refuseOverlap(path: AbsolutePath, facts: RootFacts, except: (id: string) => boolean): void {
    const mine = [path, facts.realPath as AbsolutePath];
    for (const other of registry.list()) {
      if (except(other.definition.id)) continue;
      const theirs = [other.definition.path, ...(other.facts ? [other.facts.realPath as AbsolutePath] : [])];
      for (const x of mine) {
        for (const y of theirs) refuse(overlap(x, y, machine.platform), path, other.definition);
      }
      const there = other.facts?.place;
      if (there && facts.place) refuse(overlap(facts.place, there, 'posix'), path, other.definition);
    }
    const appData = overlap(machine.appDataDir as AbsolutePath, path, machine.platform);
    if (appData === 'same' || appData === 'a-inside-b') {
      throw new AppError('LOCATION_NESTED', `“${path}” holds Weightroom’s own data (${machine.appDataDir}).`, {
        hint: 'Choose a folder that holds only models, or set APP_DATA_DIR to another place.',
      });
    }
  }

  /** A location of the settings hides a stored one of the same id; its path is taken all the same. */
  function refuseStoredPath(path: AbsolutePath, except: (id: string) => boolean): void {
    const known = store.list().find((definition) => definition.path === path && !except(definition.id));
    if (!known) return;
    throw new AppError('LOCATION_EXISTS', `“${path}” is already the location “${known.name}”.`, {
      hint: 'It is hidden by a location of the settings with the same id.',
    });
  }

  const nobody = (): boolean => false;
  return {
    probe,
    refuseTaken(path: AbsolutePath, facts: RootFacts, except: (id: string) => boolean = nobody): void {
      refuseOverlap(path, facts, except);
      refuseStoredPath(path, except);
    },
    refuseKnownId(id: string): void {
      if (!registry.find(id) && !store.list().some((known) => known.id === id)) return;
      throw new AppError('LOCATION_EXISTS', `There already is a location called “${id}”.`);
    },
  };
}

export type PlaceChecks = ReturnType<typeof createPlaceChecks>;

function refuse(relation: Overlap, path: string, other: LocationDefinition): void {
  if (relation === 'apart') return;
  if (relation === 'same') throw new AppError('LOCATION_EXISTS', `“${path}” is already the location “${other.name}”.`);
  const [inner, outer] =
    relation === 'a-inside-b' ? [path, `“${other.name}” (${other.path})`] : [other.path, `“${path}”`];
  throw new AppError('LOCATION_NESTED', `“${inner}” lies inside ${outer}; locations must not overlap.`, {
    hint: 'Choose a folder that is apart from the others, or remove the other location first.',
  });
}
