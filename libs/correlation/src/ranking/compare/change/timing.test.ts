import { describe, expect, it } from 'vitest';
import { knownOnset } from '../../onset/find-onset.ts';
import { deploy, onsetMs } from '../../testing/fixture.ts';
import { callerHalfAgeMs, cameWith, changedService, timingOf, verdictFactor } from './timing.ts';
import type { ChangeVerdict } from './versions.ts';

describe('changedService', () => {
  it.each([
    ['the service first', { service: 'api', workload: 'api-7', database: 'orders', topic: 'paid' }, 'api'],
    ['else the workload', { workload: 'api-7', database: 'orders', topic: 'paid' }, 'api-7'],
    ['else the database', { database: 'orders', topic: 'paid' }, 'orders'],
    ['else the topic', { topic: 'paid' }, 'paid'],
    ['nothing where the change names only a node', { node: 'n1' }, ''],
  ])('is %s', (_, entities, service) => {
    expect(changedService({ ...deploy('', 0), entities })).toBe(service);
  });
});

describe('timingOf', () => {
  const at = (ageMs: number, halfMs?: number) => timingOf(deploy('api', onsetMs - ageMs), onsetMs, halfMs);

  it('is full at the onset, a half after ten minutes, and nothing after the onset or hours before', () => {
    expect(at(0)).toBe(1);
    expect(at(600_000)).toBe(0.5);
    expect(at(-30_000)).toBe(1);
    expect(at(3 * 3_600_000)).toBe(0);
  });

  it('fades more quickly for a change of a caller', () => {
    expect(at(callerHalfAgeMs, callerHalfAgeMs)).toBe(0.5);
    expect(at(callerHalfAgeMs)).toBeGreaterThan(0.8);
  });

  it('holds for two hours, and for a minute after the onset', () => {
    expect(at(2 * 3_600_000)).toBeGreaterThan(0);
    expect(at(2 * 3_600_000 + 1)).toBe(0);
    expect(at(-60_000)).toBe(1);
    expect(at(-60_001)).toBe(0);
  });
});

it('a change that the control group clears counts nothing, and one that it convicts counts more than an untested one', () => {
  expect(verdictFactor.innocent).toBe(0);
  expect(verdictFactor.guilty).toBeGreaterThan(verdictFactor.unknown);
});

describe('cameWith', () => {
  const change = deploy('api', 100);
  const judged = (isSeen: boolean, ownMs: number, verdict: ChangeVerdict) =>
    cameWith({ onset: { ...knownOnset(900), isSeen }, onsetOf: () => ownMs }, change, verdict);

  it('is so for a guilty change where no signal shows the onset', () =>
    expect(judged(false, 900, 'guilty')).toBe(true));

  it.each([
    ['nothing is known of the change', false, 900, 'unknown'],
    ['signals show the onset of the incident', true, 900, 'guilty'],
    ['signals show the onset of the service', false, 850, 'guilty'],
  ] as const)('is not so where %s', (_, isSeen, ownMs, verdict) => expect(judged(isSeen, ownMs, verdict)).toBe(false));
});
