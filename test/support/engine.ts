import { createDirectLocationFiles } from '../../src/core/catalog/direct-location-files.ts';
import { createLocationRegistry, type LocationRegistry } from '../../src/core/catalog/location-registry.ts';
import type { LocationSlot } from '../../src/core/catalog/location-slot.ts';
import { createEventLog, type EventLog } from '../../src/core/events/event-log.ts';
import type { LocationDefinition } from '../../src/core/locations/location-definition.ts';
import type { AbsolutePath } from '../../src/core/paths/absolute-path.ts';
import type { Pacer } from '../../src/core/ports/clock.ts';
import type { RawFileSystem } from '../../src/core/ports/raw-file-system.ts';
import { HashEngine } from '../../src/features/hashing/hash-engine.ts';
import { refreshSlot } from '../../src/features/indexing/refresher.ts';
import { createGlobMatcher } from '../../src/platform/filesystem/glob-matcher.ts';
import { loadHashers } from '../../src/platform/hash-workers/hashers.ts';
import { HangingCall } from '../../src/platform/memory/fault-injection.ts';
import { createMemoryCatalogStore, type MemoryCatalogStore } from './memory-catalog-store.ts';
import { createTestClock, steadyPacer } from './time.ts';

const hashers = await loadHashers();

export interface TestEngineOptions {
  readonly fs: RawFileSystem;
  readonly roots: Readonly<Record<string, string>>;
  readonly catalog?: MemoryCatalogStore;
  readonly pacer?: Pacer;
  readonly foldersPerBatch?: number;
}

export interface TestEngine {
  readonly registry: LocationRegistry;
  readonly catalog: MemoryCatalogStore;
  readonly events: EventLog;
  readonly hashing: HashEngine;
  readonly clock: ReturnType<typeof createTestClock>;
  readonly pacer: Pacer;
  slot(id: string): LocationSlot;
  refresh(
    id: string,
    options?: { readonly folder?: string; readonly acceptLoss?: boolean; readonly stop?: AbortController },
  ): ReturnType<typeof refreshSlot>;
}

/** Registry, refresher and hash engine as the program puts them together, over file systems of this process. */
export function createTestEngine({
  fs,
  roots,
  pacer = steadyPacer,
  foldersPerBatch = 2,
  ...options
}: TestEngineOptions): TestEngine {
  const clock = createTestClock();
  const catalog = options.catalog ?? createMemoryCatalogStore();
  const events = createEventLog(clock, 'test');
  const registry = createLocationRegistry({
    catalog,
    events,
    clock,
    machine: {
      platform: fs.platform,
      appDataDir: fs.platform === 'win32' ? 'C:\\app-data' : '/app-data',
      driveKindOf: () => 'ssd',
    },
    openFiles: ({ path: root }) =>
      createDirectLocationFiles({
        fs,
        root,
        hashers,
        matchGlobs: createGlobMatcher,
        pacer,
        foldersPerBatch,
        isHanging: (thrown) => thrown instanceof HangingCall,
      }),
  });
  for (const [id, path] of Object.entries(roots)) registry.open(define(id, path));
  return {
    registry,
    catalog,
    events,
    clock,
    pacer,
    hashing: new HashEngine({ registry, catalog, events, clock, workers: 2, createAbort: () => new AbortController() }),
    slot: (id) => registry.require(id),
    refresh: (id, { folder = '', acceptLoss = false, stop = new AbortController() } = {}) =>
      refreshSlot(
        registry.require(id),
        { folder, acceptLoss, stop },
        { registry, catalog, events, clock, pacer, ignoreGlobs: [] },
      ),
  };
}

export function define(id: string, path: string): LocationDefinition {
  return {
    id,
    name: id,
    path: path as AbsolutePath,
    layout: 'comfyui',
    drive: 'auto',
    allowDelete: false,
    undoDeletes: false,
    typeToDelete: false,
    origin: 'user',
  };
}
