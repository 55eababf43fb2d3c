import { expect, it } from 'vitest';
import type { RankingInput } from '../ranking/input/ranking.ts';
import { StepContext } from '../state/context.ts';
import { takeChange } from '../take-change.ts';
import { takeFinding } from '../take-finding.ts';
import { incidentOf, played, stepOf } from '../testing/played.ts';
import { originMs, type Player } from '../testing/player.ts';
import { newChange, newFinding } from '../testing/record.ts';
import { stubRanker } from '../testing/stub-ranker.ts';
import { rankIncident } from './rank.ts';
import { relevantChanges } from './relevant-changes.ts';

const minuteMs = 60_000;

/** An incident about `cart`, which calls `db`, among many changes of other services. */
function flooded(): Player {
  const player = played(
    '0s config revisionScheduleMs=[] maxRankedChanges=20',
    '0s alert cart Slow',
    '0.2s answer settled edges=cart->db disturbed=cart',
  );
  const take = (id: string, service: string, ms: number) =>
    takeChange(
      stepOf(player),
      newChange({ id, entities: { service }, startedAtMs: originMs + ms, receivedAtMs: originMs }),
    );
  take('of-db', 'db', -50 * minuteMs);
  for (let i = 0; i < 200; i += 1) take(`other-${i}`, `other-${i}`, -i * 1000);
  return player;
}

const idsOf = (player: Player) => relevantChanges(player.state, incidentOf(player), 20).map(({ id }) => id);

it('a change of what the alerting service calls is read, however many others came later', () => {
  expect(idsOf(flooded())).toContain('of-db');
  expect(idsOf(flooded()).length).toBeLessThanOrEqual(40);
});

it('so is one that a fault of the cluster names', () => {
  const player = flooded();
  takeChange(
    stepOf(player),
    newChange({ id: 'named', entities: { service: 'far' }, startedAtMs: originMs - 90 * minuteMs, receivedAtMs: 0 }),
  );
  expect(idsOf(player)).not.toContain('named');
  const object = { kind: 'Deployment', namespace: 'shop', name: 'far' };
  takeFinding(stepOf(player), newFinding({ changedBy: { changeId: 'named', object, actor: '', atMs: originMs } }));
  expect(idsOf(player)).toContain('named');
});

it('the ranking reads no more than these', () => {
  const player = flooded();
  const read: RankingInput['changes'][] = [];
  const ranker = {
    ...stubRanker,
    rankHypotheses: (input: RankingInput) => {
      read.push(input.changes);
      return stubRanker.rankHypotheses(input);
    },
  };
  rankIncident(new StepContext(player.state, ranker, player.atMs), incidentOf(player), null);
  expect(read[0]?.map(({ id }) => id)).toEqual(idsOf(player));
});
