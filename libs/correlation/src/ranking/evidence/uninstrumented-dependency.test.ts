import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, suspectsOf } from '../testing/evidence.ts';
import { edge, operation } from '../testing/fixture.ts';
import { uninstrumentedDependency } from './uninstrumented-dependency.ts';

const operations = operation({ service: 'web', self: [5, 5] });
const call = (from: string, to: string, failing: boolean) =>
  edge({ from, to, silent: true, errors: [0, failing ? 60 : 0] });

describe('uninstrumented dependency', () => {
  it('names a dependency without telemetry that answers slower or fails', () => {
    const slow = edge({ from: 'web', to: 'pg', silent: true, total: [5, 300] });
    expect(suspectsOf(uninstrumentedDependency, { operations, edges: slow })).toEqual(['pg latency']);
    const failing = edge({ from: 'web', to: 'pg', silent: true, errors: [0, 40] });
    expect(suspectsOf(uninstrumentedDependency, { operations, edges: failing })).toEqual(['pg dependency']);
  });

  it('calls a dependency of one’s own that answers nothing down, and never one outside', () => {
    const dead = (to: string) => edge({ from: 'web', to, silent: true, errors: [0, 98] });
    expect(suspectsOf(uninstrumentedDependency, { operations, edges: dead('pg') })).toEqual(['pg down']);
    expect(suspectsOf(uninstrumentedDependency, { operations, edges: dead('api.example.com') })).toEqual([
      'api.example.com dependency',
    ]);
  });

  it('leaves services with spans to the other kinds', () => {
    const both = [...operations, ...operation({ service: 'db', self: [5, 5] })];
    const edges = edge({ from: 'web', to: 'db', total: [5, 300] });
    expect(suspectsOf(uninstrumentedDependency, { operations: both, edges })).toEqual([]);
  });

  it('hardly counts where the caller is at fault', () => {
    const edges = [...call('web', 'db', true), ...call('web', 'cache', true)];
    const strengths = findingsOf(uninstrumentedDependency, { operations, edges }).map(({ strength }) => strength);
    expect(strengths.every((strength) => strength < 0.2)).toBe(true);
  });

  it('is refuted by callers that are served as before', () => {
    const outcome = (...edges: ReturnType<typeof edge>[]): string =>
      refutationOf(uninstrumentedDependency, { edges: edges.flat() }, { lead: { weightName: 'uninstrumentedErrors' } });
    expect(outcome(call('web', 'api', true), call('shop', 'api', true))).toBe(
      'survived: 2 of 2 callers are affected: shop, web',
    );
    expect(outcome(call('web', 'api', true), call('a', 'api', false), call('b', 'api', false))).toBe(
      'refuted: a, b are served as before',
    );
    expect(outcome(call('web', 'api', true), call('web', 'db', false))).toBe('survived: its calls to db are as before');
    expect(outcome(call('web', 'api', true), call('web', 'db', true))).toBe(
      'refuted: its calls to db fail or are slower',
    );
    expect(outcome(call('web', 'api', true))).toBe('not-run: web calls nothing else');
    expect(outcome()).toBe('not-run: no caller was recorded');
  });

  it('with one caller, is compared with all added time if it is slow', () => {
    const edges = edge({ from: 'web', to: 'api', silent: true, total: [10, 300] });
    const lead = { weightName: 'uninstrumentedSlow' };
    expect(refutationOf(uninstrumentedDependency, { edges }, { lead })).toMatch(/^survived: 100 %/);
  });
});
