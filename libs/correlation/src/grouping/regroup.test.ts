import { expect, it } from 'vitest';
import { alertOf, incidentOf, played } from '../testing/played.ts';
import type { Player } from '../testing/player.ts';
import { decideRegrouping } from './regroup.ts';

const edges = 'edges=front->cart,mail->smtp,jobs->batch';

/** A storm whose traces have not settled, so that the machine itself has not regrouped it yet. */
const storm = (services: readonly string[], degraded: string, cause: string) =>
  played(
    ...services.map((service) => `0s alert ${service} Slow`),
    `0.2s answer disturbed=${degraded} ${edges} cause=${cause}`,
  );

const decide = (player: Player) =>
  decideRegrouping(player.state, incidentOf(player), { settled: true, atMs: player.atMs });

it('without evidence there is nothing to decide by', () => {
  expect(decide(played('0s alert cart Slow', '0s alert mail Slow'))).toBeNull();
});

it('three faults at once become three incidents', () => {
  const player = storm(['cart', 'front', 'mail', 'smtp', 'jobs', 'batch'], 'cart,front,mail,smtp,jobs,batch', 'cart');
  const split = decide(player)?.split.map(({ opening, members }) => [
    opening.fingerprint,
    ...members.map(({ alert }) => alert.fingerprint),
  ]);
  expect(split).toEqual([
    ['Slow/batch', 'Slow/jobs'],
    ['Slow/mail', 'Slow/smtp'],
  ]);
});

it('the opening alert stays, whatever the evidence says of it', () => {
  const player = storm(['mail', 'cart', 'front'], 'cart,front', 'cart');
  alertOf(player, 'Slow/mail').provisional = true;
  expect(decide(player)?.left.map(({ fingerprint }) => fingerprint)).not.toContain('Slow/mail');
});

it('a member with a firm reason is not judged again', () => {
  const player = storm(['cart', 'mail'], 'cart', 'cart');
  alertOf(player, 'Slow/mail').provisional = false;
  expect(decide(player)).toMatchObject({ kept: [], left: [], split: [] });
});

it('a pinned cause does not draw members to it', () => {
  // The ranking names mail, which alerts too; a person says that it is another one.
  const drawn = storm(['cart', 'mail'], 'cart', 'mail');
  expect(decide(drawn)?.kept.map(({ reason }) => reason.kind)).toEqual(['likely-cause']);
  const pinned = storm(['cart', 'mail'], 'cart', 'mail');
  pinned.state.histories.set(incidentOf(pinned).id, {
    timeline: [],
    commands: [],
    pin: { service: 'front', causeKind: 'cpu', actor: 'ann' },
    rejections: [],
    resolution: null,
  });
  expect(decide(pinned)?.kept.map(({ reason }) => reason.kind)).not.toContain('likely-cause');
});
