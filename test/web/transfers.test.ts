import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Location } from '../../src/contract/locations.ts';
import type { Queue, QueueTotals, Step, Task, TaskPlan } from '../../src/contract/queue.ts';
import type { CompareRow } from '../../src/contract/sync.ts';
import type { CompareState } from '../../src/contract/sync-words.ts';
import { withHead, withTasks } from '../../src/web/api/queue-cache.ts';
import { doneShare } from '../../src/web/api/transfer-progress.ts';
import { isCopiedAtOnce } from '../../src/web/features/queue/copy-at-once.ts';
import { endedNotices } from '../../src/web/features/queue/ended-notices.ts';
import { foldersAbove } from '../../src/web/features/queue/folders-above.ts';
import {
  changesSomething,
  irreversibleText,
  lastCopiesText,
  planProblem,
  primaryLabel,
  spaceOf,
} from '../../src/web/features/queue/plan-words.ts';
import { choicesOf } from '../../src/web/features/queue/task-choices.ts';
import { placeFor } from '../../src/web/features/queue/task-place.ts';
import { reportCsv } from '../../src/web/features/queue/task-report.ts';
import { endText, holdText, statusText, titleOf } from '../../src/web/features/queue/task-words.ts';
import { viewOf } from '../../src/web/features/sync/sync-search.ts';
import {
  amountFrom,
  copyRequest,
  deleteRequest,
  sourceOf,
  type TransferTarget,
  whyNoDirection,
  whyNotOf,
} from '../../src/web/features/sync/transfer-target.ts';

const GiB = 1024 ** 3;

function taskOf(id: string, changes: Partial<Task> = {}): Task {
  return {
    id,
    kind: 'copy',
    state: 'waiting',
    src: 'local',
    dst: 'lake',
    what: '',
    total: { files: 31, bytes: 80 * GiB },
    done: { files: 0, bytes: 0 },
    skipped: 0,
    failed: 0,
    current: null,
    bytesPerSecond: 0,
    averageBytesPerSecond: 0,
    etaSeconds: null,
    attempts: 0,
    hold: null,
    error: null,
    createdMs: 0,
    startedMs: null,
    finishedMs: null,
    reclaimedBytes: 0,
    undoUntilMs: null,
    ...changes,
  };
}

const totals: QueueTotals = {
  running: 1,
  waiting: 1,
  finished: 0,
  failed: 0,
  filesLeft: 0,
  bytesLeft: 0,
  bytesPerSecond: 0,
  etaSeconds: null,
};

const queueOf = (tasks: Task[]): Queue => ({ paused: false, totals, tasks, total: tasks.length });
const nameOf = (id: string): string => (id === 'local' ? 'Local' : 'Lake');

describe('the queue in the cache of the page', () => {
  it('lets what began join at the front, and what ended leave', () => {
    const queue = queueOf([taskOf('a', { state: 'running' }), taskOf('b')]);
    const changed = [taskOf('a', { state: 'done' }), taskOf('c', { state: 'running' })];
    const head = withHead(queue, changed, { ...totals, waiting: 5 });
    assert.deepEqual(
      head.tasks.map(({ id }) => id),
      ['c', 'b'],
    );
    assert.equal(head.totals.waiting, 5);
  });

  it('puts newer tasks in the places of older ones, and keeps a list that holds none of them', () => {
    const queue = queueOf([taskOf('a'), taskOf('b')]);
    assert.equal(withTasks(queue, [taskOf('z')]), queue);
    assert.equal(withTasks(queue, [taskOf('b', { skipped: 3 })])?.tasks[1]?.skipped, 3);
  });

  it('counts what ended as done until the queue is empty', () => {
    const queue = {
      ...queueOf([taskOf('a', { done: { files: 1, bytes: 10 } })]),
      totals: { ...totals, bytesLeft: 70 },
    };
    assert.equal(doneShare(queue, { files: 0, bytes: 0 }), 10 / 80);
    assert.equal(doneShare(queue, { files: 1, bytes: 20 }), 30 / 100);
    assert.equal(doneShare({ ...queue, totals: { ...totals, running: 0, waiting: 0 } }, { files: 1, bytes: 20 }), null);
  });

  it('goes by files where there are no bytes', () => {
    const queue = { ...queueOf([taskOf('a', { done: { files: 1, bytes: 0 } })]), totals: { ...totals, filesLeft: 3 } };
    assert.equal(doneShare(queue, { files: 0, bytes: 0 }), 1 / 4);
  });
});

describe('the words for a task', () => {
  const cases: readonly (readonly [Partial<Task>, string])[] = [
    [{}, 'Copy 31 files'],
    [{ what: 'loras/a.pt', total: { files: 1, bytes: 5 } }, 'Copy loras/a.pt'],
    [{ kind: 'delete', what: 'loras' }, 'Delete loras (31 files)'],
    [{ kind: 'mirror' }, 'Mirror everything'],
    [{ kind: 'mirror', what: 'loras' }, 'Mirror loras'],
  ];
  for (const [changes, title] of cases) it(title, () => assert.equal(titleOf(taskOf('a', changes)), title));

  const at = { isPaused: false, nowMs: 0 };

  it('tell how far it is, or that it is paused', () => {
    const running = taskOf('a', {
      state: 'running',
      startedMs: 1,
      done: { files: 3, bytes: 8 * GiB },
      bytesPerSecond: GiB,
      etaSeconds: 72,
    });
    assert.equal(statusText(running, at), '3 of 31 files, 8.00 GiB of 80.0 GiB, 1.00 GiB/s, 1 min left');
    assert.match(statusText(running, { ...at, isPaused: true }), /, paused$/);
  });

  it('tell why it stands still, and when it goes on', () => {
    const hold = { code: 'RETRY', message: 'The drive did not answer.', untilMs: 8_000 };
    assert.equal(holdText(hold, 0), 'The drive did not answer. Tries again in 8 s.');
    const offline = { code: 'LOCATION_OFFLINE', message: 'Lake is away.', untilMs: null };
    assert.equal(holdText(offline, 0), 'Lake is away. Goes on by itself once it is back.');
  });

  it('tell how it ended', () => {
    const done = taskOf('a', { state: 'done', done: { files: 31, bytes: 80 * GiB }, skipped: 2 });
    assert.equal(endText(done, nameOf), '31 files, 80.0 GiB copied Local → Lake, 2 skipped.');
    const failed = taskOf('b', { state: 'failed', failed: 2, error: { code: 'NO', message: 'Denied.' } });
    assert.equal(endText(failed, nameOf), 'Copy 31 files, Local → Lake: 2 files failed.');
    assert.match(statusText(failed, at), /2 failed\. Denied\.$/);
  });
});

describe('what is said of tasks that ended', () => {
  it('offers to undo a delete, and says nothing of what was cancelled', () => {
    const gone = taskOf('a', { kind: 'delete', dst: null, state: 'done', undoUntilMs: 9 });
    const notices = endedNotices([gone, taskOf('b', { state: 'cancelled' })], nameOf);
    assert.deepEqual(
      notices.map(({ tone, undo }) => [tone, undo]),
      [['done', 'a']],
    );
  });

  it('tells many as one', () => {
    const many = ['a', 'b', 'c', 'd'].map((id) => taskOf(id, { state: id === 'd' ? 'failed' : 'done' }));
    assert.deepEqual(
      endedNotices(many, nameOf).map(({ title }) => title),
      ['3 tasks of the queue done.', '1 task of the queue failed.'],
    );
  });
});

describe('what can be done to a task', () => {
  it('keeps what can be put back in the list', () => {
    const gone = taskOf('a', { kind: 'delete', state: 'done', undoUntilMs: 100 });
    assert.deepEqual([choicesOf(gone, 50).canUndo, choicesOf(gone, 50).canRemove], [true, false]);
    assert.equal(choicesOf(gone, 150).canUndo, false);
  });

  it('cancels what has begun, and takes out what has not', () => {
    assert.deepEqual([choicesOf(taskOf('a'), 0).canCancel, choicesOf(taskOf('a'), 0).canRemove], [false, true]);
    const begun = taskOf('a', { state: 'running', startedMs: 1 });
    assert.deepEqual([choicesOf(begun, 0).canCancel, choicesOf(begun, 0).canRemove], [true, false]);
  });

  it('never moves a task before one that runs', () => {
    const tasks = [taskOf('run', { state: 'running' }), taskOf('b'), taskOf('c'), taskOf('d')];
    const placed = (step: 'up' | 'down' | 'top', index: number) => {
      const place = placeFor(step, index, tasks.length, (at) => tasks[at]);
      return place === null ? 'end' : place?.id;
    };
    assert.deepEqual([placed('up', 1), placed('up', 2), placed('top', 3)], [undefined, 'b', 'b']);
    assert.deepEqual([placed('down', 1), placed('down', 2), placed('down', 3)], ['d', 'end', undefined]);
    assert.equal(placed('down', 0), undefined);
  });
});

describe('a report', () => {
  it('keeps commas, quotes and lines of a name in one cell', () => {
    const step: Step = {
      n: 0,
      bucket: 'copy',
      state: 'failed',
      relPath: 'a,"b"\n.pt',
      toRelPath: null,
      from: null,
      size: 5,
      code: 'NO_SPACE',
      message: 'Full.',
      way: null,
    };
    const lines = reportCsv([step]).split('\r\n');
    assert.equal(lines[1], 'copy,failed,"a,""b""\n.pt",,,5,NO_SPACE,Full.,');
  });
});

function planOf(changes: Partial<TaskPlan>): TaskPlan {
  return {
    planId: 'p',
    kind: 'copy',
    src: 'local',
    dst: 'lake',
    buckets: {},
    sidecars: 0,
    elsewhere: { files: 0, bytes: 0 },
    lastCopies: { files: 0, bytes: 0 },
    space: null,
    folders: 0,
    staged: false,
    confirm: null,
    confirmReason: null,
    ...changes,
  };
}

describe('the words for a plan', () => {
  const two = { files: 2, bytes: 3 * GiB };

  it('carry verb and number, and what is for good', () => {
    assert.equal(primaryLabel(planOf({ buckets: { copy: two } })), 'Copy 2 files, 3.00 GiB');
    const gone = planOf({ kind: 'delete', dst: null, buckets: { delete: two } });
    assert.equal(primaryLabel(gone), 'Delete 2 files, 3.00 GiB for good');
    assert.equal(primaryLabel({ ...gone, staged: true }), 'Delete 2 files, 3.00 GiB');
    assert.equal(
      primaryLabel(planOf({ kind: 'mirror', buckets: { copy: two, delete: two, conflict: two } })),
      'Copy 2 files, 3.00 GiB and delete 2 files, 3.00 GiB for good',
    );
  });

  it('name what is lost, and where', () => {
    const gone = planOf({ kind: 'delete', dst: null, buckets: { delete: two }, lastCopies: { files: 1, bytes: GiB } });
    assert.equal(irreversibleText(gone, nameOf), '2 files on Local will be gone for good. This cannot be undone.');
    assert.equal(lastCopiesText(gone), '1 of these files has no other known copy (1.00 GiB).');
    const mirror = planOf({ kind: 'mirror', buckets: { delete: two } });
    assert.match(irreversibleText(mirror, nameOf) ?? '', /on Lake/);
    assert.equal(irreversibleText(planOf({ buckets: { copy: two } }), nameOf), null);
  });

  it('say why it cannot be carried out', () => {
    assert.match(planProblem(planOf({ buckets: { conflict: two } }), 'Lake') ?? '', /nothing to do/);
    assert.match(planProblem(planOf({}), 'Lake') ?? '', /no files in it/);
    const space = { freeBytes: 4 * GiB, afterBytes: GiB, reserveBytes: 2 * GiB };
    assert.match(planProblem(planOf({ buckets: { copy: two }, space }), 'Lake') ?? '', /Lake is 1\.00 GiB too small/);
    assert.equal(planProblem(planOf({ buckets: { copy: two } }), 'Lake'), null);
  });

  it('let empty folders go, which are a plan without a file', () => {
    const empty = planOf({ kind: 'delete', dst: null, folders: 2 });
    assert.equal(planProblem(empty, 'Local'), null);
    assert.equal(primaryLabel(empty), 'Delete 2 empty folders');
    assert.equal(changesSomething(empty), true);
    assert.equal(changesSomething(planOf({ kind: 'move', folders: 2 })), false);
  });

  it('count the space of a delete once it is gone', () => {
    const gone = planOf({ kind: 'delete', dst: null, buckets: { delete: two } });
    assert.equal(spaceOf(gone, GiB)?.afterBytes, 4 * GiB);
    assert.equal(spaceOf({ ...gone, staged: true }, GiB)?.afterBytes, GiB);
    assert.equal(spaceOf(gone, null), null);
  });
});

function locationOf(id: 'local' | 'lake', changes: Partial<Location> = {}): Location {
  return {
    id,
    name: nameOf(id),
    path: `/${id}`,
    layout: 'plain',
    allowDelete: true,
    drive: 'auto',
    driveKind: 'ssd',
    origin: 'user',
    state: { kind: 'online' },
    volume: null,
    index: { files: 1, bytes: 1, folders: 1, problems: 0, scannedAtMs: 1, refreshing: false, hashedFiles: 0 },
    ...changes,
  } as Location;
}

function rowOf(relPath: string, state: CompareState, changes: Partial<CompareRow> = {}): CompareRow {
  const side = { id: 'x', relPath, kind: 'file', size: 10, mtimeMs: 0, hash: 'unknown' } as const;
  return { relPath, state, a: state === 'only-b' ? null : side, b: state === 'only-a' ? null : side, ...changes };
}

const sides = { a: locationOf('local'), b: locationOf('lake') };
const rows = (...given: CompareRow[]): TransferTarget => ({ kind: 'rows', rows: given });
const filterTarget = (show: string, query = ''): TransferTarget => ({
  kind: 'filter',
  view: viewOf({ show, folder: 'loras' }, { pair: { a: 'local', b: 'lake' }, side: null, query }),
  total: 7,
  bytes: 70,
  summary: undefined,
});

describe('what can be transferred', () => {
  const refused: readonly (readonly [CompareState, RegExp])[] = [
    ['conflict', /Lake has other content here; nothing is ever overwritten/],
    ['same-verified', /has it already/],
    ['unverified', /hash both/],
    ['case-clash', /differs only in case/],
  ];
  for (const [state, reason] of refused) {
    it(`a row that is ${state} is not copied either way`, () => {
      const why = whyNotOf(rows(rowOf('x', state)), sides);
      assert.match(why.copy.a ?? '', reason);
      assert.ok(why.copy.b);
      assert.equal(sourceOf(why), null);
    });
  }

  it('is copied towards the side that lacks it', () => {
    assert.equal(sourceOf(whyNotOf(rows(rowOf('x', 'only-a')), sides)), 'a');
    assert.equal(sourceOf(whyNotOf(rows(rowOf('x', 'only-b'), rowOf('y', 'conflict')), sides)), 'b');
    const both = whyNotOf(rows(rowOf('x', 'only-a'), rowOf('y', 'only-b')), sides);
    assert.equal(sourceOf(both), null);
    assert.match(whyNoDirection(both) ?? '', /each side lacks/);
  });

  it('not while a side is away or read-only', () => {
    const state = { kind: 'offline', reason: 'missing', message: '', sinceMs: 0 } as const;
    const away = { ...sides, b: locationOf('lake', { state }) };
    assert.equal(whyNotOf(rows(rowOf('x', 'only-a')), away).copy.a, 'Lake is offline');
    const volume = {
      fileSystem: 'x',
      freeBytes: 1,
      totalBytes: 1,
      caseSensitive: true,
      unicodeSensitive: true,
      readOnly: true,
    };
    const locked = { ...sides, b: locationOf('lake', { volume }) };
    assert.equal(whyNotOf(rows(rowOf('x', 'only-a')), locked).copy.a, 'Lake is read-only');
  });

  it('is deleted and moved only where that is allowed', () => {
    const locked = { ...sides, b: locationOf('lake', { allowDelete: false }) };
    const why = whyNotOf(rows(rowOf('x', 'same-verified')), locked);
    assert.deepEqual([why.remove.a, why.remove.b], [null, 'Lake does not allow deleting']);
    assert.equal(whyNotOf(rows(rowOf('x', 'only-b')), locked).move.b, 'Lake does not allow deleting');
    assert.deepEqual(
      deleteRequest(rows(rowOf('x', 'same-verified')), ['a', 'b'], locked)?.choices.map(({ side }) => side),
      ['local'],
    );
  });

  it('names files as the side they are deleted on writes them', () => {
    const clash = rowOf('Model.pt', 'case-clash');
    const row = { ...clash, b: clash.b && { ...clash.b, relPath: 'model.pt' } };
    assert.deepEqual(
      deleteRequest(rows(row), ['a', 'b'], sides)?.choices.map(({ files }) => files.srcRelPath),
      ['Model.pt', 'model.pt'],
    );
  });

  it('by filter asks for the rows of the filter, not for those in sight', () => {
    const request = copyRequest(filterTarget('only-a', 'flux'), { from: 'a', sides, kind: 'copy' });
    assert.deepEqual(request.files, {
      matching: { folder: 'loras', query: 'flux', states: ['only-a'] },
      a: 'local',
      b: 'lake',
    });
    assert.equal(request.plain, null);
    assert.deepEqual(amountFrom(filterTarget('only-a', 'flux'), 'a'), { files: 7, bytes: 70 });
    assert.equal(amountFrom(filterTarget('all'), 'a'), null);
    assert.match(whyNotOf(filterTarget('only-a'), sides).copy.b ?? '', /nothing of it is missing on Local/);
  });

  it('begins at once only when nothing is to be decided and it is small', () => {
    const ask = (...given: CompareRow[]) => copyRequest(rows(...given), { from: 'a', sides, kind: 'copy' });
    assert.equal(isCopiedAtOnce(ask(rowOf('x', 'only-a'))), true);
    assert.equal(isCopiedAtOnce(ask(rowOf('x', 'only-a'), rowOf('y', 'conflict'))), false);
    assert.equal(isCopiedAtOnce(ask(rowOf('x', 'only-a', { elsewhere: ['z'] }))), false);
    assert.equal(isCopiedAtOnce({ ...ask(rowOf('x', 'only-a')), plain: { files: 100, bytes: 1 } }), false);
    assert.equal(isCopiedAtOnce({ ...ask(rowOf('x', 'only-a')), plain: { files: 1, bytes: 10 * GiB } }), false);
    assert.equal(isCopiedAtOnce({ ...ask(rowOf('x', 'only-a')), kind: 'move' }), false);
  });
});

describe('the folders a mirror can be about', () => {
  it('are the one asked for, those above, and everything', () => {
    assert.deepEqual(foldersAbove('a/b/c'), ['a/b/c', 'a/b', 'a', '']);
    assert.deepEqual(foldersAbove(''), ['']);
  });
});
