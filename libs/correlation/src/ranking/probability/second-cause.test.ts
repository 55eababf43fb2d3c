import { describe, expect, it } from 'vitest';
import { alerts } from '../evidence/alerts.ts';
import { resources } from '../evidence/resources.ts';
import type { Traits } from '../finding/traits.ts';
import { finding } from '../testing/evidence.ts';
import { keepSecondCause } from './second-cause.ts';

const callees = new Map([
  ['web', ['api', 'search']],
  ['api', ['db']],
]);
const order = (chances: readonly number[], traits: Traits = resources.traits): string[] =>
  keepSecondCause(
    { callees },
    ['db', 'api', 'web', 'search'].map((service, i) => ({
      service,
      probability: chances[i] ?? 0,
      instance: '',
      kind: 'latency' as const,
      logOdds: 1,
      findings: [finding({ service, traits, weight: 1 })],
    })),
  ).map(({ service, probability }) => `${service} ${probability}`);

describe('a second cause', () => {
  it('takes the third place where the first is nearly certain and explains those before it', () => {
    expect(order([0.97, 0.02, 0.006, 0.004])).toEqual(['db 0.97', 'api 0.02', 'search 0.006', 'web 0.004']);
  });

  it('does not where the first is in doubt, or where only an alert speaks for it', () => {
    expect(order([0.6, 0.3, 0.06, 0.04])[2]).toBe('web 0.06');
    expect(order([0.97, 0.02, 0.006, 0.004], alerts.traits)[2]).toBe('web 0.006');
  });
});
