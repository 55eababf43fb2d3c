/** The first page of a young incident is held for evidence. That evidence may connect it with an older page. */
import { expect, it } from 'vitest';
import { setEvidence } from '../state/incident.ts';
import { alertOf, incidentOf, newEvidence, played } from '../testing/played.ts';
import type { Player } from '../testing/player.ts';
import { decideConnected } from './connected.ts';

const edges = 'edges=report->stats,stats->db,mail->smtp';

/** A page about db; then report alerts, and nothing connects the two yet. */
const twoIncidents = (...lines: readonly string[]) =>
  played('0s alert db Slow', `0.2s answer settled disturbed=db ${edges} cause=db`, '70s alert report Late', ...lines);

/** Decides with evidence that calls these services degraded. */
function decide(player: Player, degraded: readonly string[], cause?: string) {
  const incident = incidentOf(player, '#2');
  setEvidence(player.state, incident.id, newEvidence({ degraded, ...(cause === undefined ? {} : { cause }) }));
  return decideConnected(player.state, incident, player.atMs);
}

it('what the fresh evidence calls degraded opens the way to the older incident', () => {
  const player = twoIncidents();
  expect(decide(player, ['report', 'stats'])).toMatchObject({
    from: incidentOf(player, '#2'),
    into: incidentOf(player),
    alertName: 'Late',
    reason: { kind: 'degraded-path', path: { services: ['report', 'stats', 'db'] } },
  });
});

it('a healthy service on the way keeps the two apart', () => {
  expect(decide(twoIncidents(), ['report'])).toBeNull();
});

it('an incident that has paged keeps its page', () => {
  const player = twoIncidents();
  incidentOf(player, '#2').revision = 1;
  expect(decide(player, ['report', 'stats'])).toBeNull();
});

it('the older incident must have a page and be open', () => {
  const player = twoIncidents();
  const older = incidentOf(player);
  older.revision = 0;
  expect(decide(player, ['report', 'stats'])).toBeNull();
  older.revision = 1;
  older.status = 'resolved';
  expect(decide(player, ['report', 'stats'])).toBeNull();
});

it('without evidence, or without its opening alert, nothing is decided', () => {
  const player = twoIncidents();
  expect(decideConnected(player.state, incidentOf(player, '#2'), player.atMs)).toBeNull();
  player.state.alerts.delete(alertOf(player, 'Late/report').key);
  expect(decide(player, ['report', 'stats'])).toBeNull();
});

it('what was split off does not go back by fresh evidence', () => {
  const player = played(
    '0s alert db Slow',
    '0.1s alert stats Late',
    `0.2s answer settled disturbed=db,stats ${edges} cause=db`,
    '1s split #1 Late/stats',
  );
  expect(incidentOf(player, '#2').detached).toBe(true);
  expect(decide(player, ['stats'], 'db')).toBeNull();
});

it('of two older incidents the one that started first is joined, though it was detected later', () => {
  const player = twoIncidents('71s alert smtp Down start=-10s', `71.2s answer #3 settled disturbed=smtp cause=smtp`);
  const [first, third] = [incidentOf(player), incidentOf(player, '#3')];
  expect(third.startedAtMs).toBeLessThan(first.startedAtMs);
  // Both name the alerting service as their cause.
  for (const { id } of [first, third]) setEvidence(player.state, id, newEvidence({ cause: 'report' }));
  expect(decide(player, ['report'])).toMatchObject({ into: third, reason: { kind: 'likely-cause' } });
});
