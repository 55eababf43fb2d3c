import { expect, it } from 'vitest';
import { createState } from '../state/load.ts';
import { newEvidence } from '../testing/played.ts';
import { environmentsRead, isTelling, mayBeIn, mayMeet, tellingOnes } from './environment.ts';

const before = createState({ tenant: 't', environment: '' });
const known = Object.assign(createState(before.scope), { environments: ['production', 'green'] });

it.each([
  ['nothing', before, '', false],
  ['telemetry that names none', before, 'default', false],
  ['any word before telemetry is known', before, 'blue', true],
  ['a word that telemetry has', known, 'green', true],
  ['a word that it has not', known, 'blue', false],
  ["everybody's word, which it has not", known, 'staging', true],
] as const)('%s', (_what, names, environment, telling) => {
  expect(isTelling(names, environment)).toBe(telling);
});

it.each([
  ['equal', ['production'], 'production', true],
  ['one of two', ['production', 'staging'], 'staging', true],
  ['another', ['production'], 'staging', false],
  ['a group that names none', [], 'staging', true],
  ['a signal that names none', ['production'], '', true],
  ['a word without telemetry', ['production'], 'blue', true],
  ['a group with such a word alone', ['blue'], 'staging', true],
] as const)('may be in: %s', (_what, environments, environment, may) => {
  expect(mayBeIn(known, environments, environment)).toBe(may);
  expect(mayMeet(known, environments, environment === '' ? [] : [environment])).toBe(may);
});

it('evidence counts where it knows the environment', () => {
  const read = ['default', 'production', 'staging'];
  const reading = { read, named: [], seen: [], known: read };
  const of = (reason: 'shared' | 'ambiguous') => environmentsRead({ environment: { ...reading, reason } });
  expect(of('shared')).toEqual(['production', 'staging']);
  expect(of('ambiguous')).toEqual([]);
  expect(environmentsRead(newEvidence({}))).toEqual([]);
  expect(tellingOnes(known, ['staging', 'blue', 'green'])).toEqual(['green', 'staging']);
});
