/** Decisions read the state and change nothing; what they return is what is then applied. */
import { expect, it } from 'vitest';
import { setEvidence } from '../state/incident.ts';
import { snapshotState } from '../state/load.ts';
import { incidentOf, newAlert, newEvidence, played } from '../testing/played.ts';
import { originMs } from '../testing/player.ts';
import { playRandom } from '../testing/random-play.ts';
import { decideMerge } from './merge.ts';
import { decidePlacement } from './place.ts';
import { decideRegrouping } from './regroup.ts';

const seeds = Array.from({ length: 8 }, (_, seed) => seed);

it.each(seeds)('seed %i: deciding leaves the state as it is', (seed) => {
  const { state, atMs } = playRandom(seed, 0, true).player;
  const before = JSON.stringify(snapshotState(state));
  for (const alert of state.alerts.values()) decidePlacement(state, alert, atMs);
  for (const incident of state.incidents.values()) {
    decideMerge(state, incident, atMs);
    decideRegrouping(state, { ...incident, regrouped: false }, { settled: true, atMs });
  }
  expect(JSON.stringify(snapshotState(state))).toBe(before);
});

const twoPages = () =>
  played(
    '0s declare cart->db mail->smtp',
    '0s alert cart Slow',
    '0.1s alert smtp Down',
    '0.2s answer #1 settled disturbed=cart edges=cart->db,mail->smtp cause=db',
    '0.3s answer #2 settled disturbed=smtp edges=cart->db,mail->smtp cause=smtp',
  );

it('an alert goes to the strongest reason, and to a new incident without one', () => {
  const player = twoPages();
  const place = (service: string) => decidePlacement(player.state, newAlert({ service }), originMs + 200_000);
  expect(place('db')).toMatchObject({ incident: incidentOf(player), reason: { kind: 'likely-cause' } });
  expect(place('mail')).toMatchObject({ incident: incidentOf(player, '#2'), reason: { kind: 'degraded-path' } });
  expect(place('other')).toEqual({ kind: 'open', flood: null });
});

it('among equal reasons the older incident is taken', () => {
  const player = played('0s declare a->x b->y', '0s alert a Slow node=n1', '1s alert b Slow node=n1 fp=b');
  const [first] = [...player.state.incidents.values()].sort((a, b) => a.startedAtMs - b.startedAtMs);
  const placement = decidePlacement(player.state, newAlert({ node: 'n1' }), player.atMs);
  expect(placement).toMatchObject({ incident: first });
});

it('a person’s split is stronger than any reason', () => {
  const player = played(
    '0s alert cart Slow',
    '0s alert db Slow',
    '0.2s answer settled disturbed=cart,db edges=cart->db cause=db',
    '1s split #1 Slow/db',
  );
  const alert = newAlert({ service: 'db' });
  expect(decidePlacement(player.state, alert, player.atMs)).toMatchObject({ incident: incidentOf(player, '#2') });
});

it('an incident with a page and one with the same cause merge into the first', () => {
  const player = twoPages();
  const [one, two] = [incidentOf(player), incidentOf(player, '#2')];
  expect(decideMerge(player.state, two, player.atMs)).toBeNull();
  // Nothing calls smtp on the way to db, so its own evidence must show that it suffers.
  setEvidence(player.state, two.id, newEvidence({ cause: 'db', degraded: ['smtp'] }));
  const merge = { kind: 'same-cause', into: one, from: [two], cause: 'db' };
  expect(decideMerge(player.state, two, player.atMs)).toEqual(merge);
  expect(decideMerge(player.state, one, player.atMs)).toEqual(merge);
  // A first ranking may be wrong: of two that have paged, both must be settled.
  two.evidenceState = 'provisional';
  expect(decideMerge(player.state, two, player.atMs)).toBeNull();
  // Somebody works on the second one.
  two.evidenceState = 'settled';
  two.status = 'acknowledged';
  expect(decideMerge(player.state, one, player.atMs)).toMatchObject({ into: two, from: [one] });
});

const storm = [
  '0s alert cart Slow',
  '0s alert front Slow',
  '0s alert mail Slow',
  '0s alert smtp Down',
  '0s alert cron Failed',
];
const stormEvidence = 'disturbed=cart,front,mail,smtp edges=front->cart,mail->smtp';

function regroupingOf(settled: boolean, rounds: number) {
  // Traces are not settled, so the machine itself does not regroup yet.
  const player = played(...storm, `0.2s answer ${stormEvidence} cause=cart`);
  const incident = incidentOf(player);
  incident.rounds = rounds;
  return decideRegrouping(player.state, incident, { settled, atMs: player.atMs });
}

it('a storm is parted by what evidence connects', () => {
  const regrouping = regroupingOf(true, 1);
  const names = (alerts: readonly { readonly fingerprint: string }[]) => alerts.map(({ fingerprint }) => fingerprint);
  expect(regrouping?.kept).toMatchObject([
    { alert: { fingerprint: 'Slow/front' }, reason: { kind: 'degraded-service' } },
  ]);
  expect(names(regrouping?.left ?? [])).toEqual(['Down/smtp', 'Failed/cron', 'Slow/mail']);
  expect(
    regrouping?.split.map(({ opening, members }) => [opening.fingerprint, names(members.map(({ alert }) => alert))]),
  ).toEqual([
    ['Down/smtp', ['Slow/mail']],
    ['Failed/cron', []],
  ]);
  expect(regrouping?.split.map(({ reason }) => reason)).toEqual([
    { kind: 'no-degraded-path', services: ['cart', 'front'] },
    { kind: 'nothing-shared' },
  ]);
  expect(regrouping?.related).toEqual(['cart', 'front']);
});

it('it is parted when traces have settled, or after the third result', () => {
  expect(regroupingOf(false, 1)).toBeNull();
  expect(regroupingOf(false, 2)).toBeNull();
  expect(regroupingOf(false, 3)).not.toBeNull();
});

it('it is parted once', () => {
  const player = played(...storm, `0.2s answer settled ${stormEvidence} cause=cart`);
  expect(decideRegrouping(player.state, incidentOf(player), { settled: true, atMs: player.atMs })).toBeNull();
});
