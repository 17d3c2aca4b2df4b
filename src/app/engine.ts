import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type Api, type ApiHandlers, apiEndpoints } from '../contract/api.ts';
import type { Endpoint } from '../contract/endpoint.ts';
import { createLocationRegistry, type LocationRegistry } from '../core/catalog/location-registry.ts';
import type { LocationSlot } from '../core/catalog/location-slot.ts';
import { AppError } from '../core/errors/app-error.ts';
import { createEventLog, type EventLog } from '../core/events/event-log.ts';
import type { LocationDefinition } from '../core/locations/location-definition.ts';
import { toAbsolute } from '../core/paths/absolute-path.ts';
import { existingRelPath, typedRelPath } from '../core/paths/rel-path.ts';
import type { LocationFiles } from '../core/ports/location-files.ts';
import type { Machine } from '../core/ports/machine.ts';
import { createDedupeFeature } from '../features/dedupe/dedupe-feature.ts';
import { createDoctorFeature } from '../features/doctor/doctor-feature.ts';
import { createFoldersFeature } from '../features/folders/folders-feature.ts';
import { HashEngine } from '../features/hashing/hash-engine.ts';
import { hashFiles } from '../features/hashing/hash-files.ts';
import { createHashingFeature } from '../features/hashing/hashing-feature.ts';
import { createHeadersFeature } from '../features/headers/headers-feature.ts';
import { createIndexingFeature } from '../features/indexing/indexing-feature.ts';
import { createRefreshRuns } from '../features/indexing/refresh-runs.ts';
import { createLocationsFeature } from '../features/locations/locations-feature.ts';
import { createMirrorFeature } from '../features/mirror/mirror-feature.ts';
import { createExecuteDedupe } from '../features/queue/execute-dedupe.ts';
import { IndexKeeper } from '../features/queue/index-keeper.ts';
import { createPlans } from '../features/queue/plans.ts';
import { QueueEngine } from '../features/queue/queue-engine.ts';
import { createQueueFeature } from '../features/queue/queue-feature.ts';
import type { QueuedTask } from '../features/queue/queued-task.ts';
import { createSettingsFeature } from '../features/settings/settings-feature.ts';
import { createCompareViews } from '../features/sync/compare-views.ts';
import { createSyncFeature } from '../features/sync/sync-feature.ts';
import { createPacer, startTimer, systemClock } from '../platform/clock.ts';
import { driveKindOf } from '../platform/filesystem/drive-kind.ts';
import { examineMachine } from '../platform/filesystem/examine-machine.ts';
import { createGlobMatcher } from '../platform/filesystem/glob-matcher.ts';
import { createPlaces } from '../platform/filesystem/places.ts';
import { loadHashers } from '../platform/hash-workers/hashers.ts';
import { createDesktop } from '../platform/processes/desktop.ts';
import { createHostedFolderLooks } from '../platform/processes/hosted-folder-looks.ts';
import { createHostedLocationFiles } from '../platform/processes/hosted-location-files.ts';
import { createHostedTransferFiles } from '../platform/processes/hosted-transfer-files.ts';
import { openLocationDatabase } from '../platform/sqlite/location-database.ts';
import { createThreadedCatalogStore } from '../platform/sqlite/threaded-catalog-store.ts';
import { createThreadedJournal } from '../platform/sqlite/threaded-journal.ts';
import { prepareDemo } from './demo-library.ts';
import { entryPath } from './entry-path.ts';
import { createLazyJournal } from './lazy-journal.ts';
import { changeSettings, type LoadedSettings, listSettings } from './load-settings.ts';
import { watchOffline } from './reactions.ts';

export interface RunningEngine {
  readonly handlers: ApiHandlers;
  readonly events: EventLog;
  readonly registry: LocationRegistry;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Called with a sentence that a person should know although nothing failed. */
  readonly onNotice: (sentence: string) => void;
  readonly settings: LoadedSettings;
  /** The processes that read the drives start at once, beside the catalog. */
  readonly willRead?: boolean;
  /** Tasks that are carried out: `own` those this caller makes, `all` whatever waits; none when left out. */
  readonly runsQueue?: 'own' | 'all';
  /** Locations of the settings. */
  readonly configured: readonly LocationDefinition[];
  /** Shown when the person has no location at all, or always; null: never. */
  readonly demo?: { readonly always: boolean; readonly prepare: () => readonly LocationDefinition[] } | null;
}

/** Puts the whole engine together. The caller holds the instance lock. */
export async function startEngine({
  settings,
  configured,
  demo = null,
  onNotice,
  willRead = false,
  runsQueue,
}: EngineOptions): Promise<RunningEngine> {
  const { appDataDir, values } = settings;
  const clock = systemClock;
  const pacer = createPacer();
  const instance = randomBytes(6).toString('hex');
  const events = createEventLog(clock, instance);
  const machine: Machine = { platform: process.platform === 'win32' ? 'win32' : 'posix', appDataDir, driveKindOf };
  const createAbort = (): AbortController => new AbortController();
  const openFiles = (definition: LocationDefinition): LocationFiles =>
    createHostedLocationFiles({ entry: entryPath('location-host'), root: definition.path });

  const onSetAside = (aside: string): void =>
    onNotice(`The catalog could not be used and is kept as ${aside}; locations are read anew.`);
  const catalog = createThreadedCatalogStore({
    entry: entryPath('catalog-thread'),
    file: path.join(appDataDir, 'catalog.db'),
    nowMs: clock.nowMs(),
    onSetAside,
  });
  const store = openLocationDatabase(path.join(appDataDir, 'weightroom.db'));
  const registry = createLocationRegistry({ catalog, events, clock, machine, openFiles });
  for (const definition of locationsToOpen(configured, store.list(), demo)) registry.open(definition);
  if (willRead) for (const slot of registry.list()) void registry.look(slot);
  const setAside = await catalog.opened.catch((thrown: unknown) => {
    registry.closeAll();
    store.close();
    throw thrown;
  });
  if (setAside !== null) onSetAside(setAside);

  const views = createCompareViews(pacer);
  const runs = createRefreshRuns({
    registry,
    catalog,
    events,
    clock,
    pacer,
    ignoreGlobs: values.ignoreGlobs,
    createAbort,
    // A journal that cannot be read explains nothing: then a person is asked.
    replayRemovals: (slot, missing) => queue.replayRemovals(slot, missing).catch(() => {}),
  });
  const hashing = new HashEngine({ registry, catalog, events, clock, workers: values.hashWorkers, createAbort });
  const isPending = hashing.isPending.bind(hashing);
  const looks = createHostedFolderLooks({ entry: entryPath('folder-looker') });
  const absolutePath = (slot: LocationSlot, relPath: string): string =>
    toAbsolute(slot.definition.path, existingRelPath(relPath, machine.platform), machine.platform);

  const checkedRelPath = (relPath: string): string =>
    existingRelPath(typedRelPath(relPath, machine.platform), machine.platform);
  const journal = createLazyJournal(() =>
    createThreadedJournal({ entry: entryPath('journal-thread'), file: path.join(appDataDir, 'journal.db') }),
  );
  const readAgain = async (slot: LocationSlot, folder: string): Promise<void> => void (await runs.start(slot, folder));
  const queuePorts = {
    journal,
    files: createHostedTransferFiles({ entry: entryPath('transfer-host') }),
    registry,
    events,
    clock,
    startTimer,
    keeper: new IndexKeeper({ registry, catalog, events, clock, startTimer, readAgain }),
    contents: views.contents,
    createAbort,
    random: Math.random,
    concurrency: values.queueConcurrency,
    retryCount: values.queueRetryCount,
    runs: runsQueue ?? ('none' as const),
  };
  const queue = new QueueEngine(queuePorts);
  const plans = createPlans({ engine: queue, journal, registry, clock, pacer, newId });
  const planning = {
    registry,
    clock,
    pacer,
    checkedRelPath,
    platform: machine.platform,
    view: views.view,
    moves: views.moves,
    contents: views.contents,
  };

  const handlers: ApiHandlers = {
    ...createLocationsFeature({
      registry,
      store,
      catalog,
      events,
      machine,
      openFiles,
      acceptLoss: (slot) => runs.acceptLoss(slot),
      onRemoved: (id) => views.forget(id),
      prepareDemo: () => prepareDemo(clock.nowMs()),
    }),
    ...createIndexingFeature({
      registry,
      runs,
      catalog,
      clock,
      pacer,
      modelExtensions: values.modelExtensions,
      isPending,
      contents: (slot) => views.contents(slot),
      checkedRelPath,
      absolutePath,
      isIgnored: createGlobMatcher(values.ignoreGlobs),
    }),
    ...createSyncFeature({ registry, views, clock, pacer, isPending, instance }),
    ...createHashingFeature({
      engine: hashing,
      registry,
      catalog,
      clock,
      pacer,
      compareView: (a, b) => views.view(a, b),
    }),
    ...createQueueFeature({ ...planning, engine: queue, enginePorts: queuePorts, journal, plans }),
    ...createMirrorFeature({
      ...planning,
      addPlan: async (draft) => storedPlan(await plans.add(draft)),
      async readPlan(id) {
        await queue.loaded();
        return storedPlan(queue.require(id));
      },
      async executePlan(id, confirm) {
        const task = queue.require(id);
        await plans.execute(task, confirm);
        return task.describe();
      },
    }),
    ...createDedupeFeature({
      registry,
      catalog,
      events,
      clock,
      pacer,
      workers: values.hashWorkers,
      createAbort,
      newId,
      checkedRelPath,
      refresh: (slot, folder) => runs.start(slot, folder),
      hashFiles: (files, options) => hashFiles(hashing, files, options),
      execute: createExecuteDedupe({ plans, registry, catalog, clock }),
    }),
    ...createSettingsFeature({
      settingsFile: () => settings.settingsFile,
      read: listSettings,
      write: changeSettings,
      running: settings.settings,
    }),
    ...createDoctorFeature({ registry, examineMachine: async () => examineMachine(appDataDir, await loadHashers()) }),
    ...createHeadersFeature({ registry, machine }),
    ...createFoldersFeature({
      registry,
      looks,
      desktop: createDesktop(),
      places: createPlaces(),
      machine,
      clock,
      absolutePath,
    }),
  };
  const storedPlan = (task: QueuedTask) => ({ plan: plans.describe(task), mirror: task.details.mirror });
  const stopWatching = watchOffline({ registry });
  // What a killed program left half-done goes on at once.
  if (runsQueue !== undefined) await queue.loaded();

  return {
    handlers,
    events,
    registry,
    async close() {
      stopWatching();
      await queue.close();
      runs.cancelAll();
      hashing.cancel();
      registry.closeAll();
      looks.close();
      await journal.close();
      await catalog.close();
      store.close();
    },
  };
}

/** Eight characters of a-z0-9: 40 bits, and the name of a task's unfinished files. */
function newId(): string {
  return Array.from(randomBytes(8), (byte) => (byte % 36).toString(36)).join('');
}

/** A configured location wins over one that was added under the same id. */
function locationsToOpen(
  configured: readonly LocationDefinition[],
  added: readonly LocationDefinition[],
  demo: EngineOptions['demo'],
): readonly LocationDefinition[] {
  if (demo?.always || (demo && configured.length + added.length === 0)) return demo.prepare();
  return [...configured, ...added.filter((definition) => !configured.some(({ id }) => id === definition.id))];
}

/** The engine as callers see it: input is checked and completed by the contract, as the server does it. */
export function toApi<H extends Partial<ApiHandlers>>(handlers: H): Pick<Api, keyof H & keyof Api> {
  const entries = Object.entries(apiEndpoints).map(([name, endpoint]: [string, Endpoint]) => {
    const handler = handlers[name as keyof ApiHandlers] as
      | ((input: unknown, options?: unknown) => Promise<unknown>)
      | undefined;
    if (!handler) return [name, undefined];
    return [
      name,
      async (input: unknown, options?: unknown) => {
        const parsed = endpoint.input.safeParse(input);
        if (parsed.success) return handler(parsed.data, options);
        const issue = parsed.error.issues[0];
        throw new AppError(
          'INVALID_INPUT',
          `${issue?.path.join('.') || 'The input'}: ${issue?.message ?? 'not understood'}.`,
        );
      },
    ];
  });
  return Object.fromEntries(entries) as Api;
}
