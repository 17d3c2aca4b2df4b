import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runFolder } from '../run-folder.mjs';
import { dropAppData, freshAppData, startServer } from '../weightroom.mjs';

/** A server whose lake is an empty folder, which it knows to be empty again after each `empty`. */
export async function withTarget(bench, root, work, folder = join(runFolder, 'target')) {
  const appData = freshAppData();
  mkdirSync(folder, { recursive: true });
  const server = await startServer({ appData, local: root, lake: folder });
  const target = {
    folder,
    async empty() {
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
      spawnSync('sync', ['-f', folder]);
      await server.refresh('lake');
      const [, lake] = (await server.get('/api/locations')).locations;
      if (lake.state.kind === 'attention') await server.post('/api/locations/lake/accept', {});
    },
  };
  try {
    await server.settled();
    bench.say(`  target: ${folder}`);
    return await work(target, server);
  } finally {
    await server.stop();
    dropAppData(appData);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bytes of blocks that the files in and below a folder take, unfinished ones too. */
export function allocatedBelow(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts) bytes += facts.isDirectory() ? allocatedBelow(path) : facts.blocks * 512;
  }
  return bytes;
}
