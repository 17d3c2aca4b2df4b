import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type NameCalls, patientNameCalls } from '../../src/platform/filesystem/patient-calls.ts';

const failure = (code: string): Error => Object.assign(new Error(code), { code });

function failing(code: string, times: number): { readonly calls: NameCalls; readonly tries: () => number } {
  let tries = 0;
  const call = (): void => {
    tries += 1;
    if (tries <= times) throw failure(code);
  };
  return { calls: { link: call, rename: call, unlink: call }, tries: () => tries };
}

describe('names that Windows does not let go of', () => {
  for (const code of ['EPERM', 'EACCES', 'EBUSY']) {
    for (const name of ['link', 'rename', 'unlink'] as const) {
      test(`${name}: ${code} passes when it is tried again`, () => {
        const { calls, tries } = failing(code, 2);
        let pauses = 0;
        const onPause = (): void => {
          pauses += 1;
        };
        patientNameCalls(calls, { onPause, monotonicMs: () => 0 })[name]('a', 'b');
        assert.deepEqual([tries(), pauses], [3, 2]);
      });
    }
  }

  test('after 60 s the answer stands', () => {
    const { calls } = failing('EBUSY', Number.POSITIVE_INFINITY);
    let nowMs = 0;
    const monotonicMs = (): number => {
      nowMs += 20_000;
      return nowMs;
    };
    assert.throws(() => patientNameCalls(calls, { onPause: () => {}, monotonicMs }).unlink('a'), /EBUSY/);
  });

  test('other answers stand at once', () => {
    for (const code of ['ENOENT', 'EEXIST', 'ENOSPC', 'EXDEV']) {
      const { calls, tries } = failing(code, 1);
      assert.throws(() => patientNameCalls(calls, { onPause: () => {}, monotonicMs: () => 0 }).rename('a', 'b'));
      assert.equal(tries(), 1);
    }
  });
});
