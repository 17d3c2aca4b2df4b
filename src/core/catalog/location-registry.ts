import type { LocationState } from '../../contract/locations.ts';
import { AppError, toAppError } from '../errors/app-error.ts';
import type { EventLog } from '../events/event-log.ts';
import type { LocationDefinition } from '../locations/location-definition.ts';
import type { CatalogStore, StoredLocation } from '../ports/catalog-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { LocationFiles, RootFacts } from '../ports/location-files.ts';
import type { Machine } from '../ports/machine.ts';
import { LocationIndex } from './location-index.ts';
import { describeSlot, type LocationSlot, nothingStored } from './location-slot.ts';
import { PackedFolder } from './packed-folder.ts';

export interface RegistryPorts {
  readonly catalog: CatalogStore;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly machine: Machine;
  readonly openFiles: (definition: LocationDefinition) => LocationFiles;
}

/** The locations of this run. Knows their state; does not read their files. */
export interface LocationRegistry {
  list(): readonly LocationSlot[];
  find(id: string): LocationSlot | undefined;
  /** @throws AppError LOCATION_NOT_FOUND */
  require(id: string): LocationSlot;
  open(definition: LocationDefinition): LocationSlot;
  close(id: string): void;
  /** Looks at the root again and publishes what changed. Never rejects: the answer is the slot's state. */
  look(slot: LocationSlot): Promise<void>;
  setState(slot: LocationSlot, state: LocationState): void;
  /** Publishes the slot as it is now. */
  announce(slot: LocationSlot): void;
  closeAll(): void;
}

export function createLocationRegistry(ports: RegistryPorts): LocationRegistry {
  const { catalog, events, clock, machine } = ports;
  const slots = new Map<string, LocationSlot>();

  function open(definition: LocationDefinition): LocationSlot {
    const index = new LocationIndex(definition.id);
    let isLoading = true;
    const slot: LocationSlot = {
      definition,
      index,
      files: ports.openFiles(definition),
      driveKind: machine.driveKindOf(definition.path),
      state: { kind: 'checking' },
      facts: null,
      stored: nothingStored,
      awaited: null,
      counted: count(),
      loaded: load(),
      refreshing: false,
    };
    async function count(): Promise<void> {
      const counted = await catalog.count(definition.id, definition.path);
      if (counted === null || !isLoading) return;
      slot.stored = counted.stored;
      slot.awaited = counted.totals;
    }
    async function load(): Promise<void> {
      let stored: StoredLocation | null = null;
      try {
        stored = await catalog.load(definition.id, definition.path, (folders) => {
          for (const { relPath, files, hashes } of folders)
            index.set({ relPath, files: new PackedFolder(files), hashes });
        });
      } finally {
        isLoading = false;
        slot.awaited = null;
        slot.stored = stored ?? nothingStored;
      }
    }
    // Whoever needs the index awaits it and gets the reason; a rejection nobody waits for must not end the program.
    slot.counted.catch(() => {});
    slot.loaded.catch(() => {});
    slots.set(definition.id, slot);
    return slot;
  }

  function announce(slot: LocationSlot): void {
    if (slots.get(slot.definition.id) === slot) events.publish('location.changed', describeSlot(slot));
  }

  function setState(slot: LocationSlot, state: LocationState): void {
    const same = JSON.stringify({ ...slot.state, sinceMs: 0 }) === JSON.stringify({ ...state, sinceMs: 0 });
    if (!same) slot.state = state;
    announce(slot);
  }

  async function look(slot: LocationSlot): Promise<void> {
    try {
      const facts = await slot.files.probe();
      await slot.loaded.catch(() => {});
      slot.facts = facts;
      setState(slot, stateFrom(slot, facts));
    } catch (thrown) {
      setState(slot, offline(slot, thrown));
    }
  }

  function stateFrom(slot: LocationSlot, facts: RootFacts): LocationState {
    const indexedFiles = slot.index.totals().files;
    if (facts.isEmpty && indexedFiles > 0) {
      if (slot.stored.wasMountPoint && !facts.isMountPoint) {
        const message = `“${slot.definition.path}” is an empty folder where a drive was mounted before; the drive is not there now.`;
        return { kind: 'offline', reason: 'unmounted', message, sinceMs: clock.nowMs() };
      }
      return attention(slot, 'empty', indexedFiles);
    }
    if (slot.stored.missingFiles > 0) return attention(slot, 'shrunken', slot.stored.missingFiles);
    return { kind: 'online' };
  }

  function offline(slot: LocationSlot, thrown: unknown): LocationState {
    const error = toAppError(thrown);
    const reason =
      error.code === 'FILE_NOT_FOUND'
        ? 'missing'
        : error.code === 'ACCESS_DENIED'
          ? 'no-permission'
          : error.code === 'LOCATION_OFFLINE' && error.message.includes('not a folder')
            ? 'not-a-folder'
            : error.code === 'LOCATION_OFFLINE'
              ? 'not-answering'
              : 'error';
    const message = reason === 'missing' ? `The folder “${slot.definition.path}” does not exist.` : error.message;
    return { kind: 'offline', reason, message, sinceMs: clock.nowMs() };
  }

  function require(id: string): LocationSlot {
    const slot = slots.get(id);
    if (slot) return slot;
    throw new AppError('LOCATION_NOT_FOUND', `There is no location called “${id}”.`, {
      hint: whatToDo(id, [...slots.keys()]),
    });
  }

  return {
    list: () => [...slots.values()],
    find: (id) => slots.get(id),
    require,
    open,
    close(id) {
      slots.get(id)?.files.close();
      slots.delete(id);
    },
    look,
    setState,
    announce,
    closeAll() {
      for (const slot of slots.values()) slot.files.close();
    },
  };
}

/** The two that settings name are found by people who have not set them yet. */
function whatToDo(id: string, known: readonly string[]): string {
  const setting = id === 'local' ? 'LOCAL_MODELS_ROOT' : id === 'lake' ? 'LAKE_MODELS_ROOT' : null;
  const names = known.length === 0 ? '' : `Known locations: ${known.join(', ')}.`;
  if (setting !== null) return `Set ${setting} to its folder.${names === '' ? '' : ` ${names}`}`;
  return names === '' ? 'Add one with `weightroom location add PATH`, or set LOCAL_MODELS_ROOT.' : names;
}

export function attention(slot: LocationSlot, reason: 'empty' | 'shrunken', missingFiles: number): LocationState {
  const indexedFiles = slot.index.totals().files;
  const message =
    reason === 'empty'
      ? `“${slot.definition.path}” is empty now; ${indexedFiles} files were there before. Is the drive mounted?`
      : `${missingFiles} of ${indexedFiles} files are gone from “${slot.definition.path}” at once. Are they really deleted?`;
  return { kind: 'attention', reason, message, indexedFiles, missingFiles };
}
