import { emptyEvidenceResult } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { halfMinutes, signal } from '../testing/signal.ts';
import type { Signal } from './change-point.ts';
import { knownOnset } from './find-onset.ts';
import type { Onset } from './moment.ts';
import { ownOnsets } from './own.ts';

const slices = halfMinutes(20);
const startOf = (slice: number): number => slices[slice]?.fromMs ?? 0;
/** Well until slice `from`, then unhealthy; `part` of the slice before is so already. */
const stepAt = (from: number, part = 0): number[] =>
  slices.map((_, slice) => (slice >= from ? 1 : slice === from - 1 ? part : 0));
const onsetOf = (signals: readonly Signal[], incident: Onset, service = 'api'): number =>
  ownOnsets(signals, { answer: { ...emptyEvidenceResult, slices }, incident })(service);

describe('the onset of one service', () => {
  const incident = knownOnset(startOf(8));

  it('is the onset of the incident where its own signals show no step', () => {
    expect(onsetOf([signal(stepAt(99))], incident)).toBe(incident.atMs);
    expect(onsetOf([signal(stepAt(10), { service: 'other' })], incident)).toBe(incident.atMs);
  });

  it('is its own step where that is a little before or after the incident', () => {
    expect(onsetOf([signal(stepAt(6))], incident)).toBe(startOf(6));
    expect(onsetOf([signal(stepAt(11))], incident)).toBe(startOf(11));
  });

  it.each([0.2, 0.5, 0.8])('lies within a slice of which %s is harm', (part) => {
    const atMs = onsetOf([signal(stepAt(9, part))], incident);
    expect(Math.abs(atMs - (startOf(8) + (1 - part) * 30_000))).toBeLessThanOrEqual(2_000);
  });

  it('is read as well from calls to the service that a caller makes', () => {
    const lost = signal(stepAt(6), { service: 'web', target: 'api' });
    expect(onsetOf([lost], incident)).toBe(startOf(6));
    expect(onsetOf([lost], incident, 'web')).toBe(startOf(6));
    expect(onsetOf([lost], incident, 'db')).toBe(incident.atMs);
  });

  it('is no step that came minutes before an incident that was seen', () => {
    const late = knownOnset(startOf(18));
    expect(onsetOf([signal(stepAt(4))], late)).toBe(late.atMs);
  });

  it('is no step that comes minutes after it: the gain at the edge of the reach is that of a step beyond', () => {
    expect(onsetOf([signal(stepAt(18))], incident)).toBe(incident.atMs);
    expect(onsetOf([signal(stepAt(15))], incident)).toBe(incident.atMs);
    expect(onsetOf([signal(stepAt(13))], incident)).toBe(startOf(13));
  });

  it('is that step all the same where nothing shows when the incident began', () => {
    expect(onsetOf([signal(stepAt(4))], { ...knownOnset(startOf(18)), isSeen: false })).toBe(startOf(4));
  });

  it('is the clearer of two steps', () => {
    const faint = signal(
      stepAt(6).map((mean) => 0.3 * mean),
      { minStep: 0.05 },
    );
    expect(Math.abs(onsetOf([faint, signal(stepAt(10))], incident) - startOf(10))).toBeLessThanOrEqual(2_000);
  });
});
