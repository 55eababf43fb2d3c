/** One cause is one page. */
import { describe, expect, it } from 'vitest';
import { setEvidence } from '../state/incident.ts';
import { alertOf, incidentOf, newEvidence, played } from '../testing/played.ts';
import type { Player } from '../testing/player.ts';
import { decideSameCause } from './same-cause.ts';

/** Two pages, both settled, in parts of the system that do not call each other. */
function twoPages(...lines: readonly string[]) {
  const player = played(
    '0s declare cart->db mail->smtp',
    '0s alert cart Slow',
    '0.1s alert smtp Down',
    '0.2s answer #1 settled disturbed=cart cause=cart',
    '0.3s answer #2 settled disturbed=smtp cause=smtp',
    ...lines,
  );
  return { player, one: incidentOf(player), two: incidentOf(player, '#2') };
}

const nameCause = (player: Player, ids: readonly string[], cause = 'disk') => {
  for (const id of ids) setEvidence(player.state, id, newEvidence({ cause }));
};

it('an inconclusive ranking merges nothing, though both rank the same service first', () => {
  const { player, one, two } = twoPages();
  for (const { id } of [one, two])
    setEvidence(player.state, id, newEvidence({ cause: 'disk', verdict: 'inconclusive' }));
  expect(decideSameCause(player.state, two, player.atMs)).toBeNull();
});

it('before its first page an incident need not be settled', () => {
  const { player, one, two } = twoPages();
  nameCause(player, [one.id, two.id]);
  two.evidenceState = 'provisional';
  expect(decideSameCause(player.state, two, player.atMs)).toBeNull();
  two.revision = 0;
  expect(decideSameCause(player.state, two, player.atMs)).toMatchObject({ into: one, from: [two] });
});

it('a paged incident is the primary of an older one that was not paged', () => {
  const { player, one, two } = twoPages();
  nameCause(player, [one.id, two.id]);
  one.revision = 0;
  expect(decideSameCause(player.state, one, player.atMs)).toMatchObject({ into: two, from: [one] });
});

it('a resolved incident takes nothing in', () => {
  const { player, one, two } = twoPages('1s resolve #1');
  nameCause(player, [one.id, two.id]);
  expect(decideSameCause(player.state, two, player.atMs)).toBeNull();
});

it('a pin against the ranking means another cause', () => {
  const { player, one, two } = twoPages('1s pin #1 cache pool');
  nameCause(player, [one.id, two.id]);
  expect(decideSameCause(player.state, two, player.atMs)).toBeNull();
});

it('one that ended long before the other began is another occurrence', () => {
  const { player, one, two } = twoPages();
  nameCause(player, [one.id, two.id]);
  two.startedAtMs = one.lastStartMs + player.state.config.joinGapMs + 1;
  const laterMs = two.startedAtMs;
  expect(decideSameCause(player.state, two, laterMs)).not.toBeNull();
  // Only while its members fire does the older one go on.
  const { player: quiet, one: ended, two: younger } = twoPages('1s alert cart Slow resolved');
  nameCause(quiet, [ended.id, younger.id]);
  younger.startedAtMs = laterMs;
  expect(decideSameCause(quiet.state, younger, laterMs)).toBeNull();
});

it('one member that a person split off keeps the whole incident apart', () => {
  const { player, one, two } = twoPages();
  nameCause(player, [one.id, two.id]);
  const sides = [
    { alerts: [alertOf(player, 'Slow/cart').key], entities: [] },
    { alerts: [], entities: ['service:smtp'] },
  ] as const;
  player.state.splits.set('s', { id: 's', atMs: player.atMs, sides });
  expect(decideSameCause(player.state, two, player.atMs)).toBeNull();
});

it('the primary takes in all others at once; another one takes itself alone to the primary', () => {
  const { player, one, two } = twoPages('2m alert search Slow', '2.01m answer #3 settled cause=search');
  const three = incidentOf(player, '#3');
  nameCause(player, [one.id, two.id, three.id]);
  const fromAll = decideSameCause(player.state, one, player.atMs);
  expect(new Set(fromAll?.from)).toEqual(new Set([two, three]));
  expect(decideSameCause(player.state, three, player.atMs)).toMatchObject({ into: one, from: [three] });
});

describe('a cause that the call graph does not connect with the members', () => {
  const decided = (evidence: Parameters<typeof newEvidence>[0]) => {
    const { player, one, two } = twoPages();
    nameCause(player, [one.id], 'db');
    setEvidence(player.state, two.id, newEvidence(evidence));
    return decideSameCause(player.state, two, player.atMs);
  };

  it("is not that of services which telemetry shows healthy: the loudest fault is every incident's best hypothesis", () => {
    expect(decided({ cause: 'db', degraded: [] })).toBeNull();
  });

  it('may be that of degraded services: the graph does not know every connection', () => {
    expect(decided({ cause: 'db', degraded: ['smtp'] })).toMatchObject({ kind: 'same-cause', cause: 'db' });
  });
});
