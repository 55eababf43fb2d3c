import { describe, expect, it } from 'vitest';
import { originatingErrors } from './evidence/originating-errors.ts';
import { selfTime } from './evidence/self-time.ts';
import type { Features } from './features.ts';
import { scoreFeatures } from './score.ts';
import { finding } from './testing/evidence.ts';
import { untuned } from './weigh/tuning.ts';

const nothingFound: Features = {
  findings: [],
  triggers: [],
  below: {},
  shared: [],
  symptom: 1,
  hasEvidence: true,
};
/** Round numbers, so that sums can be read. */
const tuning = {
  numbers: {
    selfTime: 4,
    originatingErrors: 6,
    cpu: 2,
    change: 3,
    nothing: 1,
    quietSymptom: 2,
    explained: 0.5,
    repeated: 0.1,
  },
};
const slow = (service: string, strength = 1, explainable = 0) =>
  finding({ kind: 'self-time', traits: selfTime.traits, weightName: 'selfTime', service, strength, explainable });
const failing = (service: string, strength = 1) =>
  finding({
    kind: 'originating-errors',
    traits: originatingErrors.traits,
    weightName: 'originatingErrors',
    service,
    strength,
  });
const change = (service: string) => finding({ kind: 'changes', weightName: 'change', service, strength: 1 });
const scoresOf = (features: Partial<Features>): { [service: string]: number; api?: number; web?: number } => {
  const { candidates } = scoreFeatures({ ...nothingFound, ...features }, tuning);
  return Object.fromEntries(candidates.map(({ service, logOdds }) => [service, logOdds]));
};

describe('scoreFeatures', () => {
  it('has no candidate where nothing was found', () => {
    expect(scoreFeatures(nothingFound, tuning)).toEqual({ candidates: [], nothing: 1 });
  });

  it('adds to "none of these" as far as the alerting services answer as before', () => {
    const nothingOf = (symptom: number) => scoreFeatures({ ...nothingFound, symptom }, tuning).nothing;
    expect([nothingOf(1), nothingOf(0.5), nothingOf(0)]).toEqual([1, 2, 3]);
  });

  it('adds up what different kinds say, and hardly counts one kind twice', () => {
    const cpu = finding({ kind: 'resources', weightName: 'cpu', strength: 0.5 });
    expect(scoresOf({ findings: [slow('api'), cpu] })).toEqual({ api: 4 + 1 });
    expect(scoresOf({ findings: [slow('api'), slow('api', 0.5)] })).toEqual({ api: 4 + 0.1 * 2 });
  });

  it('takes off a caller what its callee explains, before it adds up', () => {
    const findings = [slow('web', 1, 1), failing('api')];
    expect(scoresOf({ findings })).toEqual({ api: 6, web: 4 });
    expect(scoresOf({ findings, below: { web: ['api'] } })).toEqual({ api: 6, web: 4 - 0.5 * 4 });
  });

  it('takes off what a shared cause explains of what callees left', () => {
    const node = finding({ kind: 'failure-domain', weightName: 'selfTime', service: 'node-1' });
    const findings = [node, slow('web', 1, 1), failing('api')];
    const shared = [{ service: 'node-1', kind: 'failure-domain', explains: ['web'] }];
    expect(scoresOf({ findings, shared, below: { web: ['api'] } })).toEqual({ 'node-1': 4, api: 6, web: 1 });
  });

  it('counts a change where its service shifted, after the callees explained their part', () => {
    const triggers = [change('web')];
    const findings = [slow('web', 0.2, 1), failing('api')];
    expect(scoresOf({ findings: [failing('api')], triggers })).toEqual({ api: 6 });
    const { api, web } = scoresOf({ findings, triggers, below: { web: ['api'] } });
    expect([api, web]).toEqual([6, expect.closeTo(0.4 + 3 * 0.4)]);
  });

  it('counts a change without any shift only before evidence is in', () => {
    expect(scoresOf({ triggers: [change('api')], hasEvidence: false })).toEqual({ api: 1.5 });
  });

  it('grows with a weight, so that a fit finds its way', () => {
    const features = { ...nothingFound, findings: [slow('api'), slow('web', 0.5)] };
    const scores = [3, 4, 5].map(
      (selfTimeWeight) =>
        scoreFeatures(features, { numbers: { ...tuning.numbers, selfTime: selfTimeWeight } }).candidates,
    );
    expect(scores.map(([first]) => first?.logOdds)).toEqual([3, 4, 5]);
    expect(scores.map(([, second]) => second?.logOdds)).toEqual([1.5, 2, 2.5]);
  });

  it('leaves the features as they are, so that they can be scored again', () => {
    const features = Object.freeze({ ...nothingFound, findings: Object.freeze([Object.freeze(slow('api'))]) });
    const first = scoreFeatures(features, untuned());
    expect(scoreFeatures(features, untuned())).toEqual(first);
  });
});
