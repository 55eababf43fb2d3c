import { expect, it } from 'vitest';
import { remediationsOf } from './remediations.ts';

const change = {
  id: 'c',
  kind: 'deploy',
  entity: 'service:db',
  startedAtMs: 500,
  actor: '',
  summary: 'db v2 -> v1',
  url: '',
  verdict: 'innocent' as const,
  reason: '',
};
const identified = {
  rank: 1,
  probability: 0.9,
  sinceMs: 0,
  cause: { service: 'db', instance: '', kind: 'latency' as const },
  changeId: null,
  path: [],
  evidence: [],
  refutation: { test: '', result: '' },
};
const restart = (atMs: number, worked: boolean) =>
  ({ remediation: 'restarted', target: 'db', worked, actor: 'mira', atMs }) as const;
const incident = { startedAtMs: 0, detectedAtMs: 100, resolvedAtMs: null, triage: null };
const done = (remediations: ReturnType<typeof restart>[], recoveredMs: number | null, changes = [change]) =>
  remediationsOf({ incident, identified, changes, history: { remediations }, stages: { recoveredMs } }).map(
    ({ kind, worked, actor, doneAtMs }) => [kind, worked, actor, doneAtMs],
  );

it('recorded before the recovery: that is when it was done', () => {
  expect(done([restart(300, false), restart(600, true)], 900)).toEqual([
    ['restarted', false, 'mira', 300],
    ['restarted', true, 'mira', 600],
  ]);
});

it('recorded after the recovery: it was done when the cause was changed', () => {
  expect(done([restart(2000, true)], 900)).toEqual([['restarted', true, 'mira', 500]]);
});

it('recorded after the recovery without such a change: nobody knows when', () => {
  expect(done([restart(2000, true)], 900, [])).toEqual([['restarted', true, 'mira', null]]);
  expect(done([restart(2000, false)], 900, [])[0]).toEqual(['restarted', false, 'mira', null]);
});

it('nobody said what worked: the change of the cause is named, without a person', () => {
  expect(done([restart(300, false)], 900)).toEqual([
    ['restarted', false, 'mira', 300],
    ['change', true, '', 500],
  ]);
});

it('a change after the recovery fixed nothing, and before the recovery nothing did', () => {
  expect(done([], 400)).toEqual([]);
  expect(done([], null)).toEqual([]);
});
