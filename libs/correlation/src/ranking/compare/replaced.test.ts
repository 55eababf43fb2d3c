import { expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { operation, presence, type Rows, series } from '../testing/fixture.ts';
import { isReplaced } from './replaced.ts';

const row = (instance: string, lastSpanMs: number) => ({ ...presence('api', lastSpanMs), instance });
const [gone, left] = [row('old', 610_000), row('new', 779_000)];
const replaced = (rows: Rows) => isReplaced(compareRows(rows), 'api', { gone: [gone], left: [left] });
const served = (instance: string) => operation({ service: 'api', self: [5, 5] }).map((one) => ({ ...one, instance }));

it('a silent instance was replaced where another one came in its place', () => {
  expect(replaced({ operations: served('old') })).toBe(true);
  expect(replaced({ operations: [...served('old'), ...served('new')] })).toBe(false);
});

it('metrics tell who ran before as well', () => {
  const reported = (instance: string) => ({ ...series('api', 'memory', [1, 1]), instance });
  expect(replaced({ series: [reported('old')] })).toBe(true);
  expect(replaced({ series: [reported('old'), reported('new')] })).toBe(false);
});

it('without either nobody can tell', () => expect(replaced({})).toBeNull());

it('fewer new instances than silent ones are no rollout', () => {
  const rows = compareRows({ operations: served('old') });
  expect(isReplaced(rows, 'api', { gone: [gone, row('older', 600_000)], left: [left] })).toBe(false);
});
