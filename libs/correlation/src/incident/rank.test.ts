import { expect, it } from 'vitest';
import type { RankingInput } from '../ranking/input/ranking.ts';
import { StepContext } from '../state/context.ts';
import { takeChange } from '../take-change.ts';
import { incidentOf, played, stepOf } from '../testing/played.ts';
import { newChange } from '../testing/record.ts';
import { stubRanker } from '../testing/stub-ranker.ts';
import { rankIncident } from './rank.ts';

/** What the ranker reads of the first incident. */
function inputOf(...lines: readonly string[]): RankingInput {
  const player = played(...lines);
  const seen: RankingInput[] = [];
  const ranker = {
    ...stubRanker,
    rankHypotheses: (input: RankingInput) => {
      seen.push(input);
      return stubRanker.rankHypotheses(input);
    },
  };
  rankIncident(new StepContext(player.state, ranker, player.atMs), incidentOf(player), null);
  const [input] = seen;
  if (input === undefined) throw new Error('the ranker was not asked');
  return input;
}

it('members come by event time, the first of them only', () => {
  const { alerts } = inputOf(
    '0s config maxRankedAlerts=2 revisionScheduleMs=[]',
    '0s alert c Slow',
    '0.1s alert b Slow start=-5s',
    '0.2s alert a Slow',
  );
  expect(alerts.map(({ entities }) => entities.service)).toEqual(['b', 'c']);
});

it('changes come in the order of their ids, however they arrived', () => {
  const changes = ['0s change a v1', '0s change b v2', '0s change c v3'];
  const idsOf = (lines: readonly string[]) => inputOf(...lines, '1s alert a Slow').changes.map(({ id }) => id);
  expect(idsOf(changes)).toEqual(idsOf(changes.toReversed()));
  expect(idsOf(changes)).toEqual(idsOf(changes).toSorted());
});

it('declared calls are known without evidence', () => {
  const { declaredEdges, answer } = inputOf('0s declare a->b', '1s alert a Slow');
  expect([declaredEdges, answer]).toEqual([[{ from: 'a', to: 'b' }], null]);
});

it('the ranking reads no reason of the grouping, so that grouping does not argue for itself', () => {
  const [alert] = inputOf('1s alert a Slow').alerts;
  expect(Object.keys(alert ?? {}).sort()).toEqual(['entities', 'labels', 'name', 'severity', 'startsAtMs', 'status']);
});

it('a change or a call of another environment is none of its business', () => {
  const lines = [
    '0s change cart v1 env=production',
    '0s change cart v2 env=staging',
    '0s change cart v3',
    '0s declare a->b env=staging',
    '0s declare c->d env=production',
  ];
  const { changes, declaredEdges } = inputOf(...lines, '1s alert cart Slow env=production');
  expect(changes.map(({ version }) => version).sort()).toEqual(['v1', 'v3']);
  expect(declaredEdges).toEqual([{ from: 'c', to: 'd' }]);
  expect(inputOf(...lines, '1s alert cart Slow').changes).toHaveLength(3);
});

it('changes of more than a day before the incident are no recent ones, whenever they were reported', () => {
  const changes = (...lines: readonly string[]) => inputOf(...lines, '1s alert a Slow').changes.length;
  expect(changes('0s change a v1 start=-23h')).toBe(1);
  expect(changes('0s change a v1 start=-6480h')).toBe(0);
});

it('two reports of one rollout are one change, the same after a third one came and went', () => {
  const player = played('0s alert a Slow');
  const own = { entities: { service: 'a' }, version: '1.4.2' };
  const idsOf = () => {
    let ids: string[] = [];
    const rankHypotheses = (input: RankingInput) => {
      ids = input.changes.map(({ id }) => id);
      return stubRanker.rankHypotheses(input);
    };
    rankIncident(
      new StepContext(player.state, { ...stubRanker, rankHypotheses }, player.atMs),
      incidentOf(player),
      null,
    );
    return ids;
  };
  takeChange(stepOf(player), newChange({ ...own, id: 'x', source: 'github' }));
  expect(idsOf()).toEqual(['x']);
  takeChange(stepOf(player), newChange({ ...own, id: 'y', source: 'helm' }));
  expect(idsOf()).toEqual(['x']);
  takeChange(stepOf(player), newChange({ ...own, id: 'z', source: 'helm', version: '9' }));
  expect(idsOf()).toEqual(['x', 'z']);
});
