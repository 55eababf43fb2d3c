import { describe, expect, it } from 'vitest';
import { knownOnset } from '../onset/find-onset.ts';
import { compareRows } from '../testing/evidence.ts';
import { child, incident, onsetMs, operation, type Rows, series } from '../testing/fixture.ts';
import { compareAtOnset } from './compare.ts';
import { symptomStrength } from './symptom.ts';

const strength = (rows: Rows) => symptomStrength(compareRows(rows));
const web = (total: readonly [number, number], errors: readonly [number, number] = [0, 0]): Rows => ({
  operations: operation({ service: 'web', total, self: [5, 5], errors }),
});

describe('the symptom of the alerting service', () => {
  it('is there when it is slower or fails, and not when it answers as before', () => {
    expect(strength(web([20, 200]))).toBeGreaterThan(0.8);
    expect(strength(web([20, 20], [0, 60]))).toBeGreaterThan(0.8);
    expect(strength(web([20, 20]))).toBe(0);
  });

  it('is there when its calls take another path', () => {
    const rows = { ...web([20, 20]), children: child('web', 'api', [500, 10]) };
    expect(strength(rows)).toBeGreaterThan(0.8);
  });

  it('is read from metrics where there are no spans', () => {
    expect(strength({ series: [series('web', 'latency.average', [0.1, 0.9], 's')] })).toBeGreaterThan(0.5);
    expect(strength({ series: [series('web', 'latency.average', [0.1, 0.1], 's')] })).toBe(0);
  });

  it('is assumed where nothing is known of the service', () => {
    expect(strength({ operations: operation({ service: 'api', self: [5, 5] }) })).toBe(1);
    expect(symptomStrength(compareAtOnset(incident('web', null), knownOnset(onsetMs)))).toBe(1);
  });
});
