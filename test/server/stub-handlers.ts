import type { ApiHandlers } from '../../src/contract/api.ts';
import type { HashProgress } from '../../src/contract/hashing.ts';
import type { Location } from '../../src/contract/locations.ts';
import { type CompareSummary, compareStates } from '../../src/contract/sync.ts';

export const someLocation: Location = {
  id: 'local',
  name: 'Local',
  path: '/models',
  layout: 'comfyui',
  allowDelete: false,
  drive: 'auto',
  driveKind: 'ssd',
  origin: 'user',
  state: { kind: 'online' },
  volume: null,
  index: { files: 1, bytes: 2, folders: 0, problems: 0, scannedAtMs: null, refreshing: false, hashedFiles: 0 },
};

const summary = Object.fromEntries(compareStates.map((state) => [state, { files: 0, bytes: 0 }])) as CompareSummary;

const idle: HashProgress = {
  state: 'idle',
  filesDone: 0,
  filesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0,
  bytesPerSecond: 0,
  etaSeconds: null,
  current: [],
};

/** An engine that answers every operation with the least the contract allows. */
export const stubHandlers: ApiHandlers = {
  listLocations: async () => ({ locations: [someLocation] }),
  addLocation: async ({ path, layout }) => ({ ...someLocation, path, layout }),
  editLocation: async ({ id, name }) => ({ ...someLocation, id, name: name ?? 'Local' }),
  removeLocation: async ({ id }) => ({ removed: id }),
  checkLocation: async ({ id }) => ({ ...someLocation, id }),
  acceptLocation: async ({ id }) => ({ ...someLocation, id }),
  setUpLocations: async () => ({ locations: [someLocation] }),
  openDemo: async () => ({ locations: [someLocation] }),
  refreshIndex: async () => ({ locations: [] }),
  cancelRefresh: async () => ({ cancelled: [] }),
  listEntries: async () => ({ entries: [], total: 0, cursor: null, elapsedMs: 0 }),
  readEntry: async ({ id }) => ({
    id,
    location: 'local',
    relPath: 'loras/a.safetensors',
    name: 'a.safetensors',
    extension: '.safetensors',
    category: 'loras',
    kind: 'file',
    size: 1,
    mtimeMs: 0,
    hash: 'unknown',
    path: '/models/loras/a.safetensors',
    mtimeNs: '0',
    fileId: '1',
    links: 1,
    isModel: true,
    blake3: null,
    sha256: null,
    quickHash: null,
    hashedAtMs: null,
    elsewhere: [],
  }),
  listProblems: async () => ({ problems: [], total: 0, cursor: null }),
  diff: async ({ a, b, offset }) => ({
    a,
    b,
    version: '1',
    summary,
    moved: 0,
    total: 0,
    totalBytes: 0,
    offset: offset ?? 0,
    rows: [],
    cursor: null,
    elapsedMs: 0,
  }),
  diffFolders: async ({ parent }) => ({
    version: '1',
    folder: { path: parent, name: parent, hasFolders: false, onA: true, onB: true, summary, moved: 0 },
    folders: [],
  }),
  hash: async () => ({ files: 0, bytes: 0, hashed: 0, cached: 0, verified: 0, failed: [], changed: [], elapsedMs: 0 }),
  hashStatus: async () => idle,
  hashControl: async () => idle,
  listSettings: async () => ({ settings: [], settingsFile: '/settings.json' }),
  changeSettings: async () => ({ settings: [], settingsFile: '/settings.json', restartNeeded: false }),
  doctor: async () => ({ machine: [], locations: [] }),
  openFolder: async () => ({ opened: '/models' }),
  listPlaces: async () => ({ places: [] }),
  listFolders: async ({ path }) => ({
    path,
    parent: null,
    crumbs: [],
    looks: null,
    modelsPath: null,
    folders: [],
    total: 0,
    nextOffset: null,
  }),
  readHeader: async () => ({ location: 'local', relPath: 'a.pt', header: null, problem: null }),
  compareHeaders: async () => {
    const side = { location: 'local', relPath: 'a.pt', header: null, problem: null };
    return { a: side, b: side, differences: [], differencesTotal: 0, isPartial: false };
  },
  discoverFolders: async () => ({
    candidates: [],
    proposal: { local: null, lake: null },
    silent: [],
    elapsedMs: 0,
  }),
};
