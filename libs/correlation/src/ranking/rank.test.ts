import { describe, expect, it } from 'vitest';
import { rankHypotheses, rankWith } from './rank.ts';
import {
  child,
  deploy,
  edge,
  incident,
  onsetMs,
  operation,
  presence,
  type Rows,
  series,
  slices as twoSlices,
} from './testing/fixture.ts';
import { tuned } from './weigh/tuned.ts';
import { untuned } from './weigh/tuning.ts';

/** web -> api -> orders, with a database behind orders that sends nothing. */
const calm: Required<Pick<Rows, 'operations' | 'edges'>> = {
  operations: [
    ...operation({ service: 'web', total: [40, 40], self: [5, 5] }),
    ...operation({ service: 'api', total: [30, 30], self: [5, 5] }),
    ...operation({ service: 'orders', total: [20, 20], self: [5, 5] }),
  ],
  edges: [
    ...edge({ from: 'web', to: 'api', total: [30, 30] }),
    ...edge({ from: 'api', to: 'orders', total: [20, 20] }),
    ...edge({ from: 'orders', to: 'orders-db', silent: true, total: [10, 10] }),
  ],
};

const slowDatabase: Rows = {
  operations: [
    ...operation({ service: 'web', total: [40, 340], self: [5, 5] }),
    ...operation({ service: 'api', total: [30, 330], self: [5, 5] }),
    ...operation({ service: 'orders', total: [20, 320], self: [5, 5] }),
  ],
  edges: [
    ...edge({ from: 'web', to: 'api', total: [30, 330] }),
    ...edge({ from: 'api', to: 'orders', total: [20, 320] }),
    ...edge({ from: 'orders', to: 'orders-db', silent: true, total: [10, 310] }),
  ],
};

describe('rankHypotheses', () => {
  it('names nothing for an alert that began before the evidence', () => {
    const change = deploy('orders', onsetMs - 20_000);
    const input = incident('web', slowDatabase, { changes: [change] });
    const { verdict, hypotheses, missingEvidence, disturbed } = rankHypotheses({ ...input, startedAtMs: -3_600_000 });
    expect({ verdict, disturbed }).toEqual({ verdict: 'inconclusive', disturbed: false });
    expect(hypotheses).toEqual([]);
    expect(missingEvidence).toEqual([{ part: 'baseline', code: 'none', detail: '' }]);
  });

  it('names the slow database three hops away, with the way to the symptom', () => {
    const { verdict, hypotheses, graph, disturbed, disturbedServices } = rankHypotheses(incident('web', slowDatabase));
    expect(verdict).toBe('identified');
    expect(hypotheses[0]?.cause).toEqual({ service: 'orders-db', instance: '', kind: 'latency' });
    expect(hypotheses[0]?.path).toEqual(['orders-db', 'orders', 'api', 'web']);
    expect(hypotheses[0]?.refutation.result).toMatch(/^no: 100 %/);
    expect(graph.nodes.map(({ service, role }) => `${service} ${role}`)).toEqual([
      'api affected',
      'orders affected',
      'orders-db cause',
      'web symptom',
    ]);
    expect(disturbed).toBe(true);
    expect(disturbedServices).toEqual(['api', 'orders', 'orders-db', 'web']);
  });

  it('leads the path to the topmost alert of a storm', () => {
    const input = incident('web', slowDatabase);
    const [first] = input.alerts;
    const alerts = ['web', 'api', 'orders'].flatMap((service) =>
      first === undefined ? [] : [{ ...first, entities: { service } }],
    );
    expect(rankHypotheses({ ...input, alerts }).hypotheses[0]?.path).toEqual(['orders-db', 'orders', 'api', 'web']);
  });

  it('blames the deploy right before at the caller of the database, and clears the others', () => {
    const changes = [
      deploy('orders', onsetMs - 20_000),
      deploy('api', onsetMs - 1_500_000),
      deploy('web', onsetMs + 100_000),
    ];
    const { hypotheses, changes: judged } = rankHypotheses(incident('web', slowDatabase, { changes }));
    expect(hypotheses[0]?.changeId).toBe(changes[0]?.id);
    expect(judged.map(({ entity, verdict }) => `${entity} ${verdict}`)).toEqual([
      'service:api innocent',
      'service:orders suspect',
      'service:web innocent',
    ]);
    expect(judged.map(({ reason }) => reason)).toContainEqual(
      'made 20 s before the onset, at orders, which calls orders-db, where the incident began',
    );
  });

  it('puts errors where they begin, not where they end', () => {
    const operations = [
      ...operation({ service: 'web', self: [5, 5], errors: [0, 40] }),
      ...operation({ service: 'api', self: [5, 5], errors: [0, 40] }),
      ...operation({ service: 'orders', self: [5, 5], errors: [0, 40], ownErrors: [0, 40] }),
    ];
    const { hypotheses } = rankHypotheses(incident('web', { ...calm, operations }));
    expect(hypotheses[0]?.cause).toEqual({ service: 'orders', instance: 'orders-1', kind: 'error' });
  });

  it('explains the steps that callers lost by the callee that lost its own', () => {
    const children = [...child('web', 'api', [500, 20]), ...child('api', 'orders', [500, 20])];
    const [first, ...rest] = rankHypotheses(incident('web', { ...calm, children })).hypotheses;
    expect(first?.cause).toMatchObject({ service: 'api', kind: 'code' });
    expect(rest.find(({ cause }) => cause.service === 'web')?.probability ?? 0).toBeLessThan(0.1);
  });

  it('calls a service blind whose telemetry stopped', () => {
    const rows = [presence('web', 779_000), presence('api', 779_000), presence('orders', 620_000)];
    const { hypotheses, graph } = rankHypotheses(incident('web', { ...calm, presence: rows }));
    expect(hypotheses[0]?.cause).toMatchObject({ service: 'orders', kind: 'blind' });
    expect(hypotheses[0]?.sinceMs).toBe(620_000);
    expect(graph.nodes.find(({ service }) => service === 'orders')?.role).toBe('cause');
  });

  it('takes a hot processor beside a slower service as one cause', () => {
    const operations = [
      ...operation({ service: 'web', total: [40, 140], self: [5, 5] }),
      ...operation({ service: 'api', self: [10, 110] }),
    ];
    const rows = { ...calm, operations, series: [series('api', 'process.cpu.utilization', [0.2, 0.98])] };
    const [first] = rankHypotheses(incident('web', rows)).hypotheses;
    expect(first?.cause.service).toBe('api');
    expect(first?.evidence.map(({ kind }) => kind)).toEqual(['self-time', 'resources']);
  });

  it('takes no alert name for a finding: without telemetry nothing is named and nothing counts as disturbed', () => {
    const input = incident('web', {});
    const alerts = input.alerts.map((alert) => ({ ...alert, name: 'FilesystemFull' }));
    const ranking = rankHypotheses({ ...input, alerts });
    expect(ranking).toMatchObject({ verdict: 'inconclusive', hypotheses: [], disturbed: false });
  });

  it('names no cause for alerts that name nothing, whatever the telemetry shows', () => {
    const input = incident('web', slowDatabase);
    const alerts = input.alerts.map((alert) => ({ ...alert, entities: {} }));
    expect(rankHypotheses(input).verdict).toBe('identified');
    expect(rankHypotheses({ ...input, alerts })).toMatchObject({
      verdict: 'inconclusive',
      hypotheses: [],
      missingEvidence: [{ part: 'alerts', code: 'no-subject', detail: '' }],
    });
  });

  it('ends inconclusive and undisturbed when nothing moved', () => {
    const ranking = rankHypotheses(incident('web', calm, { changes: [deploy('orders', onsetMs - 20_000)] }));
    expect(ranking).toMatchObject({ verdict: 'inconclusive', disturbed: false, disturbedServices: [], timeline: [] });
    expect(ranking.changes[0]?.verdict).toBe('innocent');
  });

  it('tells that the harm is over, and does not take silence for that', () => {
    const slices = [...twoSlices, { fromMs: 780_000, toMs: 900_000 }];
    const again = (rows: Rows, after: Rows): Rows => ({
      operations: [
        ...(rows.operations ?? []),
        ...(after.operations ?? []).filter(({ slice }) => slice === 0).map((row) => ({ ...row, slice: 2 })),
      ],
      edges: [
        ...(rows.edges ?? []),
        ...(after.edges ?? []).filter(({ slice }) => slice === 0).map((row) => ({ ...row, slice: 2 })),
      ],
    });
    const disturbedAfter = (after: Rows): boolean => {
      const input = incident('web', again(slowDatabase, after));
      return rankHypotheses({ ...input, nowMs: 900_000, answer: input.answer && { ...input.answer, slices } })
        .disturbed;
    };
    expect(disturbedAfter(calm)).toBe(false);
    expect(disturbedAfter({})).toBe(true);
  });

  it('names nobody before there is evidence', () => {
    const declaredEdges = [{ from: 'web', to: 'api' }];
    const ranking = rankHypotheses(
      incident('web', null, { declaredEdges, changes: [deploy('api', onsetMs - 20_000)] }),
    );
    expect(ranking.verdict).toBe('inconclusive');
    expect(ranking.hypotheses).toEqual([]);
    expect(ranking.missingEvidence).toEqual([{ part: 'evidence', code: 'none', detail: '' }]);
  });

  it('gives the same bytes for the same evidence in another order', () => {
    const input = incident('web', slowDatabase, { changes: [deploy('orders', onsetMs - 20_000)] });
    const reversed = incident(
      'web',
      {
        operations: slowDatabase.operations?.toReversed() ?? [],
        edges: slowDatabase.edges?.toReversed() ?? [],
      },
      { changes: [deploy('orders', onsetMs - 20_000)] },
    );
    expect(JSON.stringify(rankHypotheses(reversed))).toBe(JSON.stringify(rankHypotheses(input)));
  });

  it('never ties', () => {
    const operations = ['a', 'b', 'c'].flatMap((service) => operation({ service, self: [10, 110] }));
    const chances = rankHypotheses(incident('a', { operations })).hypotheses.map(({ probability }) => probability);
    expect(new Set(chances).size).toBe(chances.length);
    expect(chances).toEqual(chances.toSorted((x, y) => y - x));
  });
});

describe('a ranking', () => {
  it('says which signals it had to do without, beside what the store could not answer', () => {
    const input = incident('web', { ...calm, series: [series('api', 'process.cpu.utilization', [0.2, 0.2])] });
    const late = { part: 'spans', code: 'behind', detail: '' } as const;
    const missing = rankHypotheses({ ...input, answer: input.answer && { ...input.answer, missing: [late] } });
    expect(missing.missingEvidence).toEqual([late, { part: 'logs', code: 'none', detail: '' }]);
  });

  it('lists ten services at most, each once', () => {
    const operations = Array.from({ length: 14 }, (_, i) => operation({ service: `s${i}`, self: [10, 110] })).flat();
    const { hypotheses } = rankHypotheses(incident('s0', { operations }));
    expect(hypotheses.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(hypotheses.map(({ cause }) => cause.service)).size).toBe(10);
  });

  it('blames no change while the cause is unclear, although one fits', () => {
    const change = deploy('orders', onsetMs - 20_000);
    const unsure = { ...tuned, calibration: { slope: 1, offset: -9 } };
    const { verdict, hypotheses, changes } = rankWith(unsure, incident('web', slowDatabase, { changes: [change] }));
    expect(verdict).toBe('inconclusive');
    expect(hypotheses.map(({ changeId }) => changeId).filter((id) => id !== null)).toEqual([]);
    expect(changes.map(({ verdict: judged }) => judged)).not.toContain('suspect');
  });

  it('lists a change before evidence is in, and does not blame it', () => {
    const change = deploy('web', onsetMs - 20_000);
    const { changes } = rankHypotheses(incident('web', null, { changes: [change] }));
    expect(changes).toMatchObject([{ id: change.id, verdict: 'possible' }]);
  });

  it('puts the onset of the cause on the timeline, and nothing before evidence is in', () => {
    const { timeline, hypotheses } = rankHypotheses(incident('web', slowDatabase));
    expect(timeline.map(({ kind, atMs }) => [kind, atMs])).toEqual([['onset', hypotheses[0]?.sinceMs]]);
    expect(rankHypotheses(incident('web', null)).timeline).toEqual([]);
  });

  it('counts as disturbed as long as nobody knows better', () => {
    expect(rankHypotheses(incident('web', null)).disturbed).toBe(true);
  });
});

describe('rankWith', () => {
  it('ranks with the weights it is given', () => {
    const input = incident('web', slowDatabase);
    const blind = { ...untuned(), numbers: { uninstrumentedSlow: 0 } };
    expect(rankWith(untuned(), input).hypotheses[0]?.cause.service).toBe('orders-db');
    expect(rankWith(blind, input).hypotheses[0]?.cause.service).not.toBe('orders-db');
  });
});
