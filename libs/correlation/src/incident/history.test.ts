import { expect, it } from 'vitest';
import { historyOf } from '../state/incident.ts';
import { incidentOf, played, stepOf } from '../testing/played.ts';
import { appendTimeline, changeHistory } from './history.ts';

const note = (text: string) => ({ kind: 'note', actor: 'ann', text }) as const;

it('the newest entries stay when there are too many', () => {
  const player = played('0s alert cart Slow');
  const step = stepOf(player);
  const incident = incidentOf(player);
  for (let n = 0; n < 130; n += 1) appendTimeline(step, incident, note(`${n}`));
  const { timeline } = historyOf(player.state, incident.id);
  expect(timeline).toHaveLength(100);
  expect([timeline[0]?.event, timeline.at(-1)?.event]).toEqual([note('30'), note('129')]);
});

it('long entries leave room for few, and the last one always stays', () => {
  const player = played('0s alert cart Slow');
  const step = stepOf(player);
  const incident = incidentOf(player);
  for (let n = 0; n < 70; n += 1) appendTimeline(step, incident, note('x'.repeat(5_000)));
  expect(historyOf(player.state, incident.id).timeline).toHaveLength(19);
  appendTimeline(step, incident, note('y'.repeat(200_000)));
  expect(historyOf(player.state, incident.id).timeline).toHaveLength(1);
});

it('command results are bounded too', () => {
  const player = played('0s alert cart Slow');
  const { id } = incidentOf(player);
  const commands = Array.from({ length: 25 }, (_, n) => ({ id: `${n}`, refusal: null }));
  changeHistory(stepOf(player), id, { commands });
  expect(historyOf(player.state, id).commands.map((command) => command.id)).toEqual(
    Array.from({ length: 20 }, (_, n) => `${n + 5}`),
  );
});

it('a change of one part leaves the others', () => {
  const player = played('0s alert cart Slow', '1s note #1 hello', '2s pin #1 db pool');
  const { id } = incidentOf(player);
  changeHistory(stepOf(player), id, { resolution: { kind: 'recovered' } });
  const history = historyOf(player.state, id);
  expect(history.pin?.service).toBe('db');
  expect(history.timeline.map(({ event }) => event.kind)).toEqual(['note', 'pinned']);
});

it('an entry has the time of its step, is saved, and waits for the next revision', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled cause=cart', '9s');
  const step = stepOf(player);
  const incident = incidentOf(player);
  appendTimeline(step, incident, note('x'));
  expect(historyOf(player.state, incident.id).timeline.at(-1)?.atMs).toBe(player.atMs);
  expect([...step.changed]).toEqual([[incident.id, false]]);
  expect(step.saves().map((save) => (save.kind === 'save' ? save.key : ''))).toContain(`history/${incident.id}`);
});
