import { expect, it } from 'vitest';
import { effectsOf, incidentOf, played, revisionsOf, stepOf } from '../testing/played.ts';
import { publishChanged } from './publish.ts';

const answered = ['0s alert cart Slow', '0.2s answer settled cause=cart'];

it('what says nothing new is no revision', () => {
  const player = played(...answered, '9s');
  const incident = incidentOf(player);
  const step = stepOf(player);
  step.markChanged(incident, { now: true });
  publishChanged(step);
  expect(effectsOf(step, 'publish')).toEqual([]);
  expect([incident.revision, incident.dirty]).toEqual([1, false]);
});

it('a change waits for others, and its timer is set', () => {
  const player = played(...answered, '9s');
  const step = stepOf(player);
  step.markChanged(incidentOf(player), { now: false });
  publishChanged(step);
  expect(effectsOf(step, 'publish')).toEqual([]);
  expect(effectsOf(step, 'timer')).toEqual([{ kind: 'timer', atMs: player.atMs + player.state.config.gatherMs }]);
  expect(incidentOf(player).dirty).toBe(true);
});

it('ten alerts in a quarter of a second are one revision', () => {
  const player = played(...answered, ...Array.from({ length: 10 }, (_, n) => `9.0${n}s alert cart A${n}`), '20s');
  expect(revisionsOf(player).map(({ alertCount }) => alertCount)).toEqual([1, 11]);
});

it('two revisions keep their distance, unless a person or evidence made the second', () => {
  const player = played(...answered, '0.3s alert cart Errors', '0.9s note #1 x');
  expect(
    revisionsOf(player).map(({ updatedAtMs }) => updatedAtMs - (revisionsOf(player)[0]?.updatedAtMs ?? 0)),
  ).toEqual([0, 700]);
});

it('even what a person does waits for the first page, which waits for evidence', () => {
  const player = played('0s alert cart Slow', '0.1s acknowledge #1');
  expect(revisionsOf(player)).toEqual([]);
  expect(revisionsOf(played('0s alert cart Slow', '0.1s acknowledge #1', '0.2s answer settled'))).toMatchObject([
    { status: 'acknowledged' },
  ]);
});

it('an incident that was resolved before its first page is published at once, so that nobody waits for it', () => {
  const player = played('0s alert cart Slow', '0.1s resolve #1 noise');
  expect(revisionsOf(player)).toMatchObject([{ revision: 1, status: 'resolved' }]);
});

it('incidents are published in the order of their ids', () => {
  const player = played('0s declare a->b c->d e->f', '0s alert a Slow', '0s alert c Slow', '0s alert e Slow', '9s');
  for (const { dirty } of player.state.incidents.values()) expect(dirty).toBe(false);
  const ids = effectsOf(player, 'publish').map(({ incident }) => incident.id);
  expect(ids).toHaveLength(3);
  expect(ids).toEqual(ids.toSorted());
});
