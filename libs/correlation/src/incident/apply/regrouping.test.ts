import { expect, it } from 'vitest';
import { decideRegrouping } from '../../grouping/regroup.ts';
import { historyOf } from '../../state/incident.ts';
import { alertOf, effectsOf, incidentOf, played, stepOf } from '../../testing/played.ts';
import { applyRegrouping } from './regrouping.ts';

/** A storm on two parts of the system, with evidence, that is about to be regrouped. */
function storm(...lines: readonly string[]) {
  const player = played(
    '0s alert cart Slow',
    '0s alert front Slow',
    '0s alert mail Slow',
    '0s alert smtp Down',
    '0s alert cron Failed',
    '0.2s answer disturbed=cart,front,mail,smtp edges=front->cart,mail->smtp cause=cart',
    ...lines,
  );
  const incident = incidentOf(player);
  const regrouping = decideRegrouping(player.state, incident, { settled: true, atMs: player.atMs });
  if (regrouping === null) throw new Error('nothing to regroup');
  const step = stepOf(player);
  applyRegrouping(step, incident, regrouping);
  return { player, incident, step };
}

it('members that stay are no longer provisional', () => {
  const { player } = storm();
  expect(alertOf(player, 'Slow/front')).toMatchObject({ provisional: false, reason: { kind: 'degraded-service' } });
});

it('what the graph does not know leaves as well, and says that nothing connects it', () => {
  const { player, incident } = storm();
  expect(alertOf(player, 'Failed/cron')).toMatchObject({ provisional: false, reason: { kind: 'nothing-shared' } });
  expect(alertOf(player, 'Failed/cron').incidentId).not.toBe(incident.id);
});

it('those that leave go together, with the services that they are not connected with', () => {
  const { player, incident } = storm();
  const [mail, smtp] = [alertOf(player, 'Slow/mail'), alertOf(player, 'Down/smtp')];
  expect(mail.incidentId).toBe(smtp.incidentId);
  expect(mail.incidentId).not.toBe(incident.id);
  expect(smtp.reason).toEqual({ kind: 'no-degraded-path', services: ['cart', 'front'] });
});

it('the new incident reads evidence of its own and is not regrouped again', () => {
  const { player, step } = storm();
  const apart = player.state.incidents.get(alertOf(player, 'Down/smtp').incidentId ?? '');
  expect(apart).toMatchObject({ detached: true, regrouped: true, revision: 0 });
  expect(effectsOf(step, 'query').map(({ query }) => query.incidentId)).toEqual([
    apart?.id,
    alertOf(player, 'Failed/cron').incidentId,
  ]);
});

it('the old one tells of it', () => {
  const { player, incident } = storm();
  const { timeline } = historyOf(player.state, incident.id);
  expect(timeline.slice(-2).map(({ event }) => event)).toEqual([
    { kind: 'regrouped', alertName: 'Down' },
    { kind: 'regrouped', alertName: 'Failed' },
  ]);
});

it('when all that fired left, the old incident is quiet', () => {
  const { incident, player } = storm(
    '0.3s alert cart Slow resolved',
    '0.3s alert front Slow resolved',
    '0.3s alert cron Failed resolved',
  );
  expect(incident.quietSinceMs).toBe(player.atMs);
});
