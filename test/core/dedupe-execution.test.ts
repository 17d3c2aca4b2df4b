import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/core/errors/app-error.ts';
import { nameOf } from '../../src/core/paths/rel-path-parts.ts';
import type { DedupeAction, DedupeCheck, DedupeOrder } from '../../src/core/ports/transfer-files.ts';
import { partName } from '../../src/core/transfers/part-name.ts';
import { FaultyFileSystem, HangingCall } from '../../src/platform/memory/fault-injection.ts';
import type { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { AliasedFileSystem } from '../support/aliased-file-system.ts';
import { dedupeOf, finalContents, leaked, lostContents, runDedupe } from '../support/dedupe-lab.ts';
import { runs } from '../support/runs.ts';
import { bytesOf, createLab, inLake, inLocal, lakeRoot, localRoot, run } from '../support/transfer-lab.ts';

const kept = inLocal('checkpoints/flux.safetensors');
const going = inLocal('loras/copy of flux.safetensors');
const keptPath = `${localRoot}/checkpoints/flux.safetensors`;
const goingPath = `${localRoot}/loras/copy of flux.safetensors`;
const size = 1_500;
const roots = [localRoot, lakeRoot];
const actions: readonly DedupeAction[] = ['delete', 'hardlink', 'reflink', 'symlink'];

function library() {
  const lab = createLab({ together: true, local: { reflink: true } });
  lab.memory.file(keptPath, { size, content: 'flux', mtimeNs: 1_700_000_000_000_000_000n });
  lab.memory.file(goingPath, { size, content: 'flux', mtimeNs: 1_600_000_000_000_000_000n });
  lab.memory.file(`${localRoot}/loras/other.safetensors`, { size, content: 'other' });
  lab.memory.file(`${lakeRoot}/flux.safetensors`, { size, content: 'flux' });
  return lab;
}

const freeOf = (memory: MemoryFileSystem): number => memory.volume('/').freeBytes ?? 0;

const order = (memory: MemoryFileSystem, options: Partial<DedupeOrder> = {}): DedupeOrder =>
  dedupeOf(memory, going, kept, options);

/** Nothing of the victim has changed. */
function assertUntouched(memory: MemoryFileSystem, before: ReturnType<typeof finalContents>): void {
  assert.deepEqual(finalContents(memory, roots), before);
  assert.deepEqual(leaked(memory, roots), []);
}

function assertRefused(
  memory: MemoryFileSystem,
  given: DedupeOrder | readonly DedupeOrder[],
  code: string,
  fs: FaultyFileSystem | MemoryFileSystem = memory,
): void {
  const before = finalContents(memory, roots);
  const free = freeOf(memory);
  const { done, failed, thrown } = runDedupe(fs, [given].flat());
  assert.equal(thrown, null);
  assert.deepEqual([done.length, failed.map((report) => report.code)], [0, [code]]);
  assertUntouched(memory, before);
  assert.equal(freeOf(memory), free);
}

describe('a duplicate', () => {
  for (const check of ['hash', 'bytes', 'facts'] satisfies DedupeCheck[]) {
    for (const action of actions) {
      test(`${action}, ${check}: its keeper holds the content, and what is told to come free comes free`, () => {
        const { memory } = library();
        const free = freeOf(memory);
        const { done, failed, freedBytes } = runDedupe(memory, [order(memory, { action, check })]);
        assert.deepEqual([failed, done.length, done[0]?.isDurable], [[], 1, true]);
        // A clone counts as full in memory: only the drive knows which blocks are shared.
        assert.equal(freeOf(memory) - free, action === 'reflink' ? 0 : freedBytes);
        assert.equal(freedBytes, size);
        assert.deepEqual(bytesOf(memory, keptPath).length, size);
        const seen = action === 'delete' ? null : memory.lstat(goingPath);
        if (action === 'delete') assert.throws(() => memory.lstat(goingPath));
        if (action === 'hardlink') {
          assert.deepEqual([seen?.fileId, seen?.links], [memory.lstat(keptPath).fileId, 2]);
          assert.equal(done[0]?.keeperAfter?.links, 2);
        }
        if (action === 'reflink') {
          assert.equal(seen?.mtimeNs, 1_600_000_000_000_000_000n);
          assert.deepEqual(bytesOf(memory, goingPath), bytesOf(memory, keptPath));
        }
        if (action === 'symlink') {
          assert.equal(seen?.kind, 'link');
          assert.equal(memory.realPath(goingPath), keptPath);
        }
        assert.deepEqual(leaked(memory, roots), []);
      });
    }
  }

  test('what is done stays done when the power is cut right after it was told', () => {
    for (const action of actions) {
      for (let seed = 0; seed < 20; seed += 1) {
        const { memory } = library();
        const before = finalContents(memory, roots);
        runDedupe(memory, [order(memory, { action })]);
        memory.powerCut(seed);
        assert.deepEqual(lostContents(before, finalContents(memory, roots)), [], `${action}, seed ${seed}`);
        assert.equal(memory.lstat(keptPath).size, size);
        if (action === 'delete') assert.throws(() => memory.lstat(goingPath));
        else assert.deepEqual(bytesOf(memory, memory.realPath(goingPath)), bytesOf(memory, keptPath));
        assert.deepEqual(leaked(memory, roots), []);
      }
    }
  });
});

test('space that a killed run freed without saying so is told as an estimate, what was seen to come free is not', () => {
  const told = (isGone: boolean) => {
    const { memory } = library();
    const planned = order(memory, { isResumed: isGone });
    if (isGone) memory.remove(goingPath);
    const done = run(memory, [planned]).reports.at(-1);
    return done?.type === 'done' ? [done.freedBytes, done.isEstimate] : [];
  };
  assert.deepEqual(
    [told(false), told(true)],
    [
      [size, undefined],
      [size, true],
    ],
  );
});

test('an empty file that somebody made under the name, while a killed run had the file aside, is not taken for a leftover', () => {
  const { memory } = library();
  const planned = order(memory, { isResumed: true });
  memory.rename(goingPath, `${localRoot}/loras/${partName(nameOf(going.relPath), 'task1234-old')}`);
  memory.file(goingPath, { size: 0 });
  const theirs = memory.lstat(goingPath).fileId;
  runDedupe(memory, [planned]);
  assert.equal(memory.lstat(goingPath).fileId, theirs);
  assert.equal(memory.lstat(keptPath).size, size);
  assert.deepEqual(leaked(memory, roots), []);
});

describe('a duplicate is left alone', () => {
  const lies: readonly (readonly [string, string, (memory: MemoryFileSystem) => void])[] = [
    ['the victim has another size', 'FILE_CHANGED', (m) => m.file(goingPath, { size: 7, content: 'new' })],
    ['the victim has another time', 'FILE_CHANGED', (m) => m.setTime(goingPath, 5n)],
    ['the keeper has another time', 'FILE_CHANGED', (m) => m.setTime(keptPath, 5n)],
    ['the keeper is gone', 'FILE_NOT_FOUND', (m) => m.remove(keptPath)],
    ['the victim is gone', 'FILE_NOT_FOUND', (m) => m.remove(goingPath)],
    ['the keeper was renamed', 'FILE_NOT_FOUND', (m) => m.rename(keptPath, `${keptPath}.bak`)],
    [
      'the keeper’s folder is gone',
      'FILE_NOT_FOUND',
      (m) => m.rename(`${localRoot}/checkpoints`, `${localRoot}/other`),
    ],
    ['the keeper cannot be read', 'ACCESS_DENIED', (m) => m.setReadable(keptPath, false)],
    ['the victim cannot be read', 'ACCESS_DENIED', (m) => m.setReadable(goingPath, false)],
    ['the keeper has other bytes', 'CONTENT_CHANGED', (m) => m.patch(keptPath, size - 1, new Uint8Array([9, 9]))],
    ['the victim has other bytes', 'CONTENT_CHANGED', (m) => m.patch(goingPath, 700, new Uint8Array([9, 9]))],
    [
      'the keeper is another file now',
      'FILE_CHANGED',
      (m) => {
        m.remove(keptPath);
        m.file(keptPath, { size, content: 'flux', mtimeNs: 1_700_000_000_000_000_000n });
      },
    ],
    [
      'the keeper is a link to the victim now',
      'FILE_CHANGED',
      (m) => {
        m.remove(keptPath);
        m.link(keptPath, '../loras/copy of flux.safetensors');
      },
    ],
    [
      'both are one file by a hard link now',
      'FILE_CHANGED',
      (m) => {
        m.remove(goingPath);
        m.hardLink(goingPath, keptPath);
      },
    ],
    [
      'the victim’s folder is a link now',
      'UNSUPPORTED',
      (m) => {
        m.rename(`${localRoot}/loras`, `${localRoot}/moved`);
        m.link(`${localRoot}/loras`, 'moved');
      },
    ],
    [
      'the keeper’s folder is a link now',
      'UNSUPPORTED',
      (m) => {
        m.rename(`${localRoot}/checkpoints`, `${localRoot}/moved`);
        m.link(`${localRoot}/checkpoints`, 'moved');
      },
    ],
  ];
  for (const [title, code, lie] of lies) {
    test(title, () => {
      for (const action of actions) {
        for (const check of ['hash', 'bytes'] as const) {
          const { memory } = library();
          const planned = order(memory, { action, check });
          lie(memory);
          assertRefused(memory, planned, code);
        }
      }
    });
  }

  test('a hard link of the keeper, known as such', () => {
    const { memory } = library();
    memory.remove(goingPath);
    memory.hardLink(goingPath, keptPath);
    for (const action of actions) assertRefused(memory, order(memory, { action }), 'SAME_FILE');
    assertRefused(memory, { ...order(memory), at: kept }, 'SAME_FILE');
  });

  test('the keeper of an order before, and the victim of one', () => {
    const { memory } = library();
    const first = order(memory);
    const back = dedupeOf(memory, kept, inLake('flux.safetensors'));
    const { done, failed } = runDedupe(memory, [first, back]);
    assert.deepEqual([done.length, failed.map(({ code }) => code)], [1, ['SAME_FILE']]);
    const other = library();
    const swapped = [dedupeOf(other.memory, kept, inLake('flux.safetensors')), order(other.memory)];
    assert.deepEqual(
      runDedupe(other.memory, swapped).failed.map(({ code }) => code),
      ['FILE_NOT_FOUND'],
    );
    assert.equal(other.memory.lstat(goingPath).size, size);
  });

  test('with “facts” bytes are read where the file changed since it was hashed, whatever its time says', () => {
    const { memory } = library();
    const planned = order(memory, { check: 'facts', hashedAfterMs: 4_000_000_000_000 });
    memory.patch(goingPath, 5, new Uint8Array([1, 2, 3]));
    assert.equal(runDedupe(memory, [planned]).done.length, 1, 'the memory drive does not tell that it was patched');
    const { memory: honest } = library();
    const since = { ...order(honest, { check: 'facts', hashedAfterMs: 1_000 }) };
    honest.patch(goingPath, 5, new Uint8Array([1, 2, 3]));
    assertRefused(honest, since, 'CONTENT_CHANGED');
  });

  test('where the drive cannot promise that the keeper is on it', () => {
    const { memory } = createLab({ together: true, local: { syncs: 'unknown' } });
    memory.file(keptPath, { size, content: 'flux' });
    memory.file(goingPath, { size, content: 'flux' });
    assertRefused(memory, order(memory), 'NOT_DURABLE');
  });

  test('where the drive has no such links', () => {
    const { memory } = createLab({ together: true, local: { hardLinks: false, symbolicLinks: false } });
    memory.file(keptPath, { size, content: 'flux' });
    memory.file(goingPath, { size, content: 'flux' });
    for (const action of ['hardlink', 'reflink', 'symlink'] as const)
      assertRefused(memory, order(memory, { action }), 'UNSUPPORTED');
    assert.equal(runDedupe(memory, [order(memory)]).freedBytes, size);
  });

  test('a link across drives or locations', () => {
    const { memory } = createLab({ local: { reflink: true }, lake: { reflink: true } });
    memory.file(goingPath, { size, content: 'flux' });
    memory.file(`${lakeRoot}/flux.safetensors`, { size, content: 'flux' });
    for (const action of ['hardlink', 'reflink', 'symlink'] as const) {
      const planned = dedupeOf(memory, going, inLake('flux.safetensors'), { action });
      assert.deepEqual(
        runDedupe(memory, [planned]).failed.map(({ code }) => code),
        ['UNSUPPORTED'],
      );
      assert.deepEqual(leaked(memory, roots), []);
    }
    assert.equal(runDedupe(memory, [dedupeOf(memory, going, inLake('flux.safetensors'))]).freedBytes, size);
  });
});

test('a keeper that somebody writes to while its duplicate is read, with its time put back', () => {
  const { memory } = library();
  const { mtimeNs } = memory.lstat(keptPath);
  const meddling = new FaultyFileSystem(memory, {
    onCall: ({ op, path }) => {
      if (op !== 'read' || path !== goingPath) return;
      memory.patch(keptPath, 1, new Uint8Array([1]));
      memory.setTime(keptPath, mtimeNs);
    },
  });
  const { done, failed } = runDedupe(meddling, [order(memory)]);
  assert.deepEqual([done, failed.map(({ code }) => code)], [[], ['FILE_CHANGED']]);
  assert.equal(memory.lstat(goingPath).size, size);
});

describe('two paths of one file', () => {
  const checks = [
    { liesAboutIds: false, remembers: false },
    { liesAboutIds: true, remembers: false },
    { liesAboutIds: true, remembers: true },
  ];
  for (const options of checks) {
    test(`a folder shown twice (${JSON.stringify(options)}): the victim gets its name back`, () => {
      for (const action of actions) {
        const { memory } = library();
        const alias = new AliasedFileSystem(memory, `${localRoot}/twin`, `${localRoot}/checkpoints`, options);
        const at = inLocal('twin/flux.safetensors');
        const before = finalContents(memory, roots);
        const free = freeOf(memory);
        const { failed, done } = runDedupe(alias, [dedupeOf(alias, at, kept, { action })]);
        const code =
          options.liesAboutIds && (action === 'hardlink' || action === 'symlink') ? 'UNSUPPORTED' : 'SAME_FILE';
        assert.deepEqual([done, failed.map((report) => report.code)], [[], [code]], action);
        assertUntouched(memory, before);
        assert.equal(freeOf(memory), free);
      }
    });
  }

  test('a folder shown twice, under a spelling that the drive does not tell apart', () => {
    for (const remembers of [false, true]) {
      const { memory } = createLab({ together: true, local: { caseSensitive: false } });
      memory.file(keptPath, { size, content: 'flux' });
      const options = { liesAboutIds: true, remembers };
      const alias = new AliasedFileSystem(memory, `${localRoot}/twin`, `${localRoot}/checkpoints`, options);
      const { failed } = runDedupe(alias, [dedupeOf(alias, inLocal('twin/FLUX.safetensors'), kept)]);
      assert.deepEqual(
        failed.map(({ code }) => code),
        ['SAME_FILE'],
      );
      assert.equal(memory.lstat(keptPath).size, size);
      assert.deepEqual(leaked(memory, roots), []);
    }
  });

  test('two files of such a folder are two files', () => {
    const { memory } = library();
    memory.file(`${localRoot}/checkpoints/second.safetensors`, { size, content: 'flux' });
    const options = { liesAboutIds: true, remembers: true };
    const alias = new AliasedFileSystem(memory, `${localRoot}/twin`, `${localRoot}/checkpoints`, options);
    const planned = dedupeOf(alias, inLocal('twin/second.safetensors'), kept);
    assert.equal(runDedupe(alias, [planned]).freedBytes, size);
  });

  test('another spelling on a drive that folds case, with ids and without', () => {
    for (const fileIds of ['stable', 'none'] as const) {
      const { memory } = createLab({ together: true, local: { fileIds, caseSensitive: false } });
      memory.file(keptPath, { size, content: 'flux' });
      const before = finalContents(memory, roots);
      const planned = dedupeOf(memory, inLocal('checkpoints/FLUX.safetensors'), kept);
      assertRefused(memory, planned, 'SAME_FILE');
      assertUntouched(memory, before);
    }
  });
});

/** So that what a call does is cut short where the program is killed; nothing of the program runs after it. */
const killed = () => new HangingCall('killed');

function callsOf(planned: (memory: MemoryFileSystem) => readonly DedupeOrder[], make = library): number {
  const { memory, faulty } = make();
  const given = planned(memory);
  const before = faulty.calls;
  runDedupe(faulty, given);
  return faulty.calls - before;
}

const again = (given: readonly DedupeOrder[]): DedupeOrder[] => given.map((each) => ({ ...each, isResumed: true }));

/** Both victims of one keeper: what goes wrong with the first must not touch the second. */
const both = (action: DedupeAction) => (memory: MemoryFileSystem) => [
  order(memory, { action }),
  dedupeOf(memory, inLake('flux.safetensors'), kept, { action: action === 'symlink' ? 'delete' : action }),
];

interface Attempt {
  readonly action: DedupeAction;
  readonly memory: MemoryFileSystem;
  readonly given: readonly DedupeOrder[];
  readonly before: ReturnType<typeof finalContents>;
  readonly free: number;
  readonly what: string;
}

/** After the second attempt all is as if nothing had been. */
function assertResumed({ action, memory, given, before, free, what }: Attempt, told: number): void {
  const { failed, thrown, freedBytes } = runDedupe(memory, again(given));
  assert.equal(thrown, null, what);
  assert.deepEqual(
    failed.map(({ message }) => message),
    [],
    what,
  );
  assert.deepEqual(leaked(memory, roots), [], what);
  assert.deepEqual(lostContents(before, finalContents(memory, roots)), [], what);
  assert.equal(memory.lstat(keptPath).size, size, what);
  if (action === 'delete') assert.throws(() => memory.lstat(goingPath), what);
  else assert.deepEqual(bytesOf(memory, memory.realPath(goingPath)), bytesOf(memory, keptPath), what);
  if (action !== 'reflink') assert.equal(freeOf(memory) - free, told + freedBytes, what);
}

function assertNothingLost({ memory, before, what }: Attempt): void {
  assert.deepEqual(lostContents(before, finalContents(memory, roots)), [], what);
  assert.equal(memory.lstat(keptPath).size, size, what);
}

const rareErrors = [
  ...['EPERM', 'EROFS', 'EDQUOT', 'EMFILE', 'EBUSY', 'ENOTCONN', 'ETIMEDOUT'],
  ...['EINVAL', 'ENAMETOOLONG', 'EXDEV', 'EMLINK', 'ELOOP', 'ENOTSUP', 'EUCLEAN'],
];
const errors = [...['EIO', 'EACCES', 'ENOSPC', 'ESTALE', 'ENOENT', 'EEXIST'], ...(runs(1) > 1 ? rareErrors : [])];

describe('one call fails', () => {
  for (const action of actions) {
    test(`${action}: any error at any call loses nothing, leaks nothing, and a second attempt ends it`, () => {
      const calls = callsOf(both(action));
      assert.ok(calls > 30);
      for (const code of errors) {
        for (const isDone of [false, true]) {
          for (let nth = 1; nth <= calls; nth += 1) {
            const { memory, faulty } = library();
            const given = both(action)(memory);
            const what = `${action}, ${code}${isDone ? ' after it was done' : ''} at call ${nth} of ${calls}`;
            const attempt = { action, memory, given, before: finalContents(memory, roots), free: freeOf(memory), what };
            faulty.setFaults([{ nth, fail: code, isDone }]);
            const first = runDedupe(faulty, given);
            assert.ok(first.thrown === null || first.thrown instanceof AppError, what);
            assertNothingLost(attempt);
            const isAtRest =
              first.thrown === null && !first.failed.some((each) => /has to get its name back/.test(each.message));
            if (isAtRest)
              assert.deepEqual(
                leaked(memory, roots).filter((path) => path.endsWith('-old.part')),
                [],
                what,
              );
            const left = given.filter(({ n }) => !first.done.some((report) => report.n === n));
            assertResumed({ ...attempt, given: left }, first.freedBytes);
          }
        }
      }
    });
  }
});

describe('the program ends', () => {
  for (const action of actions) {
    test(`${action}: killed at any call, or in the middle of it, nothing is lost; a second attempt ends it`, () => {
      const calls = callsOf(both(action));
      for (const isDone of [false, true]) {
        for (let nth = 1; nth <= calls; nth += 1) {
          const { memory, faulty } = library();
          const given = both(action)(memory);
          const what = `${action}, killed ${isDone ? 'after' : 'before'} call ${nth}`;
          const attempt = { action, memory, given, before: finalContents(memory, roots), free: freeOf(memory), what };
          faulty.setFaults([{ nth, fail: killed(), isDone }]);
          const first = runDedupe(faulty, given);
          assertNothingLost(attempt);
          const left = given.filter(({ n }) => !first.done.some((report) => report.n === n));
          assertResumed({ ...attempt, given: left }, first.freedBytes);
        }
      }
    });

    test(`${action}: the power is cut at any call`, () => {
      const calls = callsOf(both(action));
      for (let nth = 1; nth <= calls; nth += 1) {
        for (let seed = 0; seed < 8; seed += 1) {
          const { memory, faulty } = library();
          const given = both(action)(memory);
          const what = `${action}, power cut at call ${nth}, seed ${seed}`;
          const attempt = { action, memory, given, before: finalContents(memory, roots), free: freeOf(memory), what };
          faulty.setFaults([{ nth, fail: killed(), isDone: seed % 2 === 0 }]);
          const first = runDedupe(faulty, given);
          memory.powerCut(seed);
          assertNothingLost(attempt);
          const left = given.filter(({ n }) => !first.done.some((report) => report.n === n));
          assertResumed({ ...attempt, given: left }, first.freedBytes);
        }
      }
    });

    test(`${action}: killed at any call, then ended for good: the victim has its name, or is replaced`, () => {
      const calls = callsOf(both(action));
      for (let nth = 1; nth <= calls; nth += 1) {
        const { memory, faulty } = library();
        const given = both(action)(memory);
        const before = finalContents(memory, roots);
        const what = `${action}, killed before call ${nth}`;
        faulty.setFaults([{ nth, fail: killed() }]);
        runDedupe(faulty, given);
        const tidying = given.map(({ n, at, tag }) => ({
          op: 'tidy' as const,
          n,
          at,
          what: { kind: 'aside' as const, tag },
        }));
        assert.deepEqual([...run(memory, tidying).ends.values()], ['none', 'none'], what);
        assert.deepEqual(leaked(memory, roots), [], what);
        assert.deepEqual(lostContents(before, finalContents(memory, roots)), [], what);
      }
    });
  }
});
