/** Facts in words. Each kind has its sentence here, so that a change of words is seen in one place. */
import { missingCodes } from '@faultline/model';
import { expect, it } from 'vitest';
import type { Blame, IncidentEvent, MemberReason, RefusalReason, Resolution } from '../../state/state.ts';
import { resolutionText, timelineEntry } from './event.ts';
import { missingText } from './missing.ts';
import { reasonText } from './reason.ts';
import { commandResult } from './refusal.ts';

const path = { services: ['orders', 'db', 'cart', 'front'], sharedCallee: 'db' };
const reasons: readonly [MemberReason, string][] = [
  [{ kind: 'opened' }, 'opened the incident'],
  [{ kind: 'same-entity', entity: 'pod:p' }, 'same pod p'],
  [{ kind: 'likely-cause', service: 'db' }, 'db is the likely cause of this incident'],
  [{ kind: 'degraded-service', service: 'db' }, 'db is degraded in this incident'],
  [{ kind: 'degraded-path', path }, 'degraded path orders -> db <- cart <- front'],
  [{ kind: 'same-node', node: 'n1' }, 'same node n1'],
  [{ kind: 'about-failure-domain', entity: 'zone:a' }, 'about zone a, where other alerts of this incident run'],
  [{ kind: 'in-failure-domain', entity: 'zone:a' }, 'runs in zone a, which this incident is about'],
  [{ kind: 'same-change', changeId: 'c', summary: 'deploy db v2' }, 'same change: deploy db v2'],
  [{ kind: 'fires-again' }, 'fires again soon after the incident was resolved'],
  [{ kind: 'recent-cause', service: 'db' }, 'db was the cause of this incident, resolved shortly before'],
  [{ kind: 'recent-entity', entity: 'service:db' }, 'same service db as this incident, resolved shortly before'],
  [{ kind: 'storm-no-telemetry' }, 'began at the same time; no telemetry connects or separates it'],
  [{ kind: 'storm-awaiting-graph' }, 'began at the same time; waiting for the call graph'],
  [
    { kind: 'storm-awaiting-evidence', path: { services: ['cart', 'db'], sharedCallee: 'db' } },
    'began at the same time on call path cart -> db; waiting for evidence',
  ],
  [{ kind: 'no-degraded-path', services: ['a', 'b'] }, 'no degraded path to a, b'],
  [
    { kind: 'joined-with', alertName: 'Late', reason: { kind: 'same-node', node: 'n' } },
    'same node n (joined with Late)',
  ],
  [{ kind: 'same-cause', cause: 'db' }, 'same cause: db'],
  [{ kind: 'split-by', actor: 'ann' }, 'split off by ann'],
  [{ kind: 'merged-by', actor: 'ann' }, 'merged by ann'],
  [{ kind: 'text', text: 'as it was' }, 'as it was'],
];
it.each(reasons)('reason %j', (reason, text) => expect(reasonText(reason)).toBe(text));

const blame: Blame = { service: 'db', faultType: 'latency', probability: 0.84, evidence: 'db takes 3 s' };
const events: readonly [IncidentEvent, string, string][] = [
  [{ kind: 'acknowledged', actor: 'ann' }, 'command', 'acknowledged by ann'],
  [{ kind: 'resolved', resolution: { kind: 'by-person', actor: 'ann', text: '' } }, 'status', 'resolved by ann'],
  [{ kind: 'resolved', resolution: { kind: 'by-person', actor: 'ann', text: 'x' } }, 'status', 'resolved by ann: x'],
  [
    { kind: 'resolved', resolution: { kind: 'merged-same-cause', into: 'i', cause: 'db' } },
    'status',
    'merged into i: same cause, db',
  ],
  [{ kind: 'resolved', resolution: { kind: 'merged-by', into: 'i', actor: 'ann' } }, 'status', 'merged into i by ann'],
  [
    { kind: 'resolved', resolution: { kind: 'recovered' } },
    'status',
    'resolved: no alert fires and the signals recovered',
  ],
  [
    { kind: 'reopened', reason: { kind: 'fires-again' } },
    'status',
    'reopened: fires again soon after the incident was resolved',
  ],
  [{ kind: 'reopened-by', actor: 'ann' }, 'status', 'reopened by ann'],
  [{ kind: 'flapping', alertName: 'Slow' }, 'status', 'Slow is flapping'],
  [
    { kind: 'regrouped', alertName: 'Slow' },
    'status',
    'Slow and related alerts moved to a new incident: nothing connects them with this one',
  ],
  [{ kind: 'members-added', count: 2, cause: 'db' }, 'status', '2 alerts of another incident joined: same cause, db'],
  [{ kind: 'merged-by', actor: 'ann', other: 'i' }, 'command', 'ann merged i into this incident'],
  [{ kind: 'split-by', actor: 'ann', count: 1, into: 'i' }, 'command', 'ann moved 1 alert to i'],
  [{ kind: 'split-from', actor: 'ann', from: 'i' }, 'command', 'split off from i by ann'],
  [{ kind: 'pinned', actor: 'ann', service: 'db' }, 'command', 'ann pinned db as the cause'],
  [{ kind: 'note', actor: 'ann', text: 'hm' }, 'note', 'ann: hm'],
  [{ kind: 'blame-changed', before: null, now: blame }, 'revision', 'likely cause: db slow (84 %): db takes 3 s'],
  [
    { kind: 'blame-changed', before: blame, now: { ...blame, service: 'web', evidence: '' } },
    'revision',
    'cause changed from db slow (84 %) to web slow (84 %)',
  ],
  [
    { kind: 'blame-changed', before: blame, now: null },
    'revision',
    'db is no longer the likely cause: the evidence is inconclusive',
  ],
  [{ kind: 'text', timelineKind: 'status', text: 'as it was' }, 'status', 'as it was'],
];
it.each(events)('event %j', (event, kind, text) => {
  expect(timelineEntry({ atMs: 7, event })).toEqual({ atMs: 7, kind, text });
});

const resolutions: readonly [Resolution, string][] = [
  [{ kind: 'by-person', actor: 'ann', text: 'restarted' }, 'restarted'],
  [{ kind: 'by-person', actor: 'ann', text: '' }, 'resolved by ann, who did not name a fix'],
  [{ kind: 'recovered' }, 'no alert fires and the signals recovered'],
  [{ kind: 'no-evidence' }, 'no alert fires; the signals could not be checked'],
  [{ kind: 'still-degraded' }, 'no alert fires; the signals have not returned to what they were'],
  [{ kind: 'merged-by', into: 'i', actor: 'ann' }, 'merged into i'],
  [{ kind: 'merged-same-cause', into: 'i', cause: 'db' }, 'merged into i'],
  [{ kind: 'text', text: 'as it was' }, 'as it was'],
];
it.each(resolutions)('resolution %j', (resolution, text) => expect(resolutionText(resolution)).toBe(text));

const refusals: readonly [RefusalReason, string, RegExp][] = [
  [{ kind: 'unknown-incident' }, 'not-found', /no such incident/],
  [{ kind: 'unknown-other', other: 'i' }, 'not-found', /no incident i /],
  [{ kind: 'stale-revision', revision: 3, expected: 1 }, 'stale-revision', /at revision 3, not 1/],
  [{ kind: 'resolved', command: 'split' }, 'wrong-state', /is resolved$/],
  [{ kind: 'resolved', command: 'resolve' }, 'wrong-state', /resolved already/],
  [{ kind: 'not-resolved' }, 'wrong-state', /not resolved/],
  [{ kind: 'merged-away', into: 'i' }, 'wrong-state', /merged into i/],
  [{ kind: 'not-both-open' }, 'wrong-state', /both/],
  [{ kind: 'no-such-alerts' }, 'bad-argument', /none of these/],
  [{ kind: 'all-alerts' }, 'bad-argument', /all alerts/],
  [{ kind: 'merge-with-itself' }, 'bad-argument', /with itself/],
  [{ kind: 'text', refusal: 'not-found', text: 'as it was' }, 'not-found', /as it was/],
];
it.each(refusals)('refusal %j', (refusal, code, text) => {
  const result = commandResult({ id: 'c', refusal });
  expect(result).toMatchObject({ id: 'c', result: 'refused', refusal: code });
  expect(result.reason).toMatch(text);
});

it('a command that was done has no refusal', () => {
  expect(commandResult({ id: 'c', refusal: null })).toEqual({ id: 'c', result: 'done', refusal: null, reason: '' });
});

it('each code of missing evidence has words of its own', () => {
  const texts = missingCodes.map((code) => missingText({ part: 'spans', code, detail: '2' }));
  expect(new Set(texts).size).toBe(missingCodes.length);
  expect(texts.every((text) => text.startsWith('spans: '))).toBe(true);
  expect(missingText({ part: 'spans', code: 'behind', detail: '1' })).toBe('spans: 1 batch sent, not recorded yet');
  expect(missingText({ part: 'spans', code: 'behind', detail: '2' })).toBe('spans: 2 batches sent, not recorded yet');
});
