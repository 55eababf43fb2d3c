import { type Features, untuned, weightSpecs } from '@faultline/correlation';
import { describe, expect, it } from 'vitest';
import { calibrate, logit, sigmoid } from './calibrate.ts';
import { descend } from './descend.ts';
import { fitTuning } from './fit.ts';
import { probabilityOfTruth } from './loss.ts';
import { isLeftOut, type Sample, weighSamples } from './sample.ts';
import { formatTuned } from './write.ts';

const finding = (service: string, weightName: 'cpu' | 'selfTime'): Features['findings'][number] => ({
  kind: weightName === 'cpu' ? 'resources' : 'self-time',
  traits: {},
  isAgainst: false,
  weightName,
  service,
  instance: '',
  faultType: 'cpu',
  entity: '',
  edge: null,
  strength: 0.5,
  explainable: 0,
  summary: '',
  before: '',
  during: '',
  reference: { view: 'operations', service, instance: '', operation: '', peer: '', metric: '', text: '' },
});

/** In these samples, CPU findings are wrong and self-time findings are right. */
const sample = (i: number): Omit<Sample, 'weight'> => ({
  case: `c${i}`,
  system: 's',
  family: `f${i % 4}`,
  services: ['slow'],
  features: {
    findings: [finding('slow', 'selfTime'), finding('busy', 'cpu')],
    triggers: [],
    shared: [],
    below: {},
    symptom: 1,
    hasEvidence: true,
  },
});
const samples = weighSamples(Array.from({ length: 12 }, (_, i) => sample(i)));
const silent = (): void => undefined;

describe('fitTuning', () => {
  const fitted = fitTuning(samples, { without: null, calibration: null, print: silent });

  it('moves numbers to where they tell the truth, within their bounds', () => {
    expect(fitted.numbers.selfTime).toBeGreaterThan(weightSpecs.selfTime.start);
    expect(fitted.numbers.cpu).toBeLessThan(weightSpecs.cpu.start);
    expect(fitted.numbers.selfTime).toBeLessThanOrEqual(weightSpecs.selfTime.max);
    expect(fitted.numbers.disk).toBe(weightSpecs.disk.start);
  });

  it('is the same every time', () => {
    expect(fitTuning(samples, { without: null, calibration: null, print: silent })).toEqual(fitted);
  });

  it('does not see what is left out', () => {
    const rest = samples.filter(({ family }) => family !== 'f1');
    const without = fitTuning(samples, { without: 'f1', calibration: null, print: silent });
    expect(without.numbers).toEqual(fitTuning(rest, { without: null, calibration: null, print: silent }).numbers);
    expect(without.withoutFamily).toBe('f1');
  });
});

it('what fails alike is left out together', () => {
  expect(isLeftOut('error', 'code')).toBe(true);
  expect(isLeftOut('edge', 'network')).toBe(true);
  expect(isLeftOut('cpu', 'network')).toBe(false);
  expect(isLeftOut('cpu', null)).toBe(false);
});

it('all families of a system weigh the same, however many cases they have', () => {
  const some = weighSamples([sample(0), sample(4), sample(1)]);
  expect(some.map(({ weight }) => weight)).toEqual([0.25, 0.25, 0.5]);
});

describe('probabilityOfTruth', () => {
  const candidates = [{ service: 'a', logOdds: 2, instance: '', kind: 'cpu' as const, findings: [] }];

  it('adds up the names that count', () => {
    expect(probabilityOfTruth({ candidates, nothing: 2 }, ['a'])).toBeCloseTo(0.5);
  });

  it('is that of "none of these" where the truth is not listed', () => {
    expect(probabilityOfTruth({ candidates, nothing: 0 }, ['b'])).toBeCloseTo(1 / (1 + Math.exp(2)));
  });
});

it('descends to the foot of a bowl, or to the bound before it', () => {
  const bowl = (foot: number) =>
    descend({
      loss: ([x = 0]) => (x - foot) ** 2,
      gradient: ([x = 0]) => [2 * (x - foot)],
      bounds: [{ min: 0, max: 5, start: 1 }],
      pull: 0,
      from: [1],
      maxSteps: 100,
    });
  expect(bowl(3)[0]).toBeCloseTo(3, 1);
  expect(bowl(9)[0]).toBe(5);
});

describe('calibrate', () => {
  it('takes back what was said too surely', () => {
    const predictions = Array.from({ length: 100 }, (_, i) => ({ probability: 0.95, hit: i % 2 === 0, weight: 0.01 }));
    const { slope, offset } = calibrate(predictions);
    expect(sigmoid(offset + slope * logit(0.95))).toBeLessThan(0.6);
  });

  it('leaves honest probabilities alone', () => {
    const predictions = [0.2, 0.8].flatMap((probability) =>
      Array.from({ length: 10 }, (_, i) => ({ probability, hit: i < probability * 10, weight: 0.05 })),
    );
    const { slope, offset } = calibrate(predictions);
    expect(slope).toBeCloseTo(1, 1);
    expect(offset).toBeCloseTo(0, 1);
  });
});

it('writes a file with every number in it', () => {
  const text = formatTuned({ ...untuned(), version: '3 cases' });
  for (const name of Object.keys(weightSpecs)) expect(text).toContain(`    ${name}: `);
  expect(text).toContain("version: '3 cases'");
});
