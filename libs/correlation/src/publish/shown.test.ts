import { expect, it } from 'vitest';
import { firstWithWorst } from './shown.ts';

const firing = (name: string, severity: 'critical' | 'info') => ({ name, severity, status: 'firing' }) as const;
const over = (name: string) => ({ name, severity: 'critical', status: 'resolved' }) as const;
const infos = ['a', 'b', 'c'].map((name) => firing(name, 'info'));

it.each([
  ['all that fit', infos, 3, 'abc'],
  ['the newest of equals instead of the last', [...infos, firing('d', 'info')], 3, 'abd'],
  [
    'the newest critical one',
    [...infos, firing('d', 'critical'), firing('e', 'critical'), firing('f', 'info')],
    3,
    'abe',
  ],
  ['what fires before what is over', [...infos, firing('d', 'critical'), over('e')], 3, 'abd'],
  ['the first ones where the worst is among them', [firing('x', 'critical'), ...infos, firing('d', 'info')], 2, 'xa'],
  ['the worst of all when nothing fires', [over('a'), over('b'), over('c')], 2, 'ac'],
] as const)('shows %s', (_what, alerts, most, expected) => {
  expect(
    firstWithWorst(alerts, most)
      .map(({ name }) => name)
      .join(''),
  ).toBe(expected);
});
