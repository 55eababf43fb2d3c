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
const candidate = (service: string, probability: number, fields: Parameters<typeof finding>[0] = {}) => ({
  service,
  probability,
  instance: '',
  kind: 'latency' as const,
  logOdds: 1,
  findings: [finding({ service, traits: resources.traits, weight: 1, ...fields })],
});
const order = (chances: readonly number[], traits: Traits = resources.traits): string[] =>
  keepSecondCause(
    { callees },
    ['db', 'api', 'web', 'search'].map((service, i) => candidate(service, chances[i] ?? 0, { traits })),
  ).map(({ service, probability }) => `${service} ${probability}`);

describe('a second cause', () => {
  it('takes the third place where the first is nearly certain and explains those before it', () => {
    expect(order([0.97, 0.02, 0.006, 0.004])).toEqual(['db 0.97', 'api 0.02', 'search 0.006', 'web 0.004']);
  });

  it('does not where the first is in doubt, or where only an alert speaks for it', () => {
    expect(order([0.6, 0.3, 0.06, 0.04])[2]).toBe('web 0.06');
    expect(order([0.97, 0.02, 0.006, 0.004], alerts.traits)[2]).toBe('web 0.006');
  });

  it.each([
    ['weak', { weight: 0.2 }],
    ['evidence against it', { weight: 1, isAgainst: true }],
    ['what a failing callee may account for', { weight: 1, explainable: 0.5 }],
  ])('is none where all there is to it is %s', (_what, fields) => {
    const related = [candidate('db', 0.97), candidate('api', 0.02), candidate('web', 0.006)];
    const all = [...related, candidate('search', 0.004, fields)];
    expect(keepSecondCause({ callees }, all)).toEqual(all);
  });

  it('is no service that the first one calls, or that calls the first one', () => {
    const chances = [0.97, 0.02, 0.006, 0.004];
    const far = new Map([...callees, ['search', ['cache']], ['cache', ['db']]]);
    const names = ['db', 'api', 'web', 'search'].map((service, i) => candidate(service, chances[i] ?? 0));
    expect(keepSecondCause({ callees: far }, names)).toEqual(names);
  });

  it('needs no help where it is among the first three', () => {
    const between = new Map([['web', ['db']]]);
    const names = ['db', 'search', 'web', 'api'].map((service, i) => candidate(service, 0.95 / 10 ** i));
    expect(keepSecondCause({ callees: between }, names)).toBe(names);
  });
});
