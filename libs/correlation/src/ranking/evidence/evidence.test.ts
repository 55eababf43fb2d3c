import type { EdgeRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { createContext } from '../compare/compare.ts';
import type { EvidenceKind } from '../finding/finding.ts';
import {
  around,
  child,
  edge,
  incident,
  line,
  onsetMs,
  operation,
  presence,
  type Rows,
  type Shift,
  series,
} from '../fixture.ts';
import { knownOnset } from '../onset/find-onset.ts';
import { alerts } from './alerts.ts';
import { lostCalls } from './lost-calls.ts';
import { meshLatency } from './mesh-latency.ts';
import { edgeGap } from './network-latency.ts';
import { ownErrors } from './originating-errors.ts';
import { steps } from './pattern-shift.ts';
import { resources } from './resources.ts';
import { selfTime } from './self-time.ts';
import { serviceMetrics } from './service-metrics.ts';
import { blind } from './telemetry-gap.ts';
import { traffic } from './traffic.ts';
import { silentHop } from './uninstrumented-dependency.ts';

/** Service and mechanism of each finding of one kind, strongest first. */
function found(kind: EvidenceKind, rows: Rows): string[] {
  return [...kind(createContext(incident('web', rows), knownOnset(onsetMs)))]
    .sort((a, b) => b.strength - a.strength)
    .map(({ service, causeKind }) => `${service} ${causeKind}`);
}

const quiet = [...operation({ service: 'web', self: [5, 5] }), ...operation({ service: 'db', self: [5, 5] })];

describe('self-time', () => {
  it('points at the service whose own code got slower, not at the one that waits', () => {
    const rows = {
      operations: [
        ...operation({ service: 'web', total: [20, 220], self: [5, 5] }),
        ...operation({ service: 'api', self: [10, 210] }),
      ],
    };
    expect(found(selfTime, rows)).toEqual(['api latency']);
  });

  it('sees a delay that hits a tenth of the calls', () => {
    const [before, during] = operation({ service: 'api', self: [10, 10] });
    const slow = [...around(10, 90), ...around(500, 10)];
    const operations = [before, during && { ...during, self: slow }].filter((row) => row !== undefined);
    expect(found(selfTime, { operations })).toEqual(['api latency']);
  });

  it('takes less for proof where an alert already says it', () => {
    const twoLate = (service: string): Rows => {
      const [before, during] = operation({ service, self: [10, 10], calls: [500, 40] });
      const self = [...around(10, 38), ...around(900, 2)];
      return { operations: [before, during && { ...during, self }].filter((row) => row !== undefined) };
    };
    expect(found(selfTime, twoLate('web'))).toEqual(['web latency']);
    expect(found(selfTime, twoLate('api'))).toEqual([]);
  });

  it('is silent when nothing moved, and when there is nothing to compare with', () => {
    expect(found(selfTime, { operations: quiet })).toEqual([]);
    expect(found(selfTime, { operations: operation({ service: 'new', self: [5, 500], calls: [0, 100] }) })).toEqual([]);
  });
});

describe('edge-gap', () => {
  const operations = ['web', 'api', 'a', 'b'].flatMap((service) => operation({ service, self: [5, 5] }));

  it('blames the callee of a slow way', () => {
    const edges = [
      ...edge({ from: 'web', to: 'api', gap: [1, 200] }),
      ...edge({ from: 'web', to: 'a' }),
      ...edge({ from: 'web', to: 'b' }),
    ];
    expect(found(edgeGap, { operations, edges })).toEqual(['api network']);
  });

  it('blames the caller when nearly all that it sends is late', () => {
    const late = (from: string, to: string) => edge({ from, to, gap: [1, 200] });
    const edges = [
      ...late('api', 'a'),
      ...late('api', 'b'),
      ...edge({ from: 'web', to: 'a' }),
      ...edge({ from: 'web', to: 'b' }),
    ];
    expect(found(edgeGap, { operations, edges })).toEqual(['api network']);
  });

  it('names the instance that the way to is slow, and none when the way to all of them is', () => {
    const to = (calleeInstance: string, gap: Shift) =>
      edge({ from: 'web', to: 'api', gap }).map((row) => ({ ...row, calleeInstance }));
    const instances = (edges: readonly EdgeRow[]) =>
      edgeGap(createContext(incident('web', { operations, edges: [...edges] }), knownOnset(onsetMs))).map(
        ({ instance }) => instance,
      );
    expect(instances([...to('api-1', [1, 1]), ...to('api-2', [1, 200])])).toEqual(['api-2']);
    expect(instances([...to('api-1', [1, 200]), ...to('api-2', [1, 200])])).toEqual(['']);
  });
});

describe('silent-hop', () => {
  it('names a peer without telemetry that answers slower or fails', () => {
    const operations = operation({ service: 'web', self: [5, 5] });
    expect(
      found(silentHop, { operations, edges: edge({ from: 'web', to: 'pg', silent: true, total: [5, 300] }) }),
    ).toEqual(['pg latency']);
    expect(
      found(silentHop, { operations, edges: edge({ from: 'web', to: 'pg', silent: true, errors: [0, 40] }) }),
    ).toEqual(['pg dependency']);
  });

  it('leaves peers with spans to the other kinds', () => {
    expect(found(silentHop, { operations: quiet, edges: edge({ from: 'web', to: 'db', total: [5, 300] }) })).toEqual(
      [],
    );
  });
});

describe('own-errors', () => {
  it('counts only errors that no callee explains', () => {
    const operations = [
      ...operation({ service: 'web', self: [5, 5], errors: [0, 40] }),
      ...operation({ service: 'api', self: [5, 5], errors: [0, 40], ownErrors: [0, 40] }),
    ];
    expect(found(ownErrors, { operations })).toEqual(['api error']);
  });

  it('does not take one error in ten calls for proof', () => {
    expect(
      found(ownErrors, { operations: operation({ service: 'api', self: [5, 5], calls: [10, 10], ownErrors: [0, 1] }) }),
    ).toEqual([]);
  });
});

describe('steps', () => {
  const operations = operation({ service: 'api', self: [5, 5] });

  it('sees a call that is no longer made, whatever the load', () => {
    const half = operation({ service: 'api', self: [5, 5], calls: [500, 40] });
    expect(found(steps, { operations: half, children: child('api', 'db', [490, 1]) })).toEqual(['api code']);
    expect(found(steps, { operations: half, children: child('api', 'db', [490, 39]) })).toEqual([]);
  });

  it('calls a new error line an error', () => {
    const templates = [...line('api', 'served', [500, 100]), ...line('api', 'no price for item *', [0, 90], 17)];
    expect(found(steps, { operations, templates })).toEqual(['api error']);
  });

  it('takes one harmless line in place of another for a branch in the data', () => {
    const common = line('api', 'served', [500, 100]);
    const lost = line('api', 'path a', [400, 10]);
    const gained = line('api', 'path b', [100, 90]);
    const weight = (templates: Rows['templates']): number =>
      steps(createContext(incident('web', { operations, templates: templates ?? [] }), knownOnset(onsetMs)))[0]
        ?.strength ?? 0;
    expect(weight([...common, ...lost, ...gained])).toBeLessThan(0.5 * weight([...common, ...lost]));
  });

  it('does not read a gap in log collection as lines that came', () => {
    const more = ['a', 'b', 'c'].flatMap((service) => operation({ service, self: [5, 5] }));
    const templates = ['api', 'a', 'b', 'c'].flatMap((service) => line(service, 'served', [20, 100]));
    expect(found(steps, { operations: [...operations, ...more], templates })).toEqual([]);
  });
});

describe('resources', () => {
  it('names the instance whose processor rose beyond its own history', () => {
    const rows = {
      series: [
        series('api', 'process.cpu.utilization', [0.2, 0.95]),
        series('web', 'process.cpu.utilization', [0.2, 0.2]),
      ],
    };
    expect(found(resources, rows)).toEqual(['api cpu']);
  });

  it('hardly counts a processor that uses a fraction of its limit, by whatever metric', () => {
    const strongest = (ratePercent: number): number => {
      const rows = [
        series('api', 'pod.cpu.usage', [0.1, 3], 'm'),
        series('api', 'pod.cpu.usage_rate', [ratePercent / 30, ratePercent], '%'),
      ];
      const context = createContext(incident('web', { series: rows }), knownOnset(onsetMs));
      return Math.max(0, ...resources(context).map(({ strength }) => strength));
    };
    expect(strongest(1.5)).toBeLessThan(0.05);
    expect(strongest(90)).toBeGreaterThan(0.8);
  });

  it('takes a rise that all share for load', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    expect(found(resources, { series: names.map((name) => series(name, 'cpu.usage', [0.2, 0.5])) })).toEqual([]);
  });
});

describe('service-metrics', () => {
  it('leaves to the callee what the callee added', () => {
    const rows = {
      series: [series('web', 'latency.average', [0.1, 0.5], 's'), series('table', 'latency.average', [0.01, 0.4], 's')],
    };
    const declaredEdges = [{ from: 'web', to: 'table' }];
    const context = createContext(incident('web', rows, { declaredEdges }), knownOnset(onsetMs));
    const [first, ...rest] = serviceMetrics(context).toSorted((a, b) => b.strength - a.strength);
    expect(first?.service).toBe('table');
    expect(rest.every(({ strength }) => strength < 0.2 * (first?.strength ?? 0))).toBe(true);
  });

  it('leaves to the way what a mesh sees there, in whatever unit', () => {
    const web = series('web', 'latency.average', [0.1, 0.5], 's');
    const way = {
      ...series('mesh', 'request.duration', [10, 410], 'ms'),
      attributes: 'destination=ads,reporter=source,source=web',
    };
    const strengthOf = (rows: Rows): number =>
      serviceMetrics(createContext(incident('web', rows), knownOnset(onsetMs))).find(({ service }) => service === 'web')
        ?.strength ?? 0;
    expect(strengthOf({ series: [web] })).toBeGreaterThan(0.5);
    expect(strengthOf({ series: [web, way] })).toBeLessThan(0.05);
  });

  it('does not blame what was off before the harm began', () => {
    const late = series('table', 'latency.average', [0.01, 0.4], 's');
    const points = late.points.map(([atMs, , , n]) => [atMs, atMs < 300_000 ? 0.01 : 0.4, 0.4, n] as const);
    expect(found(serviceMetrics, { series: [{ ...late, points }] })).toEqual([]);
  });
});

describe('mesh-latency', () => {
  const link = (reporter: string, source: string, destination: string, shift: [number, number]) => ({
    ...series('mesh', 'request.duration', shift, 's'),
    attributes: `destination=${destination},reporter=${reporter},source=${source}`,
  });

  it('blames the last link that got slower, and the way when the receiver sees nothing', () => {
    const rows = {
      series: [
        link('source', 'web', 'api', [0.1, 0.9]),
        link('source', 'api', 'mail', [0.01, 0.8]),
        link('destination', 'api', 'mail', [0.01, 0.01]),
      ],
    };
    expect(found(meshLatency, rows)[0]).toBe('mail network');
  });

  it('leaves other series alone', () => {
    expect(found(meshLatency, { series: [series('api', 'request.duration', [0.1, 0.9], 's')] })).toEqual([]);
  });
});

describe('lost-calls', () => {
  const rates = [series('web', 'requests', [10, 10], '1/s'), series('pay', 'requests', [2, 0], '1/s')];
  const edges = edge({ from: 'web', to: 'pay' });

  it('blames the caller that goes on and stopped calling', () => {
    expect(found(lostCalls, { series: rates, edges })).toEqual(['web code']);
  });

  it('says nothing when the caller itself is called less, or when its spans tell more', () => {
    const fewer = [series('web', 'requests', [10, 1], '1/s'), ...rates.slice(1)];
    expect(found(lostCalls, { series: fewer, edges })).toEqual([]);
    expect(found(lostCalls, { series: rates, edges, operations: operation({ service: 'web', self: [5, 5] }) })).toEqual(
      [],
    );
  });
});

describe('blind', () => {
  it('tells of a service that went silent while others go on', () => {
    const rows = { presence: [presence('web', 779_000), presence('api', 778_000), presence('mute', 610_000)] };
    expect(found(blind, rows)).toEqual(['mute blind']);
  });

  it('does not take a signal that all lost for the silence of one', () => {
    const rows = ['web', 'api', 'pay'].map((service) => ({ ...presence(service, 610_000), lastMetricMs: 779_000 }));
    expect(found(blind, { presence: [...rows, presence('spans-only', 780_000)] })).toEqual([]);
  });

  it('does not take senders whose clock runs ahead for the silence of others', () => {
    const rows = { presence: [presence('web', 1_080_000), presence('api', 1_080_000), presence('mute', 778_000)] };
    const input = incident('web', rows);
    const watermarks = { spans: 1_080_000, logs: 0, metrics: 0 };
    const blindAt = (nowMs: number): string[] => {
      const answer = input.answer === null ? null : { ...input.answer, watermarks };
      return blind(createContext({ ...input, nowMs, answer }, knownOnset(onsetMs))).map(({ service }) => service);
    };
    expect(blindAt(780_000)).toEqual([]);
    expect(blindAt(1_080_000)).toEqual(['mute']);
  });

  it('calls it down when its callers fail', () => {
    const rows = {
      presence: [presence('web', 779_000), presence('api', 778_000), presence('mute', 610_000)],
      edges: edge({ from: 'web', to: 'mute', errors: [0, 50] }),
    };
    expect(found(blind, rows)).toEqual(['mute down']);
  });
});

describe('traffic', () => {
  it('needs an earlier short slice to compare with, and twice the rate', () => {
    expect(found(traffic, { operations: operation({ service: 'web', self: [5, 5], calls: [500, 900] }) })).toEqual([]);
  });
});

describe('alerts', () => {
  it('counts for little, and for nothing where a callee alerts too', () => {
    const both = { ...incident('web', {}), declaredEdges: [{ from: 'web', to: 'api' }] };
    const [first] = both.alerts;
    const input = { ...both, alerts: first === undefined ? [] : [first, { ...first, entities: { service: 'api' } }] };
    const strengths = alerts(createContext(input, knownOnset(onsetMs))).map(({ service, strength }) => [
      service,
      strength,
    ]);
    expect(strengths).toEqual([
      ['web', 0],
      ['api', 1],
    ]);
  });
});
