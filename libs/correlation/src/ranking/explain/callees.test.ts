import { describe, expect, it } from 'vitest';
import { originatingErrors } from '../evidence/originating-errors.ts';
import { patternShift } from '../evidence/pattern-shift.ts';
import { resources } from '../evidence/resources.ts';
import { selfTime } from '../evidence/self-time.ts';
import { finding } from '../testing/evidence.ts';
import { explainByCallees } from './callees.ts';
import { servicesBelow } from './services-below.ts';

const slow = (service: string, weight: number, explainable = 0) =>
  finding({ kind: 'self-time', traits: selfTime.traits, service, weight, explainable });
const failing = (service: string, weight: number) =>
  finding({ kind: 'originating-errors', traits: originatingErrors.traits, service, weight });
const lostCall = (service: string, weight: number) =>
  finding({ kind: 'pattern-shift', traits: patternShift.traits, service, weight, explainable: 1 });

describe('explainByCallees', () => {
  const weights = (...args: Parameters<typeof explainByCallees>) =>
    explainByCallees(...args).map(({ weight }) => weight);

  it('takes a time-out off whoever waited, and leaves what cannot be explained', () => {
    const findings = [slow('web', 4, 1), failing('web', 3), slow('api', 5)];
    expect(weights(findings, { web: ['api'] }, 0.9)).toEqual([4 - 0.9 * 4, 3, 5]);
  });

  it('does not explain a lost call by a callee that is only slow', () => {
    expect(weights([lostCall('web', 4), slow('api', 5)], { web: ['api'] }, 0.9)).toEqual([4, 5]);
    expect(weights([lostCall('web', 4), failing('api', 5)], { web: ['api'] }, 0.9)).toEqual([4 - 0.9 * 4, 5]);
  });

  it('takes off no more than the callee’s own evidence, and names the strongest callee', () => {
    const findings = [lostCall('web', 4), failing('api', 1), failing('db', 2)];
    const [explained] = explainByCallees(findings, { web: ['api', 'db'] }, 0.5);
    expect(explained).toMatchObject({ weight: 3, explainedBy: ['db'] });
  });

  it('takes off only the part of a finding that may be explained', () => {
    expect(weights([slow('web', 4, 0.5), failing('api', 9)], { web: ['api'] }, 1)).toEqual([2, 9]);
  });

  it('adds up what speaks for a callee, but not what speaks against it', () => {
    const both = [lostCall('web', 4), failing('api', 1), failing('api', 2), failing('api', -9)];
    expect(weights(both, { web: ['api'] }, 1)[0]).toBe(1);
  });

  it('names the nearest of callees that are equally suspicious', () => {
    const findings = [lostCall('web', 4), failing('db', 2), failing('api', 2)];
    expect(explainByCallees(findings, { web: ['api', 'db'] }, 1)[0]?.explainedBy).toEqual(['api']);
  });

  it('keeps the weight of evidence against a caller, and of a caller without anybody below', () => {
    const against = finding({ service: 'web', isAgainst: true, weight: -2, explainable: 1 });
    expect(weights([against, failing('api', 5)], { web: ['api'] }, 1)).toEqual([-2, 5]);
    expect(weights([lostCall('web', 4), failing('api', 5)], {}, 1)).toEqual([4, 5]);
  });
});

describe('servicesBelow', () => {
  const callees = new Map([
    ['web', ['api', 'cache']],
    ['api', ['db']],
  ]);

  it('lists the suspicious callees of services with an explainable finding, nearest first', () => {
    const findings = [lostCall('web', 4), failing('db', 2), failing('api', 1)];
    expect(servicesBelow({ callees }, findings)).toEqual({ web: ['api', 'db'] });
  });

  it('counts a busy callee only as one that may make callers wait', () => {
    const busy = finding({ kind: 'resources', traits: resources.traits, service: 'cache' });
    expect(servicesBelow({ callees }, [slow('web', 1, 1), busy])).toEqual({ web: ['cache'] });
    expect(servicesBelow({ callees }, [slow('web', 1, 1), finding({ service: 'cache' })])).toEqual({});
  });

  it('goes around a circle of calls once', () => {
    const circle = new Map([
      ['web', ['api']],
      ['api', ['web']],
    ]);
    const findings = [lostCall('web', 4), failing('web', 1), failing('api', 1)];
    expect(servicesBelow({ callees: circle }, findings)).toEqual({ web: ['api'] });
  });

  it('lists nothing for services whose findings can only be their own', () => {
    expect(servicesBelow({ callees }, [slow('web', 4), failing('api', 1)])).toEqual({});
  });
});
