import type { Hypothesis } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { stubHypothesis } from '../testing/stub-ranker.ts';
import { applyRejections, type Judgement, withoutRefused } from './judgement.ts';

const measured = {
  kind: 'self-time',
  entity: '',
  summary: '',
  before: '',
  during: '',
  weight: 2,
  query: '',
  source: null,
};
const hypothesis = (service: string, probability: number, kinds = ['self-time']): Hypothesis => ({
  ...stubHypothesis(service),
  probability,
  evidence: kinds.map((kind) => ({ ...measured, kind })),
});
const refused = (...services: readonly string[]) => ({
  rejections: services.map((service) => ({ service, actor: 'ann', atMs: 1 })),
});
const named = (hypotheses: readonly Hypothesis[], ...services: readonly string[]) => {
  const judged = applyRejections({ verdict: 'identified', hypotheses }, refused(...services));
  const shares = judged.hypotheses.map(({ cause, probability }) => `${cause.service} ${probability.toFixed(2)}`);
  return `${judged.verdict}: ${shares.join(', ')}`;
};

const three = [hypothesis('db', 0.7), hypothesis('cache', 0.2), hypothesis('web', 0.1)];

describe('the next hypothesis', () => {
  it.each([
    [
      'is the cause when it is likely enough without the refused one',
      three,
      ['db'],
      'identified: cache 0.67, web 0.33, db 0.00',
    ],
    [
      'is none when two are as likely',
      [three[0], hypothesis('cache', 0.15), hypothesis('web', 0.15)],
      ['db'],
      'inconclusive: cache 0.50, web 0.50, db 0.00',
    ],
    [
      'is none when it rests on alerts alone',
      [three[0], hypothesis('cache', 0.25, ['alerts'])],
      ['db'],
      'inconclusive: cache 0.83, db 0.00',
    ],
    [
      'is none when nothing connects it with the alerts',
      [three[0], hypothesis('cache', 0.25, ['self-time', 'not-upstream'])],
      ['db'],
      'inconclusive: cache 0.83, db 0.00',
    ],
    ['stays when a later one is refused', three, ['web'], 'identified: db 0.78, cache 0.22, web 0.00'],
    ['is none when all are refused', three, ['db', 'cache', 'web'], 'inconclusive: db 0.00, cache 0.00, web 0.00'],
    ['is as before when nobody refused one of them', three, ['mail'], 'identified: db 0.70, cache 0.20, web 0.10'],
  ] as const)('%s', (_name, hypotheses, services, expected) => {
    expect(
      named(
        hypotheses.flatMap((one) => one ?? []),
        ...services,
      ),
    ).toBe(expected);
  });
});

it('an inconclusive ranking stays so, and ranks count from 1', () => {
  const judged = applyRejections({ verdict: 'inconclusive', hypotheses: three }, refused('db'));
  expect([judged.verdict, judged.hypotheses.map(({ rank }) => rank)]).toEqual(['inconclusive', [1, 2, 3]]);
});

it('the refused one says by whom', () => {
  const last = applyRejections({ verdict: 'identified', hypotheses: three }, refused('db')).hypotheses.at(-1);
  expect(last?.evidence[0]).toMatchObject({ kind: 'rejected', summary: 'refused by ann' });
});

describe('what is shown of a refused cause', () => {
  const node = (service: string, role: 'cause' | 'affected' | 'symptom') => ({ id: service, service, role });
  const change = {
    id: 'c1',
    kind: 'deploy',
    entity: 'service:db',
    startedAtMs: 1,
    actor: '',
    summary: '',
    url: '',
    verdict: 'suspect',
    reason: 'made 20 s before the onset, at db, where the incident began',
  } as const;
  const ranking = { graph: { nodes: [node('db', 'cause'), node('cache', 'affected')], edges: [] }, changes: [change] };
  const shown = (judged: Judgement, alerting: readonly string[] = [], services = ['db']) => {
    const { graph, changes } = withoutRefused(ranking, judged, refused(...services), new Set(alerting));
    return [graph.nodes.map(({ role }) => role), changes.map(({ verdict, reason }) => `${verdict}: ${reason}`)];
  };
  const judgedBy = (...services: readonly string[]) =>
    applyRejections({ verdict: 'identified', hypotheses: three }, refused(...services));
  const word = 'possible: ann says that db is not the cause';

  it('is no cause in the graph, and its change is no suspect', () => {
    expect(shown(judgedBy('db'))).toEqual([['affected', 'cause'], [word]]);
    const none = { verdict: 'inconclusive', hypotheses: [] } as const;
    expect(shown(none, ['db'])).toEqual([['symptom', 'affected'], [word]]);
  });

  it('is as before without a rejection', () => {
    expect(shown(judgedBy(), [], [])).toEqual([['cause', 'affected'], [`suspect: ${change.reason}`]]);
  });
});
