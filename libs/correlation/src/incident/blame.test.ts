import type { Hypothesis } from '@faultline/model';
import { expect, it } from 'vitest';
import { stubHypothesis } from '../testing/stub-ranker.ts';
import { blameChange } from './blame.ts';

const judged = (hypothesis: Hypothesis) => ({ verdict: 'identified' as const, hypotheses: [hypothesis] });
const db = stubHypothesis('db');
const evidenceOf = (summary: string, weight: number) => ({
  kind: 'self-time',
  entity: 'service:db',
  summary,
  before: '',
  during: '',
  weight,
  query: '',
  source: null,
});

it('another kind of fault of the same service is another blame', () => {
  const now = { ...db, cause: { ...db.cause, kind: 'pool' as const } };
  expect(blameChange(judged(db), judged(now))).toMatchObject({
    before: { service: 'db', faultType: 'error' },
    now: { service: 'db', faultType: 'pool' },
  });
});

it('another instance, probability or evidence of the same fault is none', () => {
  const now = {
    ...db,
    probability: 0.3,
    cause: { ...db.cause, instance: 'db-1' },
    evidence: [evidenceOf('takes 3 s', 1)],
  };
  expect(blameChange(judged(db), judged(now))).toBeNull();
});

it('only the first hypothesis is blamed', () => {
  const ranked = (...services: readonly string[]) => ({
    verdict: 'identified' as const,
    hypotheses: services.map(stubHypothesis),
  });
  expect(blameChange(ranked('db', 'web'), ranked('db', 'cart'))).toBeNull();
  expect(blameChange(ranked('db', 'web'), ranked('web', 'db'))).not.toBeNull();
});

it('the finding with the largest weight is quoted, cut to a line', () => {
  const long = 'x'.repeat(500);
  const evidence = [evidenceOf('weak', 1), evidenceOf(long, 3), evidenceOf('against', -9)];
  expect(blameChange(null, judged({ ...db, evidence }))).toMatchObject({ now: { evidence: long.slice(0, 160) } });
});

it('what speaks against a cause is never quoted for it', () => {
  const evidence = [evidenceOf('against', -9)];
  expect(blameChange(null, judged({ ...db, evidence }))).toMatchObject({ now: { evidence: '' } });
});

it('an identified verdict without hypotheses blames nobody', () => {
  expect(blameChange(null, { verdict: 'identified', hypotheses: [] })).toBeNull();
});
