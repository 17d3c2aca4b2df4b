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

for (const [code, expected, words] of [
  ['EACCES', 'ACCESS_DENIED', /may not be changed/],
  ['EPERM', 'ACCESS_DENIED', /may not be changed/],
  ['EIO', 'IO_FAILED', /could not be written/],
  ['ENOTSUP', 'IO_FAILED', /could not be written/],
  ['EEXIST', 'TARGET_EXISTS', /is there already/],
  ['ENOTEMPTY', 'FOLDER_NOT_EMPTY', /is not empty/],
  ['EXDEV', 'UNSUPPORTED', /another drive/],
  ['EROFS', 'READ_ONLY', /read-only/],
] as const) {
  test(`${code} of a call that changes something is ${expected}, and does not speak of reading`, () => {
    const failed = fromOsError(Object.assign(new Error('as Node says it'), { code }), '/m/a.bin', 'write');
    assert.ok(failed instanceof AppError);
    assert.equal(failed.code, expected);
    assert.match(failed.message, words);
    assert.doesNotMatch(`${failed.message} ${failed.hint ?? ''}`, /read by|be read|read permission/);
  });
}

test('what is no error of the system is passed on', () => {
  const bug = new TypeError('x is undefined');
  assert.equal(fromOsError(bug, '/x'), bug);
});
