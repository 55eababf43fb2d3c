import type { EdgeRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, suspectsOf } from '../testing/evidence.ts';
import { edge, operation, type Shift } from '../testing/fixture.ts';
import { networkLatency } from './network-latency.ts';

const operations = ['web', 'api', 'a', 'b'].flatMap((service) => operation({ service, self: [5, 5] }));
const call = (caller: string, callee: string, late: boolean): EdgeRow[] =>
  edge({ from: caller, to: callee, gap: [1, late ? 200 : 1] });

describe('network latency', () => {
  it('blames the callee of a slow call edge', () => {
    const edges = [...call('web', 'api', true), ...call('web', 'a', false), ...call('web', 'b', false)];
    expect(suspectsOf(networkLatency, { operations, edges })).toEqual(['api network']);
  });

  it('blames the caller when nearly all its calls are late', () => {
    const late = [...call('api', 'a', true), ...call('api', 'b', true)];
    const edges = [...late, ...call('web', 'a', false), ...call('web', 'b', false)];
    expect(suspectsOf(networkLatency, { operations, edges })).toEqual(['api network']);
  });

  it('names the one instance whose calls are slow, and none when those of all instances are', () => {
    const to = (calleeInstance: string, gap: Shift) =>
      edge({ from: 'web', to: 'api', gap }).map((row) => ({ ...row, calleeInstance }));
    const instances = (edges: readonly EdgeRow[]) =>
      findingsOf(networkLatency, { operations, edges: [...edges] }).map(({ instance }) => instance);
    expect(instances([...to('api-1', [1, 1]), ...to('api-2', [1, 200])])).toEqual(['api-2']);
    expect(instances([...to('api-1', [1, 200]), ...to('api-2', [1, 200])])).toEqual(['']);
  });

  it('is about an edge, and refers to its rows', () => {
    const [found] = findingsOf(networkLatency, { operations, edges: call('web', 'api', true) });
    expect(found).toMatchObject({
      entity: 'edge:web -> api',
      edge: { caller: 'web', callee: 'api' },
      reference: { view: 'edges', service: 'web', peer: 'api' },
    });
  });

  it('is refuted by other calls of the end that is not blamed', () => {
    const outcome = (service: string, other: EdgeRow[]): string => {
      const caller = service === 'api' ? 'web' : 'api';
      const slow = { caller, callee: service === 'api' ? 'api' : 'b' };
      const edges = [...call(slow.caller, slow.callee, true), ...other];
      return refutationOf(networkLatency, { operations, edges }, { lead: { service, edge: slow } });
    };
    expect(outcome('api', [])).toMatch(/^not-run: web calls nothing/);
    expect(outcome('api', call('web', 'a', false))).toMatch(/^survived/);
    expect(outcome('api', call('web', 'a', true))).toMatch(/^refuted/);
  });

  it('at the caller is refuted by other callers that wait longer', () => {
    const lead = { service: 'api', edge: { caller: 'api', callee: 'b' } };
    const slow = call('api', 'b', true);
    expect(refutationOf(networkLatency, { operations, edges: slow }, { lead })).toBe('not-run: only api calls b');
    const edges = [...slow, ...call('web', 'b', true)];
    expect(refutationOf(networkLatency, { operations, edges }, { lead })).toMatch(/^refuted/);
  });
});
