import { anIncident, likelyCause } from '@faultline/model/testing';
import { expect, it } from 'vitest';
import type { IncidentEvent } from '../state/state.ts';
import { stagesOf } from './stages.ts';

const { service } = likelyCause.cause;
const identified = { ...likelyCause, sinceMs: 500 };
const [aChange] = anIncident().changes;
if (aChange === undefined) throw new Error('the incident has no change');

const blame = (to: string | null): IncidentEvent => ({
  kind: 'blame-changed',
  before: null,
  now: to === null ? null : { service: to, faultType: 'latency', probability: 0.8, evidence: '' },
});

type Input = Parameters<typeof stagesOf>[0];

function input(over: Partial<Input> & { readonly events?: readonly (readonly [number, IncidentEvent])[] } = {}): Input {
  const { events = [], ...rest } = over;
  return {
    incident: { startedAtMs: 1000, detectedAtMs: 2000, resolvedAtMs: null, triage: null },
    history: { timeline: events.map(([atMs, event]) => ({ atMs, event })), resolution: null, pin: null },
    identified,
    changes: [],
    lastEndMs: null,
    ...rest,
  };
}

const resolved = { startedAtMs: 1000, detectedAtMs: 2000, resolvedAtMs: 9000, triage: null };

it('the onset is that of the cause, and the first alert where no cause is known', () => {
  expect(stagesOf(input()).onsetMs).toBe(500);
  expect(stagesOf(input({ identified: undefined })).onsetMs).toBe(1000);
});

it('the cause is named since it has been named without a break', () => {
  const events = [
    [3000, blame(service)],
    [4000, blame('other')],
    [5000, blame(service)],
    [6000, { kind: 'acknowledged', actor: 'ann' }],
  ] as const;
  expect(stagesOf(input({ events }))).toMatchObject({ causeNamedMs: 5000, acknowledgedMs: 6000, pagedMs: null });
  expect(stagesOf(input({ events, identified: undefined })).causeNamedMs).toBeNull();
});

it('the action is the first change of the cause between detection and recovery', () => {
  const change = (entity: string, startedAtMs: number) => ({
    ...aChange,
    entity,
    startedAtMs,
    summary: `at ${startedAtMs}`,
  });
  const cause = `service:${service}`;
  const changes = [change(cause, 8500), change(cause, 7000), change(cause, 1500), change('service:other', 3000)];
  const found = (lastEndMs: number) => stagesOf(input({ incident: resolved, changes, lastEndMs }));
  expect(found(8000)).toMatchObject({ actionMs: 7000, action: 'at 7000', recoveredMs: 8000 });
  expect(found(6000)).toMatchObject({ actionMs: null, action: '', recoveredMs: 6000 });
});

it('without such a change it is what the person says who resolved it', () => {
  const resolution = { kind: 'by-person', actor: 'ann', text: 'scaled up' } as const;
  const history = { timeline: [], resolution, pin: null };
  // Its alerts still fire: nothing but the person says that it is over.
  expect(stagesOf(input({ incident: resolved, history }))).toMatchObject({
    actionMs: 9000,
    action: 'scaled up',
    recoveredMs: 9000,
  });
});
