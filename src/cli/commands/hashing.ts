import { resolve } from 'node:path';
import { z } from 'zod';
import { errorCodes, exitFinishedWithFailures } from '../../contract/errors.ts';
import type { HashRun, HashScope } from '../../contract/hashing.ts';
import { type Location, locationIdSchema } from '../../contract/locations.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { HashedFile } from '../cli-host.ts';
import { type Command, defineCommand, type Session } from '../command.ts';
import { placeOf } from '../location-of-path.ts';
import { formatBytes, formatDuration, plural } from '../output/format.ts';
import type { Look } from '../output/look.ts';
import { describeFileHashing, followEngine } from '../output/progress.ts';
import { printable } from '../output/width.ts';

type HashResult =
  | { readonly kind: 'files'; readonly files: readonly HashedFile[] }
  | { readonly kind: 'index'; readonly run: HashRun; readonly verify: boolean };

const hash = defineCommand({
  path: 'hash',
  summary: 'Hash files, or everything in the index whose content is not known yet.',
  notes: [
    'With paths: reads those files now and prints BLAKE3, SHA-256 and quick hash; the index is not asked.',
    'Without paths: hashes what the index does not know yet. With --verify: reads again what has a hash, and reports files whose bytes changed though size and time did not.',
  ],
  args: [{ term: '[path...]', summary: 'Files; with --verify also folders, inside a location.' }],
  options: [
    { flags: '--verify', summary: 'Compare the bytes with the hashes in the index (bit rot).' },
    { flags: '--location <id>', summary: 'Without paths: only this location.' },
    { flags: '--sha256', summary: 'Without paths: also compute SHA-256 in the same read.' },
  ],
  examples: [
    { line: 'weightroom hash flux1-dev.safetensors', meaning: 'The hashes of one file.' },
    { line: 'weightroom hash *.gguf --json', meaning: 'The hashes of several files for a script.' },
    { line: 'weightroom hash --verify --location lake', meaning: 'Look for bit rot on the lake.' },
  ],
  exits: {
    3: 'Finished, but some files could not be hashed, or --verify found changed bytes; they are listed.',
    4: 'The one file given does not exist, or no location has this id.',
    5: 'The one file given changed while it was read.',
    6: 'The one file given may not be read.',
    7: 'The drive cannot be reached or reported an error.',
  },
  input: () =>
    z
      .object({
        path: z.array(z.string().min(1)).default([]),
        verify: z.boolean().default(false),
        location: locationIdSchema.optional(),
        sha256: z.boolean().default(false),
      })
      .refine(({ path, location }) => path.length === 0 || location === undefined, {
        path: ['location'],
        message: 'give either paths or a location',
      }),
  async run({ path, verify, location, sha256 }, session): Promise<HashResult> {
    if (path.length > 0 && !verify) return { kind: 'files', files: await hashNow(path, session) };
    const { locations } = await (await session.engine()).api.listLocations({});
    const scopes = path.length > 0 ? scopesOfPaths(path, locations, session) : scopesOfLocations(location, locations);
    return { kind: 'index', run: await hashIndexed(scopes, { verify, sha256 }, session), verify };
  },
  json: (result) => ({ value: result.kind === 'files' ? result.files : result.run }),
  text: (result, look) => (result.kind === 'files' ? fileLines(result.files, look) : runLines(result, look)),
  exitStatus: (result) => (hasFailures(result) ? exitFinishedWithFailures : 0),
});

function hasFailures(result: HashResult): boolean {
  if (result.kind === 'files') return result.files.some((file) => 'error' in file);
  return result.run.failed.length + result.run.changed.length > 0;
}

async function hashNow(paths: readonly string[], session: Session): Promise<readonly HashedFile[]> {
  const absolute = paths.map((path) => resolve(session.host.cwd, path));
  const hashed = await session.host.hashFiles(absolute, {
    onProgress: (state) => session.progress.show(describeFileHashing(state)),
    signal: session.signal,
  });
  await session.progress.clear();
  const only = hashed.length === 1 ? hashed[0] : undefined;
  if (only !== undefined && 'error' in only) {
    throw new AppError(only.error.code, only.error.message, { hint: only.error.hint });
  }
  return hashed;
}

function scopesOfLocations(wanted: string | undefined, locations: readonly Location[]): HashScope[] {
  if (wanted !== undefined) return [{ kind: 'location', location: wanted, folder: '' }];
  return locations.map(({ id }) => ({ kind: 'location', location: id, folder: '' }));
}

function scopesOfPaths(paths: readonly string[], locations: readonly Location[], session: Session): HashScope[] {
  return paths.map((path) => {
    const absolute = resolve(session.host.cwd, path);
    const place = placeOf(absolute, locations);
    if (place !== undefined) return { kind: 'location', location: place.location, folder: place.relPath };
    throw new AppError('ENTRY_NOT_FOUND', `${absolute} lies in none of the locations, so no hash of it is kept.`, {
      hint: 'Leave out `--verify` to hash it as it is now.',
    });
  });
}

async function hashIndexed(
  scopes: readonly HashScope[],
  { verify, sha256 }: { verify: boolean; sha256: boolean },
  session: Session,
): Promise<HashRun> {
  const engine = await session.engine();
  const runs = await followEngine(engine, session.progress, () =>
    Promise.all(
      scopes.map((scope) => engine.api.hash({ scope, verify, sha256, wait: true }, { signal: session.signal })),
    ),
  );
  return runs.reduce(addRuns, nothingHashed);
}

const nothingHashed: HashRun = {
  files: 0,
  bytes: 0,
  hashed: 0,
  cached: 0,
  verified: 0,
  failed: [],
  changed: [],
  elapsedMs: 0,
};

function addRuns(sum: HashRun, run: HashRun): HashRun {
  return {
    files: sum.files + run.files,
    bytes: sum.bytes + run.bytes,
    hashed: sum.hashed + run.hashed,
    cached: sum.cached + run.cached,
    verified: sum.verified + run.verified,
    failed: [...sum.failed, ...run.failed],
    changed: [...sum.changed, ...run.changed],
    // They ran side by side.
    elapsedMs: Math.max(sum.elapsedMs, run.elapsedMs),
  };
}

function* fileLines(files: readonly HashedFile[], look: Look): Iterable<string> {
  for (const file of files) {
    yield look.bold(printable(file.path));
    if ('error' in file) {
      yield `  ${look.red(errorCodes[file.error.code][0])}  ${printable(file.error.message)}`;
      continue;
    }
    yield `  ${look.dim('size  ')}  ${formatBytes(file.size)}`;
    yield `  ${look.dim('blake3')}  ${file.blake3}`;
    yield `  ${look.dim('sha256')}  ${file.sha256}`;
    yield `  ${look.dim('quick ')}  ${file.quickHash}`;
  }
}

function* runLines({ run, verify }: { run: HashRun; verify: boolean }, look: Look): Iterable<string> {
  const totals = `${plural(run.files, 'file')}, ${formatBytes(run.bytes)}, in ${formatDuration(run.elapsedMs)}`;
  if (verify) yield `Verified ${plural(run.verified, 'file')} as unchanged, of ${totals}.`;
  else yield `Hashed ${plural(run.hashed, 'file')}, ${plural(run.cached, 'file')} known already, of ${totals}.`;
  for (const { location, relPath, message } of run.changed) {
    yield `${look.red('changed')} ${location}: ${printable(relPath)}  ${printable(message)}`;
  }
  for (const { location, relPath, message } of run.failed) {
    yield `${look.yellow('failed')}  ${location}: ${printable(relPath)}  ${printable(message)}`;
  }
}

export const hashCommands: readonly Command[] = [hash];
