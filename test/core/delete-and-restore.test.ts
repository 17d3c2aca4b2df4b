import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TidyOrder, TransferOrder } from '../../src/core/ports/transfer-files.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import type { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import {
  again,
  contentsOf,
  copyOf,
  createLab,
  deleteOf,
  endOf,
  factsOf,
  foldersOf,
  inLocal,
  lakeRoot,
  localRoot,
  restoreOf,
  run,
  stagedPath,
  stageIn,
} from '../support/transfer-lab.ts';

const at = 'loras/style.safetensors';
const path = `${localRoot}/${at}`;

function labWithFile(options: Parameters<typeof createLab>[0] = {}) {
  const lab = createLab(options);
  lab.memory.file(path, { size: 2_000 });
  lab.memory.file(`${localRoot}/loras/kept.bin`, { size: 10 });
  return lab;
}

const paths = (memory: MemoryFileSystem): string[] => [...contentsOf(memory, localRoot).keys()].sort();
const kept = 'loras/kept.bin';

describe('a delete', () => {
  test('removes the file, for good', () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const { memory } = labWithFile();
      const { reports } = run(memory, [deleteOf(memory, at)]);
      assert.deepEqual(
        reports.map((report) => report.type === 'done' && [report.way, report.after, report.isDurable]),
        [['none', null, true]],
      );
      memory.powerCut(seed);
      assert.deepEqual(paths(memory), [kept]);
    }
  });

  const changes: readonly (readonly [string, (memory: MemoryFileSystem) => void])[] = [
    ['has another size', (memory) => memory.file(path, { size: 3 })],
    ['has another time', (memory) => memory.setTime(path, 5n)],
    [
      'is another file',
      (memory) => {
        memory.remove(path);
        memory.file(path, { size: 2_000 });
      },
    ],
    [
      'is a folder',
      (memory) => {
        memory.remove(path);
        memory.folder(path);
      },
    ],
    [
      'is a pipe',
      (memory) => {
        memory.remove(path);
        memory.special(path);
      },
    ],
    [
      'is a link to another file',
      (memory) => {
        memory.remove(path);
        memory.link(path, 'kept.bin');
      },
    ],
  ];
  for (const [title, change] of changes) {
    for (const stage of [null, stageIn('1')]) {
      for (const isResumed of [false, true]) {
        test(`of what ${title} by now does nothing${stage ? ', staged' : ''}${isResumed ? ', resumed' : ''}`, () => {
          const { memory } = labWithFile();
          const order = deleteOf(memory, at, { stage, isResumed });
          change(memory);
          const before = contentsOf(memory, localRoot);
          assert.equal(endOf(memory, order), 'FILE_CHANGED');
          assert.deepEqual(contentsOf(memory, localRoot), before);
        });
      }
    }
  }

  test('of what is gone fails, unless it was begun before', () => {
    for (const gone of [path, `${localRoot}/loras`]) {
      const { memory } = labWithFile();
      const order = deleteOf(memory, at);
      memory.remove(gone);
      assert.equal(endOf(memory, order), 'FILE_NOT_FOUND');
      assert.equal(endOf(memory, again(order)), 'none');
    }
  });

  test('of a link removes the link and nothing else', () => {
    for (const stage of [null, stageIn('1')]) {
      const { memory } = labWithFile();
      memory.link(`${localRoot}/alias.bin`, 'loras/style.safetensors');
      const before = memory.lstat(path);
      assert.equal(endOf(memory, deleteOf(memory, 'alias.bin', { stage })), stage ? 'rename' : 'none');
      assert.deepEqual(memory.lstat(path), before);
      assert.deepEqual(paths(memory), [...(stage ? [stagedPath('1')] : []), kept, at]);
    }
  });

  test('behind a link to a folder is refused', () => {
    const { memory } = labWithFile();
    memory.link(`${localRoot}/styles`, 'loras');
    memory.folder('/local/outside');
    memory.file('/local/outside/x.bin', { size: 5 });
    memory.link(`${localRoot}/out`, '../outside');
    const before = contentsOf(memory, '/local');
    assert.equal(endOf(memory, deleteOf(memory, 'styles/style.safetensors')), 'UNSUPPORTED');
    assert.equal(endOf(memory, deleteOf(memory, 'out/x.bin')), 'LINK_ESCAPES');
    assert.deepEqual(contentsOf(memory, '/local'), before);
  });

  test('of many waits for a folder once, and one that fails takes nobody with it', () => {
    const { memory, faulty } = createLab();
    const orders = Array.from({ length: 100 }, (_, n) => {
      memory.file(`${localRoot}/loras/${n}.bin`, { size: 10 });
      return deleteOf(memory, `loras/${n}.bin`);
    });
    faulty.setFaults([{ op: 'remove', path: (name) => name.endsWith('/44.bin'), fail: 'EACCES' }]);
    let syncs = 0;
    const counting = new FaultyFileSystem(faulty, {
      onCall: ({ op }) => {
        if (op === 'syncFolder') syncs += 1;
      },
    });
    const { ends } = run(counting, orders);
    assert.deepEqual(paths(memory), ['loras/44.bin']);
    assert.deepEqual([[...ends.values()].filter((end) => end !== 'none'), syncs], [['ACCESS_DENIED'], 2]);
  });
});

describe('a staged delete', () => {
  test('puts the file aside as it is, and a restore puts it back', () => {
    for (const hardLinks of [true, false]) {
      const { memory } = labWithFile({ local: { hardLinks } });
      const [before, contents] = [memory.lstat(path), contentsOf(memory, localRoot)];
      assert.equal(endOf(memory, deleteOf(memory, at, { stage: stageIn('1') })), 'rename');
      assert.deepEqual(memory.lstat(`${localRoot}/${stagedPath('1')}`), before);
      assert.deepEqual(paths(memory), [stagedPath('1'), kept]);
      assert.equal(endOf(memory, restoreOf(memory, stagedPath('1'), at)), 'rename');
      assert.deepEqual(memory.lstat(path), before);
      assert.deepEqual(contentsOf(memory, localRoot), contents);
    }
  });

  test('has the file in one of both places at any power cut', () => {
    for (const hardLinks of [true, false]) {
      for (let cutAt = 1; cutAt < 60; cutAt += 1) {
        for (let seed = 0; seed < 4; seed += 1) {
          const { memory } = labWithFile({ local: { hardLinks } });
          const content = contentsOf(memory, localRoot).get(at);
          const power = new Error('power');
          const faulty = new FaultyFileSystem(memory, {
            onCall: ({ number }) => {
              if (number >= cutAt) throw power;
            },
          });
          const stage = deleteOf(memory, at, { stage: stageIn('1') });
          run(faulty, [stage]);
          memory.powerCut(seed);
          assert.ok([...contentsOf(memory, localRoot).values()].includes(content ?? ''), `cut at call ${cutAt}`);
          assert.equal(endOf(memory, again(stage)), 'rename');
          memory.powerCut(seed);
          assert.deepEqual([...contentsOf(memory, localRoot)].sort()[0], [stagedPath('1'), content]);
          assert.deepEqual(paths(memory), [stagedPath('1'), kept]);
        }
      }
    }
  });

  test('that was cut short between its two names is finished', () => {
    const { memory } = labWithFile();
    const order = deleteOf(memory, at, { stage: stageIn('1') });
    memory.hardLink(`${localRoot}/${stagedPath('1')}`, path);
    assert.equal(endOf(memory, order), 'TARGET_EXISTS');
    assert.equal(endOf(memory, again(order)), 'rename');
    assert.deepEqual(paths(memory), [stagedPath('1'), kept]);
    assert.equal(memory.lstat(`${localRoot}/${stagedPath('1')}`).links, 1);
  });

  test('that finds another file under its staged name leaves both', () => {
    for (const isResumed of [false, true]) {
      const { memory } = labWithFile();
      memory.file(`${localRoot}/${stagedPath('1')}`, { size: 7 });
      const before = contentsOf(memory, localRoot);
      assert.equal(endOf(memory, deleteOf(memory, at, { stage: stageIn('1'), isResumed })), 'TARGET_EXISTS');
      assert.deepEqual(contentsOf(memory, localRoot), before);
    }
  });

  test('of a file that is replaced at the last moment puts the other one back', () => {
    const { memory } = labWithFile();
    const order = deleteOf(memory, at, { stage: stageIn('1') });
    let isReplaced = false;
    const faulty = new FaultyFileSystem(memory, {
      onCall: ({ op }) => {
        if (op !== 'move' || isReplaced) return;
        isReplaced = true;
        memory.remove(path);
        memory.file(path, { size: 77 });
      },
    });
    assert.equal(endOf(faulty, order), 'FILE_CHANGED');
    assert.deepEqual(paths(memory), [kept, at]);
    assert.equal(memory.lstat(path).size, 77);
  });

  test('goes nowhere but below the staging folder', () => {
    for (const folder of ['', 'loras', '.weightroom', '.weightroom-undo', '.weightroom-undo/../loras', '../outside']) {
      const { memory } = labWithFile();
      const before = contentsOf(memory, '/local');
      const end = endOf(
        memory,
        deleteOf(memory, at, { stage: { folder, name: folder === '.weightroom-undo' ? '..' : 'x' } }),
      );
      assert.equal(end, 'INVALID_PATH', folder);
      assert.deepEqual(contentsOf(memory, '/local'), before);
    }
  });

  test('through a staging folder that is a link out of the location is refused', () => {
    const { memory } = labWithFile();
    memory.folder('/local/outside');
    memory.link(`${localRoot}/.weightroom-undo`, '../outside');
    assert.equal(endOf(memory, deleteOf(memory, at, { stage: stageIn('1') })), 'LINK_ESCAPES');
    assert.deepEqual(contentsOf(memory, '/local/outside'), new Map());
  });
});

describe('a restore', () => {
  test('makes the folders that are gone, and replaces nothing', () => {
    const { memory } = labWithFile();
    const staged = deleteOf(memory, at, { stage: stageIn('1') });
    endOf(memory, staged);
    memory.remove(`${localRoot}/loras`);
    const order = restoreOf(memory, stagedPath('1'), at);
    memory.file(path, { size: 5 });
    const before = contentsOf(memory, localRoot);
    assert.equal(endOf(memory, order), 'TARGET_EXISTS');
    assert.deepEqual(contentsOf(memory, localRoot), before);
    memory.remove(`${localRoot}/loras`);
    assert.equal(endOf(memory, order), 'rename');
    assert.deepEqual(paths(memory), [at]);
    assert.equal(endOf(memory, order), 'rename', 'a second time');
  });

  test('of what is gone, or is not staged, fails', () => {
    const { memory } = labWithFile();
    endOf(memory, deleteOf(memory, at, { stage: stageIn('1') }));
    const order = restoreOf(memory, stagedPath('1'), at);
    memory.remove(`${localRoot}/${stagedPath('1')}`);
    assert.equal(endOf(memory, order), 'FILE_NOT_FOUND');
    assert.equal(endOf(memory, restoreOf(memory, kept, 'elsewhere.bin')), 'INVALID_PATH');
    assert.deepEqual(paths(memory), [kept]);
  });

  test('of what was staged as a link gives the link back', () => {
    const { memory } = labWithFile();
    memory.link(`${localRoot}/alias.bin`, 'loras/style.safetensors');
    const before = memory.lstat(`${localRoot}/alias.bin`);
    const order = deleteOf(memory, 'alias.bin', { stage: stageIn('1') });
    assert.equal(endOf(memory, order), 'rename');
    const back: TransferOrder = {
      op: 'restore',
      n: 0,
      from: inLocal(stagedPath('1')),
      to: order.at,
      expected: order.expected,
    };
    assert.equal(endOf(memory, back), 'rename');
    assert.deepEqual(memory.lstat(`${localRoot}/alias.bin`), before);
    assert.deepEqual(factsOf(memory, order.at), order.expected);
  });
});

describe('tidying', () => {
  const tidy = (relPath: string, what: TidyOrder['what']): TidyOrder => ({
    op: 'tidy',
    n: 0,
    at: inLocal(relPath),
    what,
  });

  test('removes the unfinished file of one task and nothing else', () => {
    const { memory } = labWithFile();
    const [mine, other] = ['.style.safetensors.task1234.part', '.style.safetensors.other123.part'];
    memory.file(`${localRoot}/loras/${mine}`, { size: 10 });
    memory.file(`${localRoot}/loras/${other}`, { size: 10 });
    const what = { kind: 'part', tag: 'task1234' } as const;
    for (let time = 0; time < 2; time += 1) {
      assert.equal(endOf(memory, tidy(at, what)), 'none');
      assert.deepEqual(paths(memory), [`loras/${other}`, kept, at]);
    }
    assert.equal(endOf(memory, tidy('gone/x.bin', what)), 'none');
  });

  test('removes a folder only when it is empty, and is one', () => {
    const { memory } = labWithFile();
    memory.folder(`${localRoot}/empty`);
    memory.link(`${localRoot}/l`, 'empty');
    const what = { kind: 'empty-folder' } as const;
    assert.equal(endOf(memory, tidy('loras', what)), 'FOLDER_NOT_EMPTY');
    assert.equal(endOf(memory, tidy(at, what)), 'FILE_CHANGED');
    assert.equal(endOf(memory, tidy('l', what)), 'FILE_CHANGED');
    assert.equal(endOf(memory, tidy('empty', what)), 'none');
    assert.equal(endOf(memory, tidy('empty', what)), 'none');
    assert.equal(endOf(memory, tidy('', what)), 'INVALID_PATH');
    assert.deepEqual(foldersOf(memory, localRoot), ['loras']);
  });

  test('removes what was staged, and the staging folder with the last of it', () => {
    const { memory } = labWithFile();
    endOf(memory, deleteOf(memory, at, { stage: stageIn('1') }));
    endOf(memory, deleteOf(memory, kept, { stage: { folder: '.weightroom-undo/task5678/deep', name: '2' } }));
    memory.link(`${localRoot}/${stagedPath('l')}`, '/local');
    const what = { kind: 'staged' } as const;
    assert.equal(endOf(memory, tidy('.weightroom-undo/task1234', what)), 'none');
    assert.deepEqual(foldersOf(memory, localRoot).sort(), [
      '.weightroom-undo',
      '.weightroom-undo/task5678',
      '.weightroom-undo/task5678/deep',
      'loras',
    ]);
    assert.equal(endOf(memory, tidy('.weightroom-undo/task5678', what)), 'none');
    assert.deepEqual(foldersOf(memory, localRoot), ['loras']);
    assert.equal(endOf(memory, tidy('.weightroom-undo/task5678', what)), 'none');
  });

  test('of staged files touches nothing elsewhere', () => {
    const { memory } = labWithFile();
    memory.folder(`${localRoot}/.weightroom-undo`);
    memory.link(`${localRoot}/.weightroom-undo/task1234`, '../loras');
    memory.link(`${localRoot}/.weightroom-undo/out`, '../..');
    memory.folder(`${localRoot}/other`);
    memory.link(`${localRoot}/other/.weightroom-undo`, '..');
    const before = contentsOf(memory, '/local');
    const what = { kind: 'staged' } as const;
    for (const relPath of ['loras', '.weightroom-undo', 'other/.weightroom-undo/loras', '.weightroom-undo/../loras']) {
      assert.equal(endOf(memory, tidy(relPath, what)), 'INVALID_PATH', relPath);
    }
    assert.equal(endOf(memory, tidy('.weightroom-undo/task1234/style.safetensors', what)), 'UNSUPPORTED');
    assert.equal(endOf(memory, tidy('.weightroom-undo/out/models', what)), 'LINK_ESCAPES');
    assert.deepEqual(contentsOf(memory, '/local'), before);
  });
});

describe('paths that lead elsewhere', () => {
  const hostile = ['', '..', '../x', '/etc/passwd', 'a/../../x', 'a//b', './a', 'a/.', 'a\0b', '/', 'x/..'];
  for (const relPath of hostile) {
    test(`${JSON.stringify(relPath)} is refused by every order`, () => {
      const { memory } = labWithFile();
      memory.file('/local/x', { size: 5 });
      const before = contentsOf(memory, '/');
      const expected = factsOf(memory, inLocal(at));
      const place = inLocal(relPath);
      const orders: TransferOrder[] = [
        copyOf(memory, at, { to: { ...place, location: 'lake', root: lakeRoot } }),
        copyOf(memory, at, { from: place, expected }),
        deleteOf(memory, at, { at: place, expected }),
        deleteOf(memory, at, { at: place, expected, isResumed: true }),
        { op: 'restore', n: 1, from: place, to: inLocal('y'), expected },
        { op: 'restore', n: 2, from: inLocal(stagedPath('1')), to: place, expected },
        { op: 'tidy', n: 3, at: place, what: { kind: 'part', tag: 'x' } },
        { op: 'tidy', n: 4, at: place, what: { kind: 'empty-folder' } },
        { op: 'tidy', n: 5, at: place, what: { kind: 'staged' } },
      ];
      for (const order of orders) assert.equal(endOf(memory, order), 'INVALID_PATH', order.op);
      assert.deepEqual(contentsOf(memory, '/'), before);
    });
  }

  test('a tag that is no tag', () => {
    const { memory } = labWithFile();
    for (const tag of ['', '../x', 'a.b', 'a/b'])
      assert.equal(endOf(memory, copyOf(memory, at, { tag })), 'INVALID_INPUT');
  });
});
