/** A cheap test before the real one: it may say yes too often, and never no where the reason says yes. */
import { expect, it } from 'vitest';
import { incidentOf, newAlert, played } from '../testing/played.ts';
import { originMs, type Player } from '../testing/player.ts';
import { knowledgeOf } from './reason.ts';
import { mayShareStorm, traitCandidates } from './storm.ts';

const player = () => played('0s declare front->cart cart->db web->mail', '0s alert cart Slow');

function ask(asked: Player, service: string, startsAtMs = originMs): boolean {
  const { state, atMs } = asked;
  const known = knowledgeOf(state, atMs);
  return mayShareStorm(state, known, incidentOf(asked), newAlert({ service }, { startsAtMs }));
}

it.each([
  ['a neighbour', 'db', 0, true],
  ['a service that no path leads to', 'mail', 0, false],
  ['a service that the graph does not know', 'cron', 0, true],
  ['as long before as the gap', 'db', -120_000, true],
  ['longer before', 'db', -120_001, false],
  ['as long after as the gap', 'db', 120_000, true],
  ['longer after', 'db', 120_001, false],
] as const)('%s', (_what, service, afterMs, may) => {
  expect(ask(player(), service, originMs + afterMs)).toBe(may);
});

it('members that the graph does not know separate nothing', () => {
  expect(ask(played('0s declare web->mail', '0s alert cron Failed'), 'mail')).toBe(true);
});

it('a resolved incident, and one whose evidence is in, take nothing for nearness in time', () => {
  expect(ask(played('0s alert cart Slow', '0s resolve #1'), 'db')).toBe(false);
  const storm = ['0s alert cart Slow', '0s alert db Slow', '0.1s answer settled edges=cart->db cause=db'];
  expect(ask(played(...storm), 'cron')).toBe(false);
  expect(ask(played(...storm.slice(0, 2), '0.1s answer edges=cart->db cause=db'), 'cron')).toBe(true);
  const detached = played(...storm, '1s split #1 Slow/cart');
  const { state, atMs } = detached;
  const known = knowledgeOf(state, atMs);
  expect(mayShareStorm(state, known, incidentOf(detached, '#2'), newAlert({ service: 'cron' }))).toBe(false);
});

it('open incidents of the last minutes are found by a trait that their alerts share', () => {
  const found = (asked: Player, name: string, afterMs = 0) =>
    traitCandidates(asked.state, newAlert({ service: 'cron' }, { name }), asked.atMs + afterMs).length;
  expect(found(player(), 'Slow')).toBe(1);
  expect(found(player(), 'Down')).toBe(0);
  expect(found(player(), 'Slow', 120_001)).toBe(0);
  expect(found(played('0s alert cart Slow', '0s resolve #1'), 'Slow')).toBe(0);
});
