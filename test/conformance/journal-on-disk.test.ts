import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src/core/errors/app-error.ts';
import { commitTogether } from '../../src/platform/sqlite/journal-commits.ts';
import { openJournal } from '../../src/platform/sqlite/journal-file.ts';
import { createJournalOutbox } from '../../src/platform/sqlite/journal-outbox.ts';
import type { FromJournal } from '../../src/platform/sqlite/journal-protocol.ts';
import { serveJournal } from '../../src/platform/sqlite/journal-thread.ts';
import { createThreadedJournal, type ThreadedJournal } from '../../src/platform/sqlite/threaded-journal.ts';
import { atEnd } from '../support/at-end.ts';
import { journalStep, journalSteps, journalTask } from '../support/journal-rows.ts';

const entry = path.join(import.meta.dirname, '../../src/app/entries/journal-thread.ts');
const writer = fileURLToPath(import.meta.resolve('../support/write-journal.ts'));
const task = journalTask('aaaaaaaa');
const all = { fromN: 0, limit: 1_000_000 };

function makeFolder(t: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-journal-'));
  atEnd(t, () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return folder;
}

function open(t: TestContext, file: string, program = entry): ThreadedJournal {
  const journal = createThreadedJournal({ entry: program, file });
  atEnd(t, () => journal.close());
  return journal;
}

/** A journal with 6,000 steps, closed. */
async function makeUsed(t: TestContext): Promise<string> {
  const file = path.join(makeFolder(t), 'journal.db');
  const journal = createThreadedJournal({ entry, file });
  await journal.addTask(task, journalSteps(6_000));
  await journal.close();
  return file;
}

function isError(code: string, message: RegExp): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof AppError, String(thrown));
    assert.equal(thrown.code, code);
    assert.match(thrown.message, message);
    return true;
  };
}

describe('journal.db: durable', () => {
  test('every commit is synced, into a write-ahead log', (t) => {
    const database = openJournal(path.join(makeFolder(t), 'journal.db'));
    atEnd(t, () => database.close());
    assert.equal(database.prepare('PRAGMA synchronous').get()?.synchronous, 2);
    assert.equal(database.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal');
  });

  test('what was acknowledged is there after its process was killed', async (t) => {
    const file = path.join(makeFolder(t), 'journal.db');
    const child = spawn(process.execPath, ['--no-warnings', writer, entry, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    atEnd(t, () => child.kill('SIGKILL'));
    let acknowledged = -1;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged > 60) child.kill('SIGKILL');
    }
    await exited;
    assert.ok(acknowledged > 60);
    const journal = open(t, file);
    const steps = await journal.steps(task.id, all);
    assert.ok(steps.length > acknowledged, `${steps.length} steps, ${acknowledged} was acknowledged`);
    assert.deepEqual(
      steps.map(({ n, relPath }) => [n, relPath]),
      steps.map((_, n) => [n, journalStep(n).relPath]),
    );
    // Saved before the next pair was added, so in the log before it.
    for (const { n, state } of steps.slice(0, acknowledged - 1)) assert.equal(state, n % 2 === 0 ? 'done' : 'waiting');
    const database = new DatabaseSync(file, { readOnly: true });
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    database.close();
  });
});

/** Frames of the write-ahead log that end a transaction: those with a length of the database (sqlite.org/fileformat2.html). */
function countCommits(file: string): number {
  const log = fs.readFileSync(`${file}-wal`);
  const pageSize = log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + 24 + pageSize <= log.length; at += 24 + pageSize) {
    const isOfThisLog = log.subarray(at + 8, at + 16).equals(log.subarray(16, 24));
    if (isOfThisLog && log.readUInt32BE(at + 4) > 0) commits += 1;
  }
  return commits;
}

describe('journal.db: calls that wait are committed together', () => {
  test('one commit for all, none for reads; a call that fails leaves the others alone', async (t) => {
    const file = path.join(makeFolder(t), 'journal.db');
    const answers: FromJournal[] = [];
    const waiting = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    let last = 5;
    const tell = serveJournal(file, (message) => {
      answers.push(message);
      if ('id' in message && message.id === last) waiting.resolve();
      if ('id' in message && message.id === 99) closed.resolve();
    });
    atEnd(t, async () => {
      tell({ op: 'close', id: 99 });
      await closed.promise;
    });
    const before = countCommits(file);
    tell({ op: 'add-task', id: 1, task, steps: journalSteps(3) });
    tell({ op: 'add-steps', id: 2, task: task.id, steps: [journalStep(3), journalStep(0)] });
    tell({ op: 'steps', id: 3, task: task.id, query: { fromN: 2, limit: 5 } });
    tell({ op: 'save-tasks', id: 4, tasks: [{ ...task, state: 'running' }] });
    tell({ op: 'set-paused', id: 5, paused: true });
    assert.deepEqual(answers, [{ type: 'opened' }], 'nothing is answered before it is committed');
    await waiting.promise;
    assert.equal(countCommits(file) - before, 1);
    assert.deepEqual(
      answers.slice(1).map((answer) => [answer.type, 'id' in answer ? answer.id : null]),
      [
        ['done', 1],
        ['failed', 2],
        ['done', 3],
        ['done', 4],
        ['done', 5],
      ],
    );
    assert.deepEqual(answers[3], { type: 'done', id: 3, value: [journalStep(2)] });
    last = 6;
    const read = new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    tell({ op: 'load-tasks', id: 6 });
    await read;
    assert.deepEqual(answers.at(-1), { type: 'done', id: 6, value: [{ ...task, state: 'running' }] });
    assert.equal(countCommits(file) - before, 1);
  });

  test('where the transaction is lost, each call is tried for itself', (t) => {
    const database = openJournal(path.join(makeFolder(t), 'journal.db'));
    atEnd(t, () => database.close());
    database.exec('CREATE TABLE word (word TEXT)');
    const add = (word: string) => ({
      isWrite: true,
      run: () => Number(database.prepare('INSERT INTO word VALUES (?)').run(word).changes),
    });
    const lost = {
      isWrite: true,
      run: () => {
        add('lost').run();
        // As SQLite does by itself when it runs out of memory or reads an error.
        database.exec('ROLLBACK');
        throw new Error('lost');
      },
    };
    const [first, second, third] = commitTogether(database, [add('a'), lost, add('b')]);
    assert.deepEqual([first, third], [{ value: 1 }, { value: 1 }]);
    assert.ok(second && 'thrown' in second && second.thrown instanceof Error);
    assert.equal(database.isTransaction, false);
    assert.deepEqual(
      database
        .prepare('SELECT word FROM word')
        .all()
        .map(({ word }) => word),
      ['a', 'b'],
    );
  });

  test('a full drive refuses what does not fit, and takes what does', (t) => {
    const database = openJournal(path.join(makeFolder(t), 'journal.db'));
    atEnd(t, () => database.close());
    database.exec('CREATE TABLE block (block BLOB)');
    const { page_count } = database.prepare('PRAGMA page_count').get() ?? {};
    database.exec(`PRAGMA max_page_count = ${Number(page_count) + 20}`);
    const add = (bytes: number) => ({
      isWrite: true,
      run: () => Number(database.prepare('INSERT INTO block VALUES (zeroblob(?))').run(bytes).changes),
    });
    const outcomes = commitTogether(database, [add(10), add(1_000_000), add(20)]);
    assert.deepEqual(
      outcomes.map((outcome) => 'value' in outcome),
      [true, false, true],
    );
    assert.equal(database.prepare('SELECT count(*) AS n FROM block').get()?.n, 2);
  });
});

/** Ways in which the file goes bad that show when it is opened. */
const damages: readonly (readonly [string, (file: string) => void])[] = [
  ['rubbish from beginning to end', (file) => overwrite(file, 0, 1)],
  ['rubbish after the first page', (file) => overwrite(file, 4096, 1)],
  ['cut off in the middle', (file) => fs.truncateSync(file, Math.floor(fs.statSync(file).size / 2))],
  ['cut off in the header', (file) => fs.truncateSync(file, 60)],
  ['a text', (file) => fs.writeFileSync(file, 'this is not a database\n'.repeat(300))],
];

/** From `at` on, for a part of the file. */
function overwrite(file: string, at: number, part: number): void {
  const bytes = fs.readFileSync(file);
  bytes.fill(0xa7, at, Math.min(bytes.length, at + Math.floor(bytes.length * part)));
  fs.writeFileSync(file, bytes);
}

describe('journal.db: not usable', () => {
  for (const [what, damage] of damages) {
    test(`${what}: refused with a sentence, and left as it is`, async (t) => {
      const file = await makeUsed(t);
      damage(file);
      const before = fs.readFileSync(file);
      const journal = open(t, file);
      const asked = assert.rejects(
        journal.setPaused(true),
        isError('DATABASE_CORRUPT', /^The journal of the queue in “.*” is damaged\.$/),
      );
      await assert.rejects(journal.opened, isError('DATABASE_CORRUPT', /journal\.db” is damaged\.$/));
      await asked;
      await assert.rejects(journal.loadTasks(), isError('DATABASE_CORRUPT', /is damaged/));
      await journal.close();
      assert.ok(fs.readFileSync(file).equals(before));
    });
  }

  test('written by a newer Weightroom: refused with a sentence, and left as it is', async (t) => {
    const file = await makeUsed(t);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const before = fs.readFileSync(file);
    const journal = open(t, file);
    await assert.rejects(
      journal.opened,
      isError('DATABASE_NEWER', /^The journal of the queue in “.*” was written by a newer Weightroom\.$/),
    );
    await assert.rejects(journal.loadTasks(), isError('DATABASE_NEWER', /newer/));
    await journal.close();
    assert.ok(fs.readFileSync(file).equals(before));
  });

  test('damage in the middle of the tasks is found when it is opened', async (t) => {
    const file = path.join(makeFolder(t), 'journal.db');
    const filling = createThreadedJournal({ entry, file });
    const tasks = Array.from({ length: 400 }, (_, n) => journalTask(`t${n + 1_000_000}`, { details: 'x'.repeat(900) }));
    await Promise.all(tasks.map((each) => filling.addTask(each, [])));
    await filling.close();
    const pages = Math.floor(fs.statSync(file).size / 4096);
    // The header of one page stays, its cells do not.
    overwrite(file, 4096 * Math.floor(pages / 2) + 200, 3_000 / fs.statSync(file).size);
    await assert.rejects(open(t, file).opened, isError('DATABASE_CORRUPT', /journal\.db” is damaged\.$/));
  });

  test('rows that SQLite reads without complaint and that nobody may write are found as well', async (t) => {
    const file = await makeUsed(t);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA ignore_check_constraints = ON; INSERT INTO queue VALUES (2, 1)');
    database.close();
    await assert.rejects(open(t, file).opened, isError('DATABASE_CORRUPT', /journal\.db” is damaged\.$/));
  });

  test('damage among the steps shows when they are read, and fails that call alone', async (t) => {
    const file = await makeUsed(t);
    overwrite(file, 4096 * Math.floor(fs.statSync(file).size / 4096 / 2), 0.1);
    const journal = open(t, file);
    await journal.opened;
    await assert.rejects(journal.steps(task.id, all), isError('DATABASE_CORRUPT', /damaged/));
    assert.deepEqual(await journal.loadTasks(), [task]);
    await journal.setPaused(true);
    assert.equal(await journal.isPaused(), true);
  });

  test('a word that nobody writes is damage', async (t) => {
    const file = await makeUsed(t);
    const database = new DatabaseSync(file);
    database.exec(`UPDATE step SET bucket = 'burn' WHERE n = 3`);
    database.close();
    const journal = open(t, file);
    await assert.rejects(journal.steps(task.id, all), isError('DATABASE_CORRUPT', /damaged/));
  });
});

describe('messages to the thread of the journal', () => {
  test('no more than a few thousand rows go in one turn of the event loop, all of them in order', async () => {
    const posted: number[] = [];
    const send = createJournalOutbox(({ id }) => posted.push(id));
    const add = (id: number) => ({ op: 'add-steps' as const, id, task: task.id, steps: journalSteps(1_500) });
    send([add(1), add(2)]);
    send([add(3), { op: 'load-tasks', id: 4 }, add(5)]);
    const turns = [posted.length];
    while (posted.length < 5) {
      await new Promise((resolve) => setImmediate(resolve));
      turns.push(posted.length);
    }
    assert.deepEqual(posted, [1, 2, 3, 4, 5]);
    assert.deepEqual(turns, [2, 5]);
  });
});

describe('the thread of the journal dies', () => {
  const endings: readonly (readonly [string, string])[] = [
    ['throws', 'throw new Error("boom")'],
    ['exits', 'process.exit(0)'],
  ];
  for (const [how, code] of endings) {
    test(`it ${how}: waiting and later calls are rejected with a sentence`, async (t) => {
      const program = path.join(makeFolder(t), 'dying.mjs');
      const opens = `import { parentPort } from 'node:worker_threads'; parentPort.postMessage({ type: 'opened' });`;
      fs.writeFileSync(program, `${opens} parentPort.on('message', () => { ${code}; });`);
      const journal = open(t, 'unused', program);
      await journal.opened;
      const sentence = isError('INTERNAL', /^The thread that keeps the journal of the queue ended unexpectedly\.$/);
      await Promise.all(
        [journal.setPaused(true), journal.addTask(task, journalSteps(5_000)), journal.loadTasks()].map((call) =>
          assert.rejects(call, sentence),
        ),
      );
      await assert.rejects(journal.saveTask(task), sentence);
      await journal.close();
    });

    test(`it ${how} before it is open`, async (t) => {
      const program = path.join(makeFolder(t), 'dying.mjs');
      fs.writeFileSync(program, code);
      const journal = open(t, 'unused', program);
      await assert.rejects(journal.opened, isError('INTERNAL', /ended unexpectedly/));
      await assert.rejects(journal.isPaused(), isError('INTERNAL', /ended unexpectedly/));
    });
  }
});
