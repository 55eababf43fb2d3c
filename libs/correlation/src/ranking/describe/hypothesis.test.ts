import type { CauseKind, Change } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareAtOnset } from '../compare/compare.ts';
import type { RankingInput } from '../input/ranking.ts';
import { knownOnset } from '../onset/find-onset.ts';
import { candidate } from '../testing/candidate.ts';
import { deploy, edge, incident, onsetMs, operation, type Rows } from '../testing/fixture.ts';
import { describeHypothesis } from './hypothesis.ts';

const rows: Rows = {
  operations: ['web', 'api'].flatMap((service) => operation({ service, self: [5, 5] })),
  edges: edge({ from: 'web', to: 'api' }),
};
const change = deploy('api', onsetMs - 20_000);

function describeOne(
  input: RankingInput,
  { kind = 'latency', mayBlame = true }: { kind?: CauseKind; mayBlame?: boolean },
) {
  const inputs = { ...compareAtOnset(input, knownOnset(onsetMs)), degraded: new Set<string>() };
  return describeHypothesis(inputs, candidate('api', { kind, probability: 0.7 }), { rank: 3, mayBlame });
}
const withChange = (kind: Change['kind']) => incident('web', rows, { changes: [{ ...change, kind }] });

describe('describeHypothesis', () => {
  it('keeps the place and the probability of its candidate, and leads to the symptom', () => {
    const hypothesis = describeOne(withChange('deploy'), {});
    expect(hypothesis).toMatchObject({ rank: 3, probability: 0.7, changeId: change.id, sinceMs: onsetMs });
    expect(hypothesis.path).toEqual(['api', 'web']);
    expect(hypothesis.cause).toEqual({ service: 'api', instance: 'api-1', kind: 'latency' });
  });

  it.each([
    ['latency', 'flag', 'config'],
    ['error', 'config', 'config'],
    ['code', 'flag', 'config'],
    ['cpu', 'config', 'cpu'],
    ['latency', 'deploy', 'latency'],
  ] as const)('calls a cause of kind %s after a change of kind %s %s', (kind, changed, expected) => {
    expect(describeOne(withChange(changed), { kind }).cause.kind).toBe(expected);
  });

  it('does not call it misconfigured by a change that it may not blame', () => {
    expect(describeOne(withChange('config'), { mayBlame: false })).toMatchObject({
      changeId: null,
      cause: { kind: 'latency' },
    });
  });

  it('does not say since when before evidence is in', () => {
    const hypothesis = describeOne(incident('web', null, { changes: [change] }), {});
    expect(hypothesis).toMatchObject({ sinceMs: null, changeId: change.id });
  });
});
