import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Candidate } from '../../src/contract/folders.ts';
import { inOrder, propose } from '../../src/features/folders/likely-folders.ts';
import { crumbsOf } from '../../src/features/folders/list-folders.ts';

function candidate(path: string, options: Partial<Candidate> = {}): Candidate {
  const usual = { foundAt: path, looks: 'comfyui', driveKind: 'ssd', modelFiles: 10, isPartial: false } as const;
  return { path, ...usual, location: null, ...options };
}

describe('the proposal of the first run', () => {
  it('is nothing where nothing was found', () => {
    assert.deepEqual(propose([]), { local: null, lake: null });
  });

  it('takes the install on the fast drive, and the share', () => {
    const found = [
      candidate('/mnt/nas/models', { looks: 'comfyui-models', driveKind: 'network', modelFiles: 900 }),
      candidate('/home/you/ComfyUI/models'),
    ];
    assert.deepEqual(propose(found), { local: '/home/you/ComfyUI/models', lake: '/mnt/nas/models' });
  });

  it('never takes one folder for both', () => {
    assert.deepEqual(propose([candidate('/nas', { driveKind: 'network' })]), { local: '/nas', lake: null });
  });

  it('does not propose a folder in which a model happens to lie', () => {
    assert.deepEqual(propose([candidate('/downloads', { looks: 'models' })]), { local: null, lake: null });
  });

  it('lists installs before folders that happen to hold models', () => {
    const order = inOrder([candidate('/b', { looks: 'models', modelFiles: 99 }), candidate('/a')]);
    assert.deepEqual(
      order.map(({ path }) => path),
      ['/a', '/b'],
    );
  });
});

describe('the way down to a folder', () => {
  const names = (path: string, platform: 'posix' | 'win32') => crumbsOf(path, platform).map((crumb) => crumb.path);

  it('starts at the drive, on both platforms and on shares', () => {
    assert.deepEqual(names('/', 'posix'), ['/']);
    assert.deepEqual(names('/mnt/nas', 'posix'), ['/', '/mnt', '/mnt/nas']);
    assert.deepEqual(names('D:\\AI\\models', 'win32'), ['D:\\', 'D:\\AI', 'D:\\AI\\models']);
    assert.deepEqual(names('\\\\nas\\share\\models', 'win32'), ['\\\\nas\\share\\', '\\\\nas\\share\\models']);
  });
});
