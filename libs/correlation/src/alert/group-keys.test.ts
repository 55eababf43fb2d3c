import { describe, expect, it } from 'vitest';
import type { GroupRule } from '../state/config.ts';
import { isSeparatedByRule, sharedRule } from '../state/group-keys.ts';
import { newAlert } from '../testing/played.ts';
import { groupKeysOf } from './group-keys.ts';

const rule: GroupRule = {
  name: 'a|b %',
  owner: 'data',
  match: { service: 'db' },
  mode: 'together',
  by: ['team'],
  windows: [{ fromMs: 100, untilMs: 200 }],
};
const labelled = (team?: string) => ({ ...newAlert({ service: 'db' }), labels: team === undefined ? {} : { team } });
const keyed = (rules: readonly GroupRule[], team: string) => ({ groupKeys: groupKeysOf(rules, labelled(team), 150) });

describe('a rule speaks of an alert', () => {
  it.each([
    ['before its window', 99, labelled('x'), 0],
    ['in its window', 100, labelled('x'), 1],
    ['until the end, exclusive', 200, labelled('x'), 0],
    ['unless it lacks a label that is compared', 150, labelled(), 0],
    ['unless it does not match', 150, newAlert({ service: 'cart' }), 0],
  ] as const)('%s', (_name, atMs, alert, count) => expect(groupKeysOf([rule], alert, atMs)).toHaveLength(count));
});

it('equal values are together, whatever signs a name has', () => {
  const one = keyed([rule], 'x|y');
  expect(sharedRule(new Set(one.groupKeys), keyed([rule], 'x|y'))).toBe('a|b %');
  expect(sharedRule(new Set(one.groupKeys), keyed([rule], 'x'))).toBeNull();
  expect(isSeparatedByRule(new Set(one.groupKeys), keyed([rule], 'x'))).toBe(false);
});

it('other values are apart; equal ones, and alerts of which the rule does not speak, are not', () => {
  const apart = { ...rule, mode: 'apart' } as const;
  const keys = new Set(keyed([apart], 'x').groupKeys);
  expect(['x', 'y'].map((team) => isSeparatedByRule(keys, keyed([apart], team)))).toEqual([false, true]);
  expect(isSeparatedByRule(keys, {})).toBe(false);
  expect(isSeparatedByRule(new Set(), keyed([apart], 'y'))).toBe(false);
  expect(sharedRule(keys, keyed([apart], 'x'))).toBeNull();
});
