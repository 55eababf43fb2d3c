import { emptyEvidenceResult, type PastIncidentRow } from '@faultline/model';
import { expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { busy, suspectOf } from '../../testing/suspect.ts';
import { rejectedBefore } from './rejected-before.ts';

const { input } = compareRows({});
const [alert] = input.alerts;
const name = alert?.name ?? '';
const past = (over: Partial<PastIncidentRow>): PastIncidentRow => ({
  incidentId: 'p',
  resolvedAtMs: 0,
  startedAtMs: 0,
  causeService: '',
  causeKind: '',
  services: [],
  alertNames: [name],
  resolution: '',
  ...over,
});
const found = (...rows: readonly PastIncidentRow[]) => {
  const answer = { ...(input.answer ?? emptyEvidenceResult), past: rows };
  return rejectedBefore.find(suspectOf({}, [busy], { input: { ...input, answer } }));
};
const { service } = busy;

it('each rejection counts, the first for half', () => {
  expect(name).not.toBe('');
  expect(found(past({ rejectedCauses: [service] }))).toMatchObject([{ strength: -0.5, isAgainst: true }]);
  const twice = found(past({ rejectedCauses: [service] }), past({ rejectedCauses: [service] }));
  expect(twice[0]?.strength).toBeCloseTo(-2 / 3);
  expect(twice[0]?.summary).toContain('2 similar incidents');
});

it('incidents with other alerts, of other services or of an older release say nothing', () => {
  expect(
    found(past({ rejectedCauses: [service], alertNames: ['Other'] }), past({ rejectedCauses: ['x'] }), past({})),
  ).toEqual([]);
});

it('as many incidents that it did cause outweigh them', () => {
  expect(found(past({ rejectedCauses: [service] }), past({ causeService: service }))).toEqual([]);
});
