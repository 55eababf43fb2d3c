import { anIncident } from '@faultline/model/testing';
import { describe, expect, it } from 'vitest';
import { judgeStorm, pairwiseF1 } from './judge.ts';
import type { PlayedStorm } from './play.ts';
import { formatStormMisses, formatStorms } from './report.ts';
import { drawStorm } from './storm.ts';

describe('a drawn storm', () => {
  const storms = [7001, 7002, 7003, 7004].map(drawStorm);

  it('has more than a hundred alerts over thirty services for each cause, and unrelated ones', () => {
    for (const { groups, truth } of storms)
      for (const { harm } of groups) {
        if (harm === null) continue;
        const own = [...truth].filter(([, cause]) => cause === harm.service).map(([fingerprint]) => fingerprint);
        expect(own.length).toBeGreaterThan(100);
        expect(new Set(own.map((fingerprint) => fingerprint.split('/')[1])).size).toBeGreaterThan(30);
        expect([...truth.values()].filter((cause) => cause === null).length).toBeGreaterThanOrEqual(5);
      }
  });

  it('has one cause or two, the same for the same seed, in the order in which alerts arrive, and some flap', () => {
    expect(storms.map(({ groups }) => groups.filter(({ harm }) => harm !== null).length)).toEqual([1, 2, 1, 2]);
    expect(drawStorm(7001)).toEqual(storms[0]);
    for (const { alerts } of storms) {
      const times = alerts.map(({ receivedAtMs }) => receivedAtMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(alerts.some(({ status }) => status === 'resolved')).toBe(true);
    }
  });
});

describe('the judgement', () => {
  const storm = {
    seed: 2,
    groups: [group('db'), group('mq'), { system: { calls: [] }, harm: null }],
    alerts: [],
    truth: new Map([
      ['a', 'db'],
      ['b', 'db'],
      ['c', 'mq'],
      ['d', 'mq'],
      ['n', null],
    ]),
  };
  const judge = (members: Readonly<Record<string, string>>, revisions: PlayedStorm['revisions'] = []) =>
    judgeStorm({ storm, revisions, members: new Map(Object.entries(members)) });
  const page = (id: string, fingerprints: readonly string[], cause = 'orders-db', level: 'page' | 'log' = 'page') => {
    const [alert] = anIncident().alerts;
    const [hypothesis] = anIncident().hypotheses;
    const { triage } = anIncident();
    return anIncident({
      id,
      triage: triage === null ? null : { ...triage, level },
      alerts: fingerprints.flatMap((fingerprint) => (alert === undefined ? [] : [{ ...alert, fingerprint }])),
      hypotheses: hypothesis === undefined ? [] : [{ ...hypothesis, cause: { ...hypothesis.cause, service: cause } }],
    });
  };

  it('one incident for each cause is right', () => {
    expect(pairwiseF1([judge({ a: '1', b: '1', c: '2', d: '2', n: '3' })])).toBe(1);
  });

  it('both causes in one incident, or a cause in two, is not; nor is an alert that is in none', () => {
    expect(pairwiseF1([judge({ a: '1', b: '1', c: '1', d: '1', n: '1' })])).toBeCloseTo(4 / 12);
    expect(pairwiseF1([judge({ a: '1', b: '2', c: '3', d: '3', n: '4' })])).toBeCloseTo(2 / 3);
    expect(pairwiseF1([judge({})])).toBe(0);
  });

  it('counts who is woken, and how many pages come until one names the cause', () => {
    const pages = [page('1', ['a'], 'mq'), page('2', ['b'], 'db'), page('3', ['n']), page('4', ['c'], 'mq', 'log')];
    expect(judge({}, pages)).toMatchObject({ pages: 2, noisePages: 1, readUntilKnown: [2, Number.POSITIVE_INFINITY] });
  });

  it('an incident that was merged away has still woken people', () => {
    const merged = { ...page('1', []), alertCount: 0 };
    expect(judge({}, [page('1', ['a']), merged, page('2', ['b'])]).pages).toBe(2);
  });

  it('the table has a row for each number of causes, and each wrong storm has a line', () => {
    const right = judge({ a: '1', b: '1', c: '2', d: '2' }, [page('1', ['a'], 'db'), page('2', ['c'], 'mq')]);
    expect(formatStorms([right]).split('\n').at(-1)).toBe('| all | 1 | 5 | 1.000 | 1.000 | 1.00 | 0 | 1.00 |');
    expect(formatStormMisses([right])).toBe('');
    expect(formatStormMisses([judge({})])).toContain('seed 2: 2 causes, 5 alerts, F1 0.000');
  });
});

function group(service: string) {
  return { system: { calls: [] }, harm: { service, sinceMs: 0, share: 1, isOwn: true } };
}
