import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

export interface WebFile {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
  /** Its name contains a hash of its content, so that it never changes. */
  readonly isImmutable: boolean;
}

/**
 * The built page, held in memory under the addresses it is served at. A request is only ever looked up there, so no
 * address, however it is written, can name a file outside.
 */
export interface WebFiles {
  find(address: string): WebFile | undefined;
  /** Reads the folder again when the page has been built anew since; two `stat`s when not. */
  refresh(): Promise<void>;
  readonly isEmpty: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** @param root Folder of the built page; a missing one has no files. */
export async function openWebFiles(root: string): Promise<WebFiles> {
  let build = await buildOf(root);
  let files = await readAll(root);
  return {
    find: (address) => files.get(address),
    async refresh() {
      const current = await buildOf(root);
      if (current === build) return;
      files = await readAll(root);
      build = current;
    },
    get isEmpty() {
      return files.size === 0;
    },
  };
}

/** Differs from one build of the page to the next. */
async function buildOf(root: string): Promise<string> {
  const times = ['index.html', 'assets'].map(async (name) => {
    const found = await stat(join(root, name), { bigint: true }).catch(() => undefined);
    return String(found?.mtimeNs);
  });
  return (await Promise.all(times)).join(' ');
}

async function readAll(root: string): Promise<ReadonlyMap<string, WebFile>> {
  const files = new Map<string, WebFile>();
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  await Promise.all(
    entries.map(async (entry) => {
      const type = types[extname(entry.name).toLowerCase()];
      if (!entry.isFile() || type === undefined) return;
      const path = join(entry.parentPath, entry.name);
      const body = await readFile(path).catch(() => undefined); // A build may just be replacing it.
      if (body === undefined) return;
      const address = `/${relative(root, path).split(sep).join('/')}`;
      files.set(address, {
        body,
        type,
        etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
        isImmutable: /^\/assets\/.+-[\w-]{8,}\.\w+$/.test(address),
      });
    }),
  );
  return files;
}
