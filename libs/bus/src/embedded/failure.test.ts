import { expect, test } from 'vitest';
import { failure } from '../failure.ts';
import { decideOpenCode, FailureError, failureWhileRunning } from './failure.ts';

const sqliteError = (errcode: number) =>
  Object.assign(new Error('sqlite says no'), { code: 'ERR_SQLITE_ERROR', errcode });
const systemError = (code: string) => Object.assign(new Error('system says no'), { code });

test.each([
  [sqliteError(13), 'BUS_DISK_FULL'],
  [sqliteError(8), 'BUS_NO_PERMISSION'],
  // Extended code SQLITE_READONLY_DIRECTORY.
  [sqliteError(1544), 'BUS_NO_PERMISSION'],
  [sqliteError(5), 'BUS_FOLDER_LOCKED'],
  [sqliteError(11), 'BUS_CORRUPT'],
  [sqliteError(26), 'BUS_CORRUPT'],
  [systemError('EACCES'), 'BUS_NO_PERMISSION'],
  [systemError('EROFS'), 'BUS_NO_PERMISSION'],
  [systemError('ENOSPC'), 'BUS_DISK_FULL'],
  [systemError('ENOTDIR'), 'BUS_FOLDER_UNUSABLE'],
  [sqliteError(1), undefined],
  [new TypeError('a bug'), undefined],
  ['text', undefined],
])('opening: %o is reported as %s', (error, code) => {
  expect(decideOpenCode(error)).toBe(code);
});

test('while running, a full disk is BUS_UNAVAILABLE and says so; damage is permanent', () => {
  expect(failureWhileRunning(sqliteError(13), 'writing')).toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringContaining('BUS_DISK_FULL'),
  });
  expect(failureWhileRunning(sqliteError(11), 'writing').code).toBe('BUS_CORRUPT');
  const ours = failure('BUS_FENCED', 'partition 1');
  expect(failureWhileRunning(new FailureError(ours), 'writing')).toEqual(ours);
});
