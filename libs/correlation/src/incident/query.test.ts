import { expect, it } from 'vitest';
import { defaultCoreConfig } from '../state/config.ts';
import { effectsOf, incidentOf, played, stepOf } from '../testing/played.ts';
import { originMs } from '../testing/player.ts';
import { dropQuery, nextQueryMs, planQuery, queryEvidence, querySoon } from './query.ts';

const answered = ['0s alert cart Slow', '0.2s answer settled cause=cart'];

it('one query is open at a time', () => {
  const player = played('0s alert cart Slow');
  const step = stepOf(player);
  queryEvidence(step, incidentOf(player));
  expect(effectsOf(step, 'query')).toEqual([]);
});

it('the first query must end within the hold budget, later ones have longer', () => {
  const player = played('0s alert cart Slow');
  const [first] = effectsOf(player, 'query');
  expect((first?.query.deadlineMs ?? 0) - player.atMs).toBe(defaultCoreConfig.holdBudgetMs);
  const later = played(...answered, '1s');
  const step = stepOf(later);
  queryEvidence(step, incidentOf(later));
  const [second] = effectsOf(step, 'query');
  expect((second?.query.deadlineMs ?? 0) - later.atMs).toBe(defaultCoreConfig.answerBudgetMs);
});

it.each([
  ['an alert that began shortly before', '-90s', -90_000],
  ['one that began long ago: not further back than the limit', '-9h', -defaultCoreConfig.maxLookbackMs],
  ['a start in the future, by a clock that is ahead: now', '5m', 0],
])('evidence is read from the start of %s', (_what, start, fromMs) => {
  const player = played(`0s alert cart Slow start=${start}`);
  const [effect] = effectsOf(player, 'query');
  expect((effect?.query.series.fromMs ?? 0) - originMs).toBe(fromMs);
});

it('settled evidence of an incident that had begun long before is read once', () => {
  const nextAfterMs = (...notation: string[]) => {
    const player = played(...notation);
    return (nextQueryMs(incidentOf(player), defaultCoreConfig, player.atMs) ?? 0) - player.atMs;
  };
  const scheduledMs = defaultCoreConfig.revisionScheduleMs.at(-1) ?? 0;
  expect(nextAfterMs('0s alert cart Slow start=-9h', '0.2s answer settled')).toBeGreaterThan(scheduledMs);
  expect(nextAfterMs('0s alert cart Slow start=-9h', '0.2s answer')).toBeLessThan(scheduledMs);
  expect(nextAfterMs('0s alert cart Slow start=-90s', '0.2s answer settled')).toBeLessThan(scheduledMs);
});

it('dropping a query closes it once', () => {
  const player = played('0s alert cart Slow');
  const step = stepOf(player);
  const incident = incidentOf(player);
  dropQuery(step, incident);
  expect([player.state.queries.size, incident.questionId]).toEqual([0, null]);
  const [save] = step.saves();
  expect(save).toMatchObject({ kind: 'save', key: expect.stringMatching(/^incident/) });
  const again = stepOf(player);
  dropQuery(again, incident);
  expect(again.saves()).toEqual([]);
});

it('while a query is open nothing is planned', () => {
  const player = played('0s alert cart Slow');
  planQuery(stepOf(player), incidentOf(player));
  expect(incidentOf(player).nextAskMs).toBeNull();
});

it('news is read after a while, so that it comes with others', () => {
  const player = played(...answered, '10s');
  const incident = incidentOf(player);
  const step = stepOf(player);
  querySoon(step, incident);
  expect(incident.nextAskMs).toBe(player.atMs + defaultCoreConfig.freshAskMs);
  expect(effectsOf(step, 'timer').map(({ atMs }) => atMs)).toEqual([incident.nextAskMs]);
});

it('news never moves a planned query to a later time', () => {
  const player = played(...answered, '10s');
  const incident = incidentOf(player);
  incident.nextAskMs = player.atMs + 1;
  querySoon(stepOf(player), incident);
  expect(incident.nextAskMs).toBe(player.atMs + 1);
});

it('before the first result news changes nothing: that query reads it anyway', () => {
  const player = played('0s alert cart Slow');
  const incident = incidentOf(player);
  dropQuery(stepOf(player), incident);
  querySoon(stepOf(player), incident);
  expect(incident.nextAskMs).toBeNull();
});

const minuteMs = 60_000;
const config = { ...defaultCoreConfig, revisionScheduleMs: [minuteMs] };

it.each([
  ['while quiet, the end of the hold', 200, 2 * minuteMs, 200 + config.resolveHoldMs],
  ['while quiet, the schedule if it comes first', 200, 1000, minuteMs],
  ['after the hold, again and again', 200, 200 + config.resolveHoldMs, 200 + config.resolveHoldMs + config.recheckMs],
  ['while alerts fire after the schedule, steadily', null, 2 * minuteMs, 2 * minuteMs + config.steadyAskMs],
])('the next query: %s', (_what, quietSinceMs, atMs, nextMs) => {
  const incident = { ...incidentOf(played('0s alert cart Slow')), scheduleFromMs: 0, quietSinceMs };
  expect(nextQueryMs(incident, config, atMs)).toBe(nextMs);
});
