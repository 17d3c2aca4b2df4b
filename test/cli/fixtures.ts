import type { ApiHandlers } from '../../src/contract/api.ts';
import type { Location } from '../../src/contract/locations.ts';
import type { CompareRow, CompareSummary } from '../../src/contract/sync.ts';
import { type CompareState, compareStates } from '../../src/contract/sync-words.ts';
import { AppError } from '../../src/core/errors/app-error.ts';

export function location(id: string, changes: Partial<Location> = {}): Location {
  return {
    id,
    name: id,
    path: `/models/${id}`,
    layout: 'comfyui',
    allowDelete: false,
    undoDeletes: false,
    typeToDelete: false,
    drive: 'auto',
    driveKind: 'ssd',
    origin: 'environment',
    state: { kind: 'online' },
    volume: null,
    index: {
      files: 3,
      bytes: 3_000,
      folders: 1,
      problems: 0,
      scannedAtMs: 1_700_000_000_000,
      refreshing: false,
      hashedFiles: 1,
    },
    ...changes,
  };
}

const side = (relPath: string, size: number, blake3?: string) => ({
  id: `id:${relPath}`,
  relPath,
  kind: 'file' as const,
  size,
  mtimeMs: 1_700_000_000_123.5,
  hash: blake3 === undefined ? ('unknown' as const) : ('known' as const),
  ...(blake3 === undefined ? {} : { blake3 }),
});

const hash = (letter: string) => letter.repeat(64);

export const rows: readonly CompareRow[] = [
  {
    relPath: 'checkpoints/v1-5-pruned.ckpt',
    state: 'conflict',
    a: side('checkpoints/v1-5-pruned.ckpt', 4_265_380_512),
    b: side('checkpoints/v1-5-pruned.ckpt', 4_265_380_513),
  },
  {
    relPath: 'loras/Detail.safetensors',
    state: 'case-clash',
    a: side('loras/Detail.safetensors', 144_000_000),
    b: side('loras/detail.safetensors', 144_000_000),
  },
  {
    relPath: 'loras/flux/old-name.safetensors',
    state: 'only-a',
    a: side('loras/flux/old-name.safetensors', 20_000_000, hash('c')),
    b: null,
    movedTo: 'loras/flux/new-name.safetensors',
  },
  {
    relPath: 'loras/flux/new-name.safetensors',
    state: 'only-b',
    a: null,
    b: side('loras/flux/new-name.safetensors', 20_000_000, hash('c')),
    movedFrom: 'loras/flux/old-name.safetensors',
  },
  {
    relPath: 'unet/flux1-dev.safetensors',
    state: 'same-verified',
    a: side('unet/flux1-dev.safetensors', 23_802_932_552, hash('a')),
    b: side('unet/flux1-dev.safetensors', 23_802_932_552, hash('a')),
  },
  {
    relPath: 'vae/ae.safetensors',
    state: 'same-probable',
    a: side('vae/ae.safetensors', 335_304_388),
    b: side('vae/ae.safetensors', 335_304_388),
  },
  {
    relPath: 'vae/tiny.safetensors',
    state: 'unverified',
    a: side('vae/tiny.safetensors', 512),
    b: side('vae/tiny.safetensors', 512),
  },
];

export function summarise(from: readonly CompareRow[]): CompareSummary {
  const totals = (state: CompareState) => {
    const those = from.filter((row) => row.state === state);
    return { files: those.length, bytes: those.reduce((sum, row) => sum + ((row.a ?? row.b)?.size ?? 0), 0) };
  };
  return Object.fromEntries(compareStates.map((state) => [state, totals(state)])) as CompareSummary;
}

/** `diff` over a fixed list, with filters, limits and a cursor as the engine has them. */
export function diffOver(all: readonly CompareRow[], version: () => string = () => 'v1'): ApiHandlers['diff'] {
  return async ({ a, b, states, cursor, limit }) => {
    const matching = all.filter((row) => states === undefined || states.includes(row.state));
    const offset = Number(cursor ?? 0);
    const page = matching.slice(offset, offset + limit);
    const next = offset + page.length;
    return {
      a,
      b,
      version: version(),
      summary: summarise(all),
      moved: 1,
      total: matching.length,
      totalBytes: 0,
      offset,
      rows: [...page],
      cursor: next < matching.length && limit > 0 ? String(next) : null,
      elapsedMs: 1,
    };
  };
}

export const refreshed = (id: string, changes = {}) => ({
  id,
  outcome: 'done' as const,
  files: 3,
  bytes: 3_000,
  problems: 0,
  elapsedMs: 12.5,
  message: null,
  ...changes,
});

export const noProblems: ApiHandlers['listProblems'] = async () => ({ problems: [], total: 0, cursor: null });

/** Two readable locations, `local` and `lake`, that differ as `rows` say. */
export const twoLocations: Partial<ApiHandlers> = {
  listLocations: async () => ({ locations: [location('local'), location('lake')] }),
  refreshIndex: async ({ location: id }) => {
    if (id !== undefined && id !== 'local' && id !== 'lake') {
      throw new AppError('LOCATION_NOT_FOUND', `There is no location ${id}.`, {
        hint: 'See `weightroom location list`.',
      });
    }
    return { locations: id === undefined ? [refreshed('local'), refreshed('lake')] : [refreshed(id)] };
  },
  listProblems: noProblems,
  diff: diffOver(rows),
};
