import type { OperationRow, PresenceRow, SeriesRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { createContext } from '../../compare/compare.ts';
import { disturbedServices } from '../../compare/degraded.ts';
import { refute } from '../../describe/refutation.ts';
import type { SupportName, Weighed } from '../../finding/finding.ts';
import { lookAtOperations } from '../../finding/reference.ts';
import { deploy, edge, incident, onsetMs, operation, presence, type Rows, series } from '../../fixture.ts';
import type { RankingInput } from '../../input/ranking.ts';
import { knownOnset } from '../../onset/find-onset.ts';

const none: Weighed = {
  kind: 'alerts',
  reason: 'alert',
  service: 'api',
  instance: '',
  causeKind: 'latency',
  entity: 'service:api',
  strength: 1,
  explainable: 0,
  summary: '',
  before: '',
  during: '',
  look: lookAtOperations('api'),
  weight: 4,
};

/** How the test of a hypothesis about `api` went that rests on a finding of this kind. */
function outcome(kind: SupportName, rows: Rows, lead: Partial<Weighed> = {}, more: Partial<RankingInput> = {}): string {
  const context = createContext({ ...incident('web', rows), ...more }, knownOnset(onsetMs));
  const { service } = { ...none, ...lead };
  const candidate = {
    service,
    instance: '',
    kind: 'latency' as const,
    logOdds: 4,
    probability: 0.9,
    findings: [{ ...none, kind, ...lead }],
  };
  return refute(context, candidate, new Set(disturbedServices(context))).result;
}

const asKind = (rows: readonly OperationRow[], kind: OperationRow['kind']) => rows.map((row) => ({ ...row, kind }));
const slow = { total: [10, 300] as const };

describe('added time', () => {
  const self = (api: number, db: number): Rows => ({
    operations: [...operation({ service: 'api', self: [10, api] }), ...operation({ service: 'db', self: [10, db] })],
  });

  it('is refuted by more of it elsewhere', () => {
    expect(outcome('self-time', self(300, 10))).toBe('survived: 100 % of it is at api, and none anywhere else');
    expect(outcome('self-time', self(300, 150))).toMatch(/^survived: \d+ % of it is at api, at most \d+ % at db$/);
    expect(outcome('self-time', self(30, 300))).toMatch(/^refuted: .* at api, but \d+ % at db$/);
  });

  it('on the way is asked of the other calls of the same end', () => {
    const operations = ['web', 'api', 'shop'].flatMap((service) => operation({ service, self: [5, 5] }));
    const way = (from: string, to: string, late: boolean) => edge({ from, to, gap: [1, late ? 200 : 1] });
    const gaps = (...edges: ReturnType<typeof edge>[]): Rows => ({ operations, edges: edges.flat() });
    const toApi = { entity: 'edge:web -> api' };
    expect(outcome('edge-gap', gaps(way('web', 'api', true)), toApi)).toMatch(/^could not be run: web calls nothing/);
    expect(outcome('edge-gap', gaps(way('web', 'api', true), way('web', 'shop', false)), toApi)).toMatch(/^survived/);
    expect(outcome('edge-gap', gaps(way('web', 'api', true), way('web', 'shop', true)), toApi)).toMatch(/^refuted/);
    const fromApi = { entity: 'edge:api -> shop' };
    expect(outcome('edge-gap', gaps(way('api', 'shop', true)), fromApi)).toBe('could not be run: only api calls shop');
    expect(outcome('edge-gap', gaps(way('api', 'shop', true), way('web', 'shop', true)), fromApi)).toMatch(/^refuted/);
  });
});

describe('what calls tell', () => {
  const operations = operation({ service: 'api', self: [5, 5] });

  it.each(['own-errors', 'steps', 'error-lines'] as const)('%s are refuted by a callee that answers worse', (kind) => {
    const calling = (errors: readonly [number, number]): Rows => ({
      operations,
      edges: edge({ from: 'api', to: 'db', errors }),
    });
    expect(outcome(kind, { operations })).toBe('survived: it calls nothing that is known');
    expect(outcome(kind, calling([0, 0]))).toBe('survived: those to db do not');
    expect(outcome(kind, calling([0, 60]))).toBe('refuted: those to db do');
    const declaredEdges = [{ from: 'api', to: 'db' }];
    expect(outcome(kind, { operations }, {}, { declaredEdges })).toMatch(/^could not be run: no calls to db/);
  });

  const call = (from: string, to: string, failing: boolean) =>
    edge({ from, to, silent: true, errors: [0, failing ? 60 : 0] });

  it.each(['silent-hop', 'unreachable'] as const)('%s is refuted by callers that are served as before', (kind) => {
    const calls = (...edges: ReturnType<typeof edge>[]): string =>
      outcome(kind, { edges: edges.flat() }, { reason: kind === 'unreachable' ? kind : 'silentErrors' });
    expect(calls(call('web', 'api', true), call('shop', 'api', true))).toBe(
      'survived: 2 of 2 callers suffer: shop, web',
    );
    expect(calls(call('web', 'api', true), call('a', 'api', false), call('b', 'api', false))).toBe(
      'refuted: a, b are served as before',
    );
    expect(calls(call('web', 'api', true), call('web', 'db', false))).toBe('survived: those to db do not');
    expect(calls(call('web', 'api', true), call('web', 'db', true))).toBe('refuted: those to db do');
    expect(calls(call('web', 'api', true))).toBe('could not be run: web alone calls api, and calls nothing else');
  });

  it('a slow peer of one caller is held against all added time', () => {
    const rows = { edges: edge({ from: 'web', to: 'api', silent: true, ...slow }) };
    expect(outcome('silent-hop', rows, { reason: 'silentSlow' })).toMatch(/^survived: 100 %/);
  });

  it('failures on the own side are refuted by others that fail there too', () => {
    const own = [...call('api', 'db', true), ...call('api', 'cache', true)];
    expect(outcome('caller-side', { operations, edges: own })).toBe('could not be run: nobody else calls there');
    expect(outcome('caller-side', { operations, edges: [...own, ...call('web', 'db', false)] })).toBe(
      'survived: web reaches there as before',
    );
  });

  it('silence is held against how callers are served', () => {
    const calling = (errors: readonly [number, number]): Rows => ({ edges: edge({ from: 'web', to: 'api', errors }) });
    expect(outcome('blind', calling([0, 0]), { reason: 'blind' })).toBe(
      'survived: 0 % of 100 calls to it failed since',
    );
    expect(outcome('blind', calling([0, 50]), { reason: 'blind' })).toMatch(/^refuted: 50 %/);
    expect(outcome('blind', calling([0, 50]), { reason: 'down' })).toMatch(/^survived: 50 %/);
    expect(outcome('blind', {}, { reason: 'blind' })).toMatch(/^could not be run: nobody/);
  });
});

describe('what load would explain', () => {
  /** Requests before and since: a short slice before the harm tells the rate. */
  const asked = (rate: readonly [number, number], kind: OperationRow['kind'] = 'server', service = 'api'): Rows => ({
    operations: [0, 1, 2].flatMap((slice) =>
      asKind(operation({ service, self: [5, 5], calls: [500, slice === 1 ? rate[0] : rate[1]] }), kind)
        .slice(slice === 0 ? 0 : 1)
        .slice(0, 1)
        .map((row) => ({ ...row, slice })),
    ),
  });
  const slices = [
    { fromMs: 0, toMs: 480_000 },
    { fromMs: 480_000, toMs: 540_000 },
    { fromMs: onsetMs, toMs: 660_000 },
  ];
  const under = (kind: SupportName, rows: Rows, lead: Partial<Weighed> = {}): string => {
    const { answer } = incident('web', rows);
    return outcome(kind, rows, lead, { answer: answer && { ...answer, slices } });
  };

  it.each(['cpu', 'queue'] as const)('a %s that is short is refuted by more requests', (causeKind) => {
    const called = (rate: readonly [number, number]) => ({ ...asked(rate), edges: edge({ from: 'web', to: 'api' }) });
    expect(under('resources', called([100, 110]), { causeKind })).toBe('survived: 1.1 times as often as before');
    expect(under('resources', called([100, 300]), { causeKind })).toBe('refuted: 3 times as often as before');
    expect(under('resources', {}, { causeKind })).toMatch(/^could not be run/);
  });

  it('requests are counted by the own metric where there are no spans', () => {
    const counted = (rate: readonly [number, number]) => ({ series: [series('api', 'requests', rate, '1/s')] });
    expect(outcome('resources', counted([10, 10]), { causeKind: 'disk' })).toMatch(/^survived: 0.99 times/);
    expect(outcome('resources', counted([10, 40]), { causeKind: 'disk' })).toMatch(/^refuted: 3.96 times/);
  });

  it('a processor that is busy beyond what is asked of it is not', () => {
    const busy = (during: number): Rows => ({
      ...asked([100, 200]),
      edges: edge({ from: 'web', to: 'api' }),
      series: [series('api', 'cpu.usage', [0.1, during])],
    });
    const lead = { causeKind: 'cpu' } as const;
    expect(under('resources', busy(0.9), lead)).toBe('survived: 2 times as often, for 8.91 times of the cpu');
    expect(under('resources', busy(0.2), lead)).toBe('refuted: 2 times as often, for 1.98 times of the cpu');
  });

  it('a pool is refuted by what it waits for', () => {
    const edges = edge({ from: 'api', to: 'db', total: [10, 300] });
    expect(outcome('resources', { edges }, { causeKind: 'pool' })).toBe('refuted: db is');
    expect(under('resources', asked([100, 100]), { causeKind: 'pool' })).toMatch(/^survived/);
  });

  it('a backlog is refuted by a sender that sends more', () => {
    const lead = { reason: 'backlog', entity: 'edge:web -> api' } as const;
    expect(under('unreachable', asked([100, 100], 'producer', 'web'), lead)).toMatch(/^survived/);
    expect(under('unreachable', asked([100, 300], 'producer', 'web'), lead)).toMatch(/^refuted/);
    expect(under('unreachable', {}, lead)).toMatch(/^could not be run/);
  });

  it('a surge is refuted by callees that are asked as before', () => {
    const edges = edge({ from: 'api', to: 'db' });
    const counted = (rate: readonly [number, number]) => ({ ...asked(rate, 'server', 'db'), edges });
    expect(under('traffic', counted([100, 300]))).toBe('survived: db is asked 3 times as often');
    expect(under('traffic', counted([100, 100]))).toMatch(/^refuted/);
    expect(under('traffic', { edges })).toMatch(/^could not be run/);
  });
});

describe('what metrics tell', () => {
  const latency = (service: string, shift: readonly [number, number]): SeriesRow =>
    series(service, 'latency.average', shift, 's');
  const declaredEdges = [{ from: 'api', to: 'db' }];

  it('of a callee refutes what its caller added', () => {
    const lead = { reason: 'serviceLatency' } as const;
    const moved = (db: number): string =>
      outcome('service-metrics', { series: [latency('api', [0.1, 0.5]), latency('db', [0.1, db])] }, lead, {
        declaredEdges,
      });
    expect(moved(0.15)).toMatch(/^survived: db moved by 1\d % of what api did$/);
    expect(moved(0.48)).toMatch(/^refuted: db moved by 9\d %/);
    const alone = { series: [latency('api', [0.1, 0.5])] };
    expect(outcome('service-metrics', alone, lead)).toBe('survived: it calls nothing that is known');
    expect(outcome('service-metrics', alone, lead, { declaredEdges })).toMatch(
      /^could not be run: no such metric of db/,
    );
  });

  it('in a mesh are refuted by slow calls of the callee', () => {
    const link = (source: string, destination: string, during: number): SeriesRow => ({
      ...series('mesh', 'request.duration', [0.1, during], 's'),
      attributes: `destination=${destination},source=${source}`,
    });
    expect(outcome('mesh-latency', { series: [link('web', 'api', 0.9)] })).toBe('survived: it sees none');
    expect(outcome('mesh-latency', { series: [link('web', 'api', 0.9), link('api', 'db', 0.11)] })).toMatch(
      /^survived/,
    );
    expect(outcome('mesh-latency', { series: [link('web', 'api', 0.9), link('api', 'db', 0.8)] })).toMatch(/^refuted/);
  });

  it('of a callee that turns calls away refute its caller', () => {
    const lead = { entity: 'edge:api -> db' };
    expect(outcome('lost-calls', {}, lead)).toMatch(/^could not be run: no metric of db/);
    expect(outcome('lost-calls', { series: [latency('db', [0.1, 0.1])] }, lead)).toBe('survived: it does not');
    expect(outcome('lost-calls', { series: [latency('db', [0.1, 0.9])] }, lead)).toBe('refuted: it does');
  });
});

describe('a shared place', () => {
  const at = (service: string, node: string, lastSpanMs: number): PresenceRow => ({
    ...presence(service, lastSpanMs),
    instance: `${service}-${node}`,
    node,
  });
  const lead = { service: 'n1', entity: 'node:n1' };

  it('is refuted by instances elsewhere that suffer as well', () => {
    const here = [at('api', 'n1', 610_000), at('db', 'n1', 610_000), at('web', 'n2', 779_000)];
    expect(outcome('shared-place', { presence: here }, lead)).toBe('could not be run: they run nowhere else');
    expect(outcome('shared-place', { presence: [...here, at('api', 'n2', 779_000)] }, lead)).toBe(
      'survived: 0 of 1 do',
    );
    expect(outcome('shared-place', { presence: [...here, at('api', 'n2', 610_000)] }, lead)).toBe('refuted: 1 of 1 do');
  });
});

describe('what happened at the service', () => {
  it('is no cause when it came after the harm', () => {
    const restartAt = (at: number): Rows => {
      const row = series('api', 'container.restarts', [0, 0]);
      return {
        series: [{ ...row, points: row.points.map(([atMs]) => [atMs, atMs < at ? 0 : 1, atMs < at ? 0 : 1, 1]) }],
      };
    };
    expect(outcome('restarts', restartAt(onsetMs - 60_000))).toBe('survived: it came 60 s after');
    expect(outcome('restarts', restartAt(onsetMs + 90_000))).toBe('refuted: it came 90 s before');
  });

  it('is an alert that its own telemetry may belie', () => {
    expect(outcome('alerts', { operations: operation({ service: 'api', self: [5, 5] }) })).toBe('refuted: it does');
    expect(outcome('alerts', { operations: operation({ service: 'api', ...slow, self: [5, 300] }) })).toMatch(
      /^survived/,
    );
    expect(outcome('alerts', {})).toBe('could not be run: no telemetry of api');
  });

  it('is a change that instances of the old version may clear', () => {
    const change = deploy('api', onsetMs - 20_000);
    const served = (old: number, fresh: number): Rows => ({
      operations: (['1.0', '2.0'] as const).flatMap((version) =>
        operation({ service: 'api', self: [10, version === '1.0' ? old : fresh] })
          .filter(({ slice }) => version === '1.0' || slice === 1)
          .map((row) => ({ ...row, version, instance: `api-${version}` })),
      ),
    });
    const verdict = (rows: Rows): string =>
      outcome('changes', rows, { entity: `change:${change.id}` }, { changes: [change] });
    expect(verdict(served(10, 100))).toBe('survived: instances of api that it did not touch are well');
    expect(verdict(served(100, 100))).toBe('refuted: instances of api that it did not touch suffer no less');
    expect(verdict({ operations: operation({ service: 'api', self: [10, 100] }) })).toMatch(/^could not be run/);
  });

  it('is not asked before evidence is in', () => {
    expect(outcome('alerts', {}, {}, { answer: null })).toBe('could not be run: no evidence is in yet');
  });
});
