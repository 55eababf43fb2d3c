import { expect, it } from 'vitest';
import { isRemediationKind, remediationText } from './remediation.ts';

it.each([
  ['rolled-back', 'orders v42', 'rolled back orders v42'],
  ['rolled-back', '', 'rolled back'],
  ['config-changed', 'db', 'changed configuration of db'],
  ['false-alarm', 'db', 'false alarm'],
  ['change', 'orders v41', 'orders v41'],
] as const)('%s of %o', (kind, target, text) => expect(remediationText({ kind, target })).toBe(text));

it('people record known kinds only, and none that the machine found', () => {
  expect(['scaled', 'change', 'prayed'].map(isRemediationKind)).toEqual([true, false, false]);
});
