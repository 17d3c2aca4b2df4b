import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { makePlace } from '../program/program.ts';
import { serve } from '../program/server.ts';
import { writeFile } from '../program/trees.ts';
import { frozen, mountFaulty, skipWithoutFuse } from './fault-mount.ts';

async function refused(code: string, call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (thrown: Error & { code?: string }) => {
    assert.equal(thrown.code, code, thrown.message);
    return true;
  });
}

describe('choosing and showing folders while a drive does not answer', { skip: skipWithoutFuse }, () => {
  test('the drive gets a sentence; folders around it, other drives and the first run go on', async (t) => {
    const place = makePlace(t);
    const drive = await mountFaulty(t, place.folder, 'drive');
    const lake = path.join(drive.mountPoint, 'lake');
    writeFile(path.join(drive.backing, 'lake'), { relPath: 'loras/a.safetensors', seed: 1, size: 100 });
    fs.mkdirSync(path.join(drive.backing, 'lake', 'checkpoints'));
    const models = path.join(place.folder, 'ComfyUI', 'models');
    for (const name of ['checkpoints', 'loras']) fs.mkdirSync(path.join(models, name), { recursive: true });
    fs.writeFileSync(path.join(place.folder, 'ComfyUI', 'main.py'), '');
    const { api } = await serve(t, { ...place, env: { ...place.env, LAKE_MODELS_ROOT: lake } });
    await api.refreshIndex({ wait: true });
    const { entries } = await api.listEntries({ location: 'lake' });
    assert.equal((await api.listFolders({ path: lake })).looks, 'comfyui-models');

    drive.faults(frozen);
    const [around] = await Promise.all([
      api.listFolders({ path: place.folder }),
      refused('LOCATION_OFFLINE', api.listFolders({ path: lake })),
      refused('LOCATION_OFFLINE', api.openFolder({ location: 'lake', relPath: 'loras/a.safetensors' })),
      refused('LOCATION_OFFLINE', api.readHeader({ id: entries[0]?.id ?? '' })),
    ]);
    const named = around.folders.map(({ name, readable }) => [name, readable]);
    assert.deepEqual(
      named.filter(([name]) => name === 'drive' || name === 'ComfyUI'),
      [
        ['ComfyUI', true],
        ['drive', null],
      ],
      'the dead drive is named without being touched',
    );
    const { candidates, silent } = await api.discoverFolders({});
    assert.ok(candidates.some(({ path: found }) => found === models));
    assert.ok(silent.includes(drive.mountPoint), `silent: ${silent.join(', ')}`);
  });
});
