import { expect, it } from 'vitest';
import { newEvidence } from '../testing/played.ts';
import { identifiedCause } from './cause.ts';

const pinOn = (service: string) => ({ service, causeKind: 'pool', actor: 'ann' });

it.each([
  ['an identified ranking names its first cause', newEvidence({ cause: 'db' }).ranking, null, 'db'],
  ['an inconclusive one names none', newEvidence({ cause: 'db', verdict: 'inconclusive' }).ranking, null, null],
  ['a pin on the same service agrees', newEvidence({ cause: 'db' }).ranking, pinOn('db'), 'db'],
  ['a pin on another one rejects it', newEvidence({ cause: 'db' }).ranking, pinOn('web'), null],
  ['a pin alone proves nothing', newEvidence({}).ranking, pinOn('db'), null],
  ['no ranking, no cause', undefined, undefined, null],
] as const)('%s', (_what, ranking, pin, cause) => {
  expect(identifiedCause(ranking, pin === undefined ? undefined : { pin })).toBe(cause);
});
