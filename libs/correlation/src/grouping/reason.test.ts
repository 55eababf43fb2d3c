/** One case for each kind of reason, and for what must be no reason. */
import { expect, it } from 'vitest';
import type { AlertState } from '../state/state.ts';
import { incidentOf, newAlert, played } from '../testing/played.ts';
import type { Player } from '../testing/player.ts';
import { isProvisional, type JoinReason, joinReason, knowledgeOf, strengthOf } from './reason.ts';
import { viewIncident } from './view.ts';

const minuteMs = 60_000;
const evidence = '0.2s answer settled disturbed=cart,db edges=cart->db,web->mail,stats->db,report->stats cause=db';
const plain = () => played('0s alert cart Slow node=n1', evidence);
const stormy = () => played('0s alert cart Slow');
const resolved = () => played('0s alert cart Slow pod=p1', evidence, '1s resolve #1');

function reasonIn(player: Player, alert: AlertState, afterMs = 5 * minuteMs): JoinReason | null {
  const atMs = player.atMs + afterMs;
  const { state } = player;
  return joinReason(knowledgeOf(state, atMs), viewIncident(state, incidentOf(player)), { ...alert, startsAtMs: atMs });
}

const cases: readonly [what: string, () => Player, AlertState['entities'], JoinReason | null][] = [
  ['the same service', plain, { service: 'cart' }, { kind: 'same-entity', entity: 'service:cart' }],
  ['the cause', plain, { service: 'db' }, { kind: 'likely-cause', service: 'db' }],
  ['the cause by another kind of name', plain, { database: 'db' }, { kind: 'likely-cause', service: 'db' }],
  [
    'a neighbour of what is degraded',
    plain,
    { service: 'stats' },
    { kind: 'degraded-path', path: { services: ['stats', 'db'], sharedCallee: 'db' } },
  ],
  ['a service behind a healthy one', plain, { service: 'report' }, null],
  ['a service elsewhere in the graph', plain, { service: 'mail' }, null],
  ['the same node', plain, { service: 'mail', node: 'n1' }, { kind: 'same-node', node: 'n1' }],
  ['another node', plain, { service: 'mail', node: 'n2' }, null],
  [
    'what runs in the zone that the incident is about',
    () => played('0s alert - Unreachable zone=a'),
    { service: 'mail', zone: 'a' },
    { kind: 'in-failure-domain', entity: 'zone:a' },
  ],
  [
    'a zone in which members run',
    () => played('0s alert cart Slow zone=a'),
    { zone: 'a' },
    { kind: 'about-failure-domain', entity: 'zone:a' },
  ],
  [
    'sharing a zone, when nothing is about it',
    () => played('0s alert cart Slow zone=a'),
    { service: 'mail', zone: 'a' },
    null,
  ],
  ['the cause of a resolved incident', resolved, { service: 'db' }, { kind: 'recent-cause', service: 'db' }],
  ['a member’s pod of a resolved incident', resolved, { pod: 'p1' }, { kind: 'recent-entity', entity: 'pod:p1' }],
  ['a neighbour of a resolved incident', resolved, { service: 'stats' }, null],
];

it.each(cases)('%s', (_what, play, entities, reason) => {
  expect(reasonIn(play(), newAlert(entities))).toEqual(reason);
});

it('a degraded service that is connected with the members', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled disturbed=cart,stats edges=stats->cart cause=cart');
  expect(reasonIn(player, newAlert({ service: 'stats' }))).toEqual({ kind: 'degraded-service', service: 'stats' });
});

it('a rule that has fired for days takes in nothing that begins today, not even about the same service', () => {
  const cart = newAlert({ service: 'cart' });
  expect(reasonIn(plain(), cart, 5 * 60 * minuteMs)).toEqual({ kind: 'same-entity', entity: 'service:cart' });
  expect(reasonIn(plain(), cart, 7 * 60 * minuteMs)).toBeNull();
});

it('a suspected change to what the alert is about', () => {
  const player = played('0s change cart v1 node=n7', '1s alert cart Slow', '1.2s answer settled cause=cart');
  const reason = reasonIn(player, newAlert({ service: 'mail', node: 'n7' }));
  expect(reason).toMatchObject({ kind: 'same-change', summary: 'deploy cart v1' });
  const other = played('0s change mail v1 node=n7', '1s alert cart Slow', '1.2s answer settled cause=cart');
  expect(reasonIn(other, newAlert({ service: 'smtp', node: 'n7' }))).toBeNull();
});

it('the same alert again, within the hour only', () => {
  const player = resolved();
  const [alert] = player.state.alerts.values();
  if (alert === undefined) throw new Error('no alert');
  expect(reasonIn(player, alert)).toEqual({ kind: 'fires-again' });
  expect(reasonIn(player, alert, 61 * minuteMs)).toBeNull();
});

it('nearness in time counts while the incident waits for evidence, and for a minute at most', () => {
  const mail = newAlert({ service: 'mail' });
  expect(reasonIn(stormy(), mail, 1000)).toEqual({ kind: 'storm-awaiting-graph' });
  expect(reasonIn(stormy(), mail, 61_000)).toBeNull();
});

it('the declared graph decides within a storm where it knows both', () => {
  const player = played('0s declare cart->db web->mail', '0s alert cart Slow');
  const path = { services: ['db', 'cart'], sharedCallee: 'db' };
  expect(reasonIn(player, newAlert({ service: 'db' }), 1000)).toEqual({ kind: 'storm-awaiting-evidence', path });
  expect(reasonIn(player, newAlert({ service: 'mail' }), 1000)).toBeNull();
});

it('after evidence, nearness in time alone counts for nothing', () => {
  expect(reasonIn(plain(), newAlert({ service: 'cron' }), 1000)).toBeNull();
  expect(reasonIn(plain(), newAlert({ service: 'mail' }), 1000)).toBeNull();
});

it('what the graph does not know may share a trait with alerts that began at the same time', () => {
  const untold = () => played('0s alert batch Slow', '0.2s answer settled edges=cart->db');
  const cron = newAlert({ service: 'cron' }, { name: 'Slow' });
  expect(reasonIn(untold(), cron, 1000)).toEqual({ kind: 'same-trait', trait: 'rule', value: 'Slow' });
  expect(reasonIn(untold(), cron, 3 * minuteMs)).toBeNull();
  expect(reasonIn(untold(), newAlert({ service: 'cart' }, { name: 'Slow' }), 1000)).toBeNull();
  // Telemetry tells what this one is about.
  expect(reasonIn(plain(), cron, 1000)).toBeNull();
  const part = { kind: 'same-trait', trait: 'application', value: 'cart' };
  expect(reasonIn(plain(), newAlert({ service: 'cart-worker' }), 1000)).toEqual(part);
});

it('an alert that names nothing joins nothing, and nothing joins it', () => {
  expect(reasonIn(stormy(), newAlert({}, { name: 'Slow' }), 1000)).toBeNull();
  expect(reasonIn(plain(), newAlert({}, { name: 'Slow' }), 1000)).toBeNull();
  expect(reasonIn(played('0s alert - x'), newAlert({ service: 'mail' }), 1000)).toBeNull();
});

it('a cause that was never identified is no reason to open an incident again', () => {
  const player = resolved();
  const known = player.state.evidence.get(incidentOf(player).id);
  if (known === undefined) throw new Error('no evidence');
  player.state.evidence.set(incidentOf(player).id, {
    ...known,
    ranking: { ...known.ranking, verdict: 'inconclusive' },
  });
  expect(reasonIn(player, newAlert({ service: 'db' }))).toBeNull();
});

it('a pinned cause takes the place of the identified one', () => {
  const player = played('0s alert cart Slow', evidence, '1s pin #1 cache pool');
  expect(reasonIn(player, newAlert({ service: 'cache' }))).toEqual({ kind: 'likely-cause', service: 'cache' });
  expect(reasonIn(player, newAlert({ service: 'db' }))).toEqual({ kind: 'degraded-service', service: 'db' });
});

it('only nearness in time is provisional, and it is the weakest', () => {
  const storm: JoinReason = { kind: 'storm-awaiting-graph' };
  const change: JoinReason = { kind: 'same-change', changeId: 'c', summary: '' };
  const again: JoinReason = { kind: 'fires-again' };
  const trait: JoinReason = { kind: 'same-trait', trait: 'rule', value: 'Slow' };
  expect([storm, trait, change, again].map(isProvisional)).toEqual([true, true, false, false]);
  expect(strengthOf(storm)).toBeGreaterThan(strengthOf(trait));
  expect(strengthOf(storm)).toBeGreaterThan(strengthOf(again));
  expect(strengthOf(again)).toBeGreaterThan(strengthOf(change));
});
