import type { Delivery, Incident, TriageLevel, TriageReason } from '@faultline/model';
import { anIncident, startedAtMs } from '@faultline/model/testing';
import type { AlertMembership, AlertTransition } from '@faultline/store';
import { describe, expect, it } from 'vitest';
import { decideOutcome } from './decide.ts';
import type { AlertFacts } from './facts.ts';
import { subjectText } from './steps.ts';

const nowMs = startedAtMs + 3_600_000;
const transition = (extra: Partial<AlertTransition> = {}): AlertTransition => ({
  source: 'alertmanager',
  fingerprint: 'f1',
  environment: 'production',
  name: 'HighLatency',
  status: 'firing',
  severity: 'critical',
  labels: { job: 'checkout' },
  entities: { service: 'checkout' },
  startsAtMs: startedAtMs,
  endsAtMs: null,
  receivedAtMs: startedAtMs + 500,
  url: '',
  ...extra,
});
const member = (incidentId: string, membership: AlertMembership['membership'] = 'present'): AlertMembership => ({
  incidentId,
  revision: 1,
  membership,
  reason: 'same service checkout',
});
const delivery = (extra: Partial<Delivery> = {}): Delivery => ({
  incidentId: 'inc-1',
  target: 'slack-ops#C1',
  state: 'sent',
  revision: 2,
  messageId: 'm1',
  threadId: '',
  contentHash: '',
  attempts: 0,
  atMs: startedAtMs + 3000,
  error: '',
  ...extra,
});
const incidentAt = (level: TriageLevel, reasons: readonly TriageReason[] = [], extra: Partial<Incident> = {}) =>
  anIncident({
    triage: {
      level,
      impact: 'none',
      severity: 'warning',
      reasons,
      atMs: startedAtMs + 2000,
      text: `${level}: because`,
    },
    ...extra,
  });
const facts = (extra: Partial<AlertFacts> = {}): AlertFacts => ({
  transitions: [transition()],
  memberships: [],
  incidents: new Map(),
  deliveries: [],
  suppression: null,
  refusals: [],
  nearMatches: [],
  ...extra,
});
const inIncident = (incident: Incident, ...deliveries: readonly Delivery[]) =>
  facts({ memberships: [member('inc-1')], incidents: new Map([['inc-1', incident]]), deliveries });
const failed = delivery({ state: 'failed', messageId: '', attempts: 3, error: 'channel_not_found' });
const waiting = delivery({ state: 'intended', messageId: '' });
const held = [{ code: 'held', detail: 'db upgrade (owner storage)' }] as const;

describe('an alert in an incident', () => {
  it.each([
    [
      'a page that arrived',
      inIncident(incidentAt('page'), delivery()),
      'paged',
      'Delivered to slack-ops#C1 (last at 2026-03-01T14:02:03Z)',
    ],
    ['a page whose edit failed', inIncident(incidentAt('page'), delivery({ state: 'failed' })), 'paged', 'Paged'],
    [
      'a page that a fallback got',
      inIncident(incidentAt('page'), failed, delivery({ target: 'mail' })),
      'paged',
      'Delivered to mail',
    ],
    [
      'a ticket that arrived',
      inIncident(incidentAt('ticket'), delivery()),
      'ticket',
      'which is a ticket (ticket: because)',
    ],
    ['a log entry', inIncident(incidentAt('log')), 'log-entry', 'notifies nobody (log: because)'],
    ['a page that is held back', inIncident(incidentAt('ticket', held), delivery()), 'held', 'which a rule holds back'],
    ['a page on its way', inIncident(incidentAt('page'), waiting), 'delivery-pending', 'Not paged yet'],
    [
      'a page that one channel refused and another still tries',
      inIncident(incidentAt('page'), failed, waiting),
      'delivery-pending',
      'Not paged yet',
    ],
    ['a page that was refused', inIncident(incidentAt('page'), failed), 'delivery-failed', 'every channel refused it'],
    ['a page that nobody took', inIncident(incidentAt('page')), 'not-delivered', 'Is the notifier running'],
    [
      'a page of long ago',
      inIncident(incidentAt('page', [], { status: 'resolved' })),
      'not-delivered',
      'no longer kept',
    ],
    [
      'an incident that is not known',
      facts({ memberships: [member('gone')] }),
      'not-delivered',
      'its level is not known',
    ],
    [
      'an incident that it left',
      facts({ memberships: [member('inc-1', 'left')] }),
      'left-incident',
      'a member of none now',
    ],
  ] as const)('%s', (_name, known, outcome, text) => {
    const decision = decideOutcome(known, nowMs);
    expect(decision.outcome).toBe(outcome);
    expect(decision.text).toContain(text);
  });

  it('the one that it is in counts before those that it left', () => {
    const known = {
      ...inIncident(incidentAt('page'), delivery()),
      memberships: [member('inc-2', 'left'), member('inc-1')],
    };
    expect(decideOutcome(known, nowMs)).toMatchObject({ outcome: 'paged', incidentId: 'inc-1' });
  });
});

describe('an alert in no incident', () => {
  const resolved = transition({ status: 'resolved' });
  const refusal = { id: 'd1', source: 'grafana', code: 'INGEST_INVALID', reason: 'alerts[0].name', receivedAtMs: 5 };
  it.each([
    ['a heartbeat', { suppression: { rule: 'heartbeat', isHeartbeat: true } }, 'heartbeat', 'alerting works'],
    ['a rule', { suppression: { rule: 'load test', isHeartbeat: false } }, 'suppressed', 'the rule "load test"'],
    ['heard when it was over', { transitions: [resolved] }, 'only-resolved', 'never firing'],
    [
      'received just now',
      { transitions: [transition({ receivedAtMs: nowMs - 59_000 })] },
      'being-processed',
      'a moment ago',
    ],
    ['received, and no more', {}, 'no-incident', 'the ledger'],
    ['refused', { transitions: [], refusals: [refusal] }, 'refused', 'INGEST_INVALID'],
    ['nothing', { transitions: [] }, 'not-heard', 'Never heard of'],
  ] as const)('%s', (_name, extra, outcome, text) => {
    const decision = decideOutcome(facts(extra), nowMs);
    expect([decision.outcome, decision.incidentId]).toEqual([outcome, '']);
    expect(decision.text).toContain(text);
  });

  it('a refusal before a receipt is a step, not the outcome', () => {
    const { outcome, steps } = decideOutcome(facts({ refusals: [refusal] }), nowMs);
    expect(outcome).toBe('no-incident');
    expect(steps.map(({ kind }) => kind)).toEqual(['refused', 'received']);
    expect(steps[0]?.text).toBe('a body from grafana was refused: alerts[0].name [INGEST_INVALID] (dead letter d1)');
  });
});

it('the steps are those of the alert, then those of each incident, oldest first', () => {
  const known = facts({
    transitions: [transition({ status: 'resolved', receivedAtMs: startedAtMs + 9000 }), transition()],
    memberships: [member('inc-1'), member('inc-0', 'left')],
    incidents: new Map([['inc-1', incidentAt('page')]]),
    deliveries: [waiting, failed, delivery({ target: 'mail', atMs: startedAtMs + 1 })].map((one, index) => ({
      ...one,
      target: `${one.target}-${index}`,
    })),
  });
  expect(decideOutcome(known, nowMs).steps.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
    'received: alertmanager sent HighLatency: firing, severity critical; read as service checkout (label job)',
    'received: alertmanager sent HighLatency: resolved, severity critical; read as service checkout (label job)',
    'joined: member of incident inc-0: same service checkout',
    'left: it left incident inc-0',
    'joined: member of incident inc-1: same service checkout',
    'triage: page: because',
    'delivery: mail-2 has revision 2 of the page',
    'delivery: revision 2 waits for slack-ops#C1-0',
    'delivery: slack-ops#C1-1 refused revision 2 after 3 tries: channel_not_found',
  ]);
});

it('says which label names what an alert is about', () => {
  expect(subjectText({ service: 'cart', pod: 'cart-1' }, { app: 'cart' })).toBe(
    'read as service cart (label app), pod cart-1',
  );
  expect(subjectText({}, { app: 'cart' })).toBe('no label names what it is about');
});
