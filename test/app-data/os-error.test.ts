import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/core/errors/app-error.ts';
import { fromOsError } from '../../src/platform/filesystem/os-error.ts';

const rows = [
  [{ code: 'ENOENT', errno: -4058 }, 'FILE_NOT_FOUND'],
  [{ code: 'EPERM', errno: -4048 }, 'ACCESS_DENIED'],
  [{ code: 'EACCES', errno: -4092 }, 'ACCESS_DENIED'],
  [{ code: 'EBUSY', errno: -4082 }, 'FILE_BUSY'],
  [{ code: 'ECONNRESET', errno: -4077 }, 'LOCATION_OFFLINE'],
  // A share or server that is gone, a drive without a disk, a file that is only in the cloud: Node has no name for them.
  [{ code: 'UNKNOWN', errno: -4094 }, 'IO_FAILED'],
  [{ code: 'ENOTSUP', errno: -4049 }, 'IO_FAILED'],
  [{ code: 'Unknown system error -116', errno: -116 }, 'LOCATION_OFFLINE'],
  [{ code: 'Unknown system error -9999', errno: -9999 }, 'IO_FAILED'],
] as const;

for (const [error, code] of rows) {
  test(`${error.code} is ${code}, in a sentence with the path`, () => {
    const failed = fromOsError(Object.assign(new Error('as Node says it'), error), '\\\\nas\\models');
    assert.ok(failed instanceof AppError);
    assert.equal(failed.code, code);
    assert.match(failed.message, /^“\\\\nas\\models” .+\.$/);
  });
}

test('what is no error of the system is passed on', () => {
  const bug = new TypeError('x is undefined');
  assert.equal(fromOsError(bug, '/x'), bug);
});
