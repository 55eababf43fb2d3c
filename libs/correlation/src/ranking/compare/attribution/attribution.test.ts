import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { edge, line, operation, type Rows } from '../../testing/fixture.ts';
import type { AddedTime } from './added-time.ts';

const attribution = (rows: Rows) => compareRows(rows).attribution;
/** The services that added time; the others may have become a little faster. */
const blamed = (part: ReadonlyMap<string, AddedTime>) =>
  [...part].filter(([, { addedUs }]) => addedUs > 1).map(([service]) => service);
const api = operation({ service: 'api', self: [5, 5] });
const web = operation({ service: 'web', self: [5, 5] });

describe('added time belongs', () => {
  it('to a service whose own code takes longer, and not to those that wait for it', () => {
    const slow = operation({ service: 'api', self: [10, 200] });
    const waiting = operation({ service: 'web', self: [5, 5], total: [15, 205] });
    const { self, network } = attribution({
      operations: [...slow, ...waiting],
      edges: edge({ from: 'web', to: 'api' }),
    });
    expect(blamed(self)).toEqual(['api']);
    expect(blamed(network)).toEqual([]);
  });

  it('to the network where the client waits longer than the server works', () => {
    const edges = edge({ from: 'web', to: 'api', gap: [1, 100] });
    const { self, network } = attribution({ operations: [...web, ...api], edges });
    expect(network.get('api')).toMatchObject({ edge: { caller: 'web', callee: 'api' }, operation: '' });
    expect(blamed(self)).toEqual([]);
  });

  it('to the dependency where that sends no spans', () => {
    const edges = edge({ from: 'web', to: 'db', silent: true, total: [5, 300] });
    const { uninstrumented, network } = attribution({ operations: web, edges });
    expect(blamed(uninstrumented)).toEqual(['db']);
    expect(network.size).toBe(0);
  });

  it('to no caller for its client spans, whose time is the edge and the callee', () => {
    const clients = operation({ service: 'web', self: [10, 200] }).map((row) => ({ ...row, kind: 'client' as const }));
    expect(attribution({ operations: clients }).self.size).toBe(0);
  });

  it('to the caller where its calls fail by its own fault', () => {
    const edges = edge({ from: 'web', to: 'api', gap: [1, 100], errors: [0, 80] });
    const templates = line('web', 'lookup api: no such host', [0, 80], 17);
    expect(blamed(attribution({ operations: [...web, ...api], edges }).network)).toEqual(['api']);
    expect(blamed(attribution({ operations: [...web, ...api], edges, templates }).network)).toEqual(['web']);
  });
});

describe('the total', () => {
  it('is the sum of the parts', () => {
    const operations = [...operation({ service: 'api', self: [10, 200] }), ...web];
    const edges = edge({ from: 'web', to: 'db', silent: true, total: [5, 300] });
    const { self, uninstrumented, totalUs } = attribution({ operations, edges });
    const parts = (self.get('api')?.addedUs ?? 0) + (uninstrumented.get('db')?.addedUs ?? 0);
    expect(totalUs).toBeCloseTo(parts + 1);
  });

  it('does not shrink by what became faster', () => {
    const faster = operation({ service: 'web', self: [200, 10] });
    const slow = operation({ service: 'api', self: [10, 200] });
    expect(attribution({ operations: [...slow, ...faster] }).totalUs).toBe(attribution({ operations: slow }).totalUs);
  });

  it('is never zero, so that shares can be taken', () => {
    expect(attribution({ operations: web }).totalUs).toBe(1);
  });
});

it('an alerting service needs less proof than the others', () => {
  const doubtful = (service: string) => operation({ service, self: [10, 13], calls: [100, 1] });
  expect(blamed(attribution({ operations: [...doubtful('web'), ...doubtful('api')] }).self)).toEqual(['web']);
});
