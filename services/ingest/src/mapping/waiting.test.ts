import { expect, it } from 'vitest';
import { createWaitingLines, type Waiting } from './waiting.ts';

interface Named extends Waiting {
  readonly name: string;
}
const item = (tenant: string, name: string, isAlert = false, sizeBytes = 1): Named => ({
  tenant,
  name,
  isAlert,
  sizeBytes,
});

function all(lines: ReturnType<typeof createWaitingLines<Named>>): string[] {
  const next = lines.next();
  return next === undefined ? [] : [next.name, ...all(lines)];
}

it('alerts come before changes, and tenants take turns', () => {
  const lines = createWaitingLines<Named>({ maxItems: 10, maxBytes: 100 });
  for (const each of ['a1', 'a2', 'a3']) lines.add(item('a', each));
  lines.add(item('b', 'b1'));
  lines.add(item('c', 'alert', true));
  expect(all(lines)).toEqual(['alert', 'a1', 'b1', 'a2', 'a3']);
});

it('a tenant has a limit of items and of bytes, which is not that of others or of its alerts', () => {
  const lines = createWaitingLines<Named>({ maxItems: 2, maxBytes: 10 });
  expect([1, 2, 3].map((each) => lines.add(item('a', String(each))))).toEqual([true, true, false]);
  expect([lines.add(item('b', 'b', false, 50)), lines.add(item('b', 'b'))]).toEqual([true, false]);
  expect(lines.add(item('a', 'alert', true))).toBe(true);
  lines.next();
  lines.next();
  expect(lines.add(item('a', 'again'))).toBe(true);
});
