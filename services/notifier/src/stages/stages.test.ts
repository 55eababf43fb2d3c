import type { LogRecord } from '@faultline/bus';
import { codecs, type Delivery, type Incident, type TriageLevel } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import type { ChannelCapabilities } from '../channel.ts';
import { digestOf, parseDigest } from '../page/digest.ts';
import { renderPage } from '../page/page.ts';
import { incident, likelyCause, resolved } from '../testing/incident.ts';
import { coalesce } from './coalesce.ts';
import { changeReason, decideDelivery, isPushedChange } from './decide.ts';
import { notesFor } from './notes.ts';
import { channelsForLevel, type RouteConfig, routeIncident, type TakesLevel } from './route.ts';

const options = { publicUrl: 'http://f', timeZone: 'UTC' };
const digest = (scene = incident()) => digestOf(renderPage(scene, options));
const sent = (extra: Partial<Delivery> = {}): Delivery => ({
  incidentId: 'inc1',
  target: 't',
  state: 'sent',
  revision: 2,
  messageId: 'm',
  threadId: '',
  contentHash: digest(),
  attempts: 0,
  atMs: 0,
  error: '',
  ...extra,
});
const triageAt = (level: TriageLevel): Incident['triage'] => ({
  level,
  impact: 'none',
  severity: 'warning',
  reasons: [],
  atMs: 0,
  text: `${level}: 2 alerts`,
});
const another = { ...likelyCause, cause: { service: 'cache', instance: '', kind: 'memory' } } as const;

const heldUntil = (level: TriageLevel): Incident['triage'] => ({
  ...(triageAt(level) ?? never()),
  reasons: [{ code: 'was-held', detail: 'upgrade' }],
});
const never = () => {
  throw new Error('triageAt has a level');
};

describe('what a rule held back until it was over', () => {
  it.each([
    ['is told where nobody is woken for it', 'ticket', 'in-place', 'send held-until-over'],
    ['is told where each update is a message', 'ticket', 'none', 'send held-until-over'],
    ['opens nothing in a pager', 'ticket', 'by-key', 'skip over-before-first-page'],
    ['is a log entry', 'log', 'in-place', 'skip over-before-first-page'],
  ] as const)('%s', (_name, level, updates, expected) => {
    const gone = { ...resolved(3), triage: heldUntil(level) };
    const input = { previous: null, incident: gone, digest: digest(gone), capabilities: { updates } };
    const { action, reason } = decideDelivery(input);
    expect(`${action} ${reason}`).toBe(expected);
  });
});

describe('decideDelivery', () => {
  const never = { messageId: '', contentHash: '' };
  const gone = resolved(3);
  const acknowledged = incident({ revision: 3, status: 'acknowledged' });
  const moved = incident({ revision: 3, hypotheses: [another] });
  const more = incident({ revision: 3, alertCount: 41 });
  const same = incident({ revision: 3 });
  const unclear = incident({ revision: 3, verdict: 'inconclusive' });
  const fault = { ...likelyCause, cause: { ...likelyCause.cause, kind: 'pool' } } as const;
  const otherFault = incident({ revision: 3, hypotheses: [fault] });
  const wasOver = { contentHash: digest(gone) };
  // What the target has; the revision; the decision with edits; the decision without.
  it.each([
    ['nothing', null, same, 'send first', 'send first'],
    ['nothing, and it is over', null, gone, 'skip over-before-first-page', 'skip over-before-first-page'],
    ['a newer revision', sent({ revision: 9 }), same, 'skip older-revision', 'skip older-revision'],
    ['perhaps the first', sent({ ...never, state: 'intended' }), same, 'send unfinished', 'send unfinished'],
    [
      'perhaps the first, and it is over',
      sent({ ...never, state: 'intended' }),
      gone,
      'send unfinished',
      'send unfinished',
    ],
    ['perhaps an edit', sent({ state: 'intended' }), same, 'edit unfinished', 'send unfinished'],
    ['refused, same revision', sent({ ...never, state: 'failed', revision: 3 }), same, 'skip failed', 'skip failed'],
    ['refused, next revision', sent({ ...never, state: 'failed' }), same, 'send retry-failed', 'send retry-failed'],
    ['an edit refused', sent({ state: 'failed' }), same, 'edit retry-failed', 'send retry-failed'],
    ['an equal page', sent(), same, 'skip equal-page', 'skip equal-page'],
    ['less', sent(), more, 'edit revised', 'skip minor-for-channel'],
    ['another service to blame', sent(), moved, 'edit cause-changed', 'send cause-changed'],
    ['another fault of the same service', sent(), otherFault, 'edit revised', 'skip minor-for-channel'],
    ['a cause that is withdrawn', sent(), unclear, 'edit cause-withdrawn', 'skip minor-for-channel'],
    ['no cause, now one', sent({ contentHash: digest(unclear) }), same, 'edit cause-changed', 'send cause-changed'],
    ['open', sent(), acknowledged, 'edit acknowledged', 'skip minor-for-channel'],
    ['open, now over', sent(), gone, 'edit resolved', 'send resolved'],
    ['over, now open', sent(wasOver), same, 'edit reopened', 'send reopened'],
    ['nobody knows what', sent({ contentHash: '' }), same, 'edit cause-changed', 'send cause-changed'],
    ['nobody knows what, no cause', sent({ contentHash: '' }), unclear, 'edit revised', 'skip minor-for-channel'],
    ['nobody knows what, now over', sent({ contentHash: '' }), gone, 'edit resolved', 'send resolved'],
  ] as const)('%s', (_name, previous, now, editing, plain) => {
    const decide = (updates: ChannelCapabilities['updates']) => {
      const { action, reason } = decideDelivery({
        previous,
        incident: now,
        digest: digest(now),
        capabilities: { updates },
      });
      return `${action} ${reason}`;
    };
    expect([decide('in-place'), decide('none')]).toEqual([editing, plain]);
  });
});

it('a channel that logs every event hears of another status or cause only', () => {
  const decide = (now: Incident) =>
    decideDelivery({ previous: sent(), incident: now, digest: digest(now), capabilities: { updates: 'by-key' } })
      .reason;
  const cases = [
    incident({ revision: 3, alertCount: 41 }),
    incident({ revision: 3, status: 'acknowledged' }),
    incident({ revision: 3, hypotheses: [another] }),
    resolved(3),
  ];
  expect(cases.map(decide)).toEqual(['minor-for-channel', 'acknowledged', 'cause-changed', 'resolved']);
});

it('an edit is noted in the thread when it matters, and pushed when the cause was found, moved, or the incident is back', () => {
  const note = (before: string, now = incident()) =>
    notesFor(before, digest(now), renderPage(now, options)).map(
      ({ kind, isPushed }) => `${kind}${isPushed ? ', pushed' : ''}`,
    );
  expect(note(digest(), resolved(3))).toEqual(['resolved']);
  expect(note(digest(resolved(3)))).toEqual(['reopened, pushed']);
  expect(note(digest(), incident({ status: 'acknowledged' }))).toEqual(['acknowledged']);
  expect(note(digest(), incident({ hypotheses: [another] }))).toEqual(['cause-changed, pushed']);
  expect(note(digest(), incident({ verdict: 'inconclusive' }))).toEqual(['cause-withdrawn']);
  expect(note(digest(), incident({ alertCount: 1 }))).toEqual([]);
  expect(note('')).toEqual(['cause-changed, pushed']);
});

it('a ticket that becomes a page is pushed, and a first ticket is not a page by its digest', () => {
  const ticket = incident({ triage: triageAt('ticket') });
  const page = incident({ revision: 3, triage: triageAt('page') });
  const change = (before: Incident, now: Incident) => changeReason(digest(before), digest(now));
  expect([change(ticket, page), change(page, ticket), change(ticket, ticket)]).toEqual([
    'promoted',
    'revised',
    'revised',
  ]);
  expect(isPushedChange('promoted')).toBe(true);
  expect(parseDigest(digest(ticket))?.level).toBe('ticket');
  expect(parseDigest(`${digest(page)}.loud`)).toBeNull();
});

it('a worse severity is pushed once per rise, on every channel, also after an acknowledgement', () => {
  const pageOf = (severity: Incident['severity'], over: Partial<Incident> = {}) =>
    renderPage(incident({ severity, triage: triageAt('page'), ...over }), options);
  const change = (before: string, page: ReturnType<typeof pageOf>) => changeReason(before, digestOf(page, before));
  const info = digestOf(pageOf('info'));
  const critical = digestOf(pageOf('critical'), info);
  expect(change(info, pageOf('critical'))).toBe('severity-raised');
  expect(change(info, pageOf('error', { status: 'acknowledged' }))).toBe('severity-raised');
  expect(change(info, pageOf('warning'))).toBe('revised');
  expect(isPushedChange('severity-raised')).toBe(true);
  const eased = digestOf(pageOf('info', { alertCount: 9 }), critical);
  expect([change(critical, pageOf('info', { alertCount: 9 })), change(eased, pageOf('critical'))]).toEqual([
    'revised',
    'revised',
  ]);
  const reopened = digestOf(pageOf('info'), digestOf(renderPage(resolved(3), options), critical));
  expect(change(reopened, pageOf('critical'))).toBe('severity-raised');
  const olderRelease = info.replace('.info', '');
  expect(change(olderRelease, pageOf('critical'))).toBe('revised');
  const decide = (updates: ChannelCapabilities['updates']) =>
    decideDelivery({
      previous: sent({ contentHash: info }),
      incident: incident({ revision: 3 }),
      digest: critical,
      capabilities: { updates },
    }).reason;
  expect([decide('in-place'), decide('by-key'), decide('none')]).toEqual(Array(3).fill('severity-raised'));
});

describe('channelsForLevel', () => {
  const takes: TakesLevel = (channel, level) => (level === 'page' ? channel === 'pager' : channel === `${level}s`);
  it.each([
    ['a page goes to the pager', 'page', ['pager', 'tickets'], [], ['pager']],
    ['a ticket goes to the tickets', 'ticket', ['pager', 'tickets'], [], ['tickets']],
    ['a ticket routed to a pager alone goes to the default tickets', 'ticket', ['pager'], ['tickets'], ['tickets']],
    ['a ticket that nobody takes goes to the pager', 'ticket', ['pager'], ['pager'], ['pager']],
    ['a page that nobody takes goes where it is routed', 'page', ['tickets'], ['tickets'], ['tickets']],
    ['a log entry goes to logs', 'log', ['pager', 'logs'], [], ['logs']],
    ['a log entry that nobody takes goes nowhere', 'log', ['pager'], ['pager'], []],
  ] as const)('%s', (_name, level, routed, defaults, expected) => {
    expect(channelsForLevel({ triage: triageAt(level) }, routed, defaults, takes)).toEqual(expected);
  });

  it('what a release without triage wrote is a page', () => {
    expect(channelsForLevel({ triage: null }, ['pager', 'tickets'], [], takes)).toEqual(['pager']);
  });
});

describe('routeIncident', () => {
  const route = (match: RouteConfig['match'], ...channels: string[]) => ({ match, channels });
  it.each([
    ['no routes', [], ['default']],
    ['none matches', [route({ severity: ['info'] }, 'a')], ['default']],
    ['all that match', [route({}, 'a', 'b'), route({ environment: ['production'] }, 'b', 'c')], ['a', 'b', 'c']],
    ['an environment has many names', [route({ environment: ['prod'] }, 'b')], ['b']],
    ['every key must hold', [route({ environment: ['production'], severity: ['warning'] }, 'a')], ['default']],
    ['the team of the cause', [route({ team: ['storage'] }, 'a')], ['a']],
    ['the team of the cause alone', [route({ causeTeam: ['storage'] }, 'a')], ['a']],
    ['a service that alerts', [route({ service: ['checkout'] }, 'a')], ['a']],
    ['the service to blame', [route({ service: ['orders-db'] }, 'a')], ['a']],
    ['another tenant', [route({ tenant: ['acme'] }, 'a')], ['default']],
  ])('%s', (_name, routes, expected) => {
    expect(routeIncident(incident(), routes, ['default'])).toEqual(expected);
  });

  it('the owner of a symptom is no owner of the cause', () => {
    const shop = { team: 'shop', contact: '', why: 'owns checkout, which alerts' };
    const both = incident({ owners: [...incident().owners, shop] });
    expect(routeIncident(both, [route({ team: ['shop'] }, 'a')], ['default'])).toEqual(['a']);
    expect(routeIncident(both, [route({ causeTeam: ['shop'] }, 'a')], ['default'])).toEqual(['default']);
  });

  it('where the environment is not known, each that was read counts, and services go by their plain names', () => {
    const [first, ...others] = incident().hypotheses;
    if (first === undefined) throw new Error('no hypothesis');
    const cause = { ...first.cause, service: 'production/payments' };
    const ambiguous = incident({
      scope: { tenant: 'default', environment: '' },
      environments: [],
      environmentReading: {
        reason: 'ambiguous',
        read: ['production', 'staging'],
        named: [],
        seen: [],
        qualified: ['payments'],
      },
      hypotheses: [{ ...first, cause }, ...others],
    });
    const routes = [route({ environment: ['production'] }, 'a'), route({ service: ['payments'] }, 'b')];
    expect(routeIncident(ambiguous, routes, [])).toEqual(['a', 'b']);
  });
});

it('coalesce keeps the latest of each incident, and sets aside what it cannot read', () => {
  const record = (key: string, value: Uint8Array | null, offset: bigint): LogRecord => ({
    topic: 'incidents',
    partition: 0,
    offset,
    timestampMs: 0,
    key,
    value,
    headers: {},
  });
  const encode = (id: string, revision: number) => codecs.incident.encode(incident({ id, revision }));
  const { incidents, removedIds, unreadable } = coalesce([
    record('a', encode('a', 1), 0n),
    record('b', encode('b', 1), 1n),
    record('a', encode('a', 2), 2n),
    record('b', null, 3n),
    record('c', new Uint8Array([1]), 4n),
  ]);
  expect(incidents.map(({ id, revision }) => `${id}${revision}`)).toEqual(['a2']);
  expect([removedIds, unreadable.map((bad) => bad.record.offset)]).toEqual([['b'], [4n]]);
});
