import { expect, it } from 'vitest';
import { takeChange, takeGraph } from './take-change.ts';
import { effectsOf, incidentOf, played, stepOf } from './testing/played.ts';
import { originMs, scope } from './testing/player.ts';
import { newChange } from './testing/record.ts';

const fieldsOf = (...changes: readonly ReturnType<typeof newChange>[]) => {
  const step = stepOf(played());
  for (const change of changes) takeChange(step, change);
  return effectsOf(step, 'count').map(({ field }) => field);
};

it.each([
  ['the same change again is a duplicate', [newChange(), newChange()], ['recorded', 'duplicates']],
  ['its end is news', [newChange(), newChange({ endedAtMs: originMs + 5 })], ['recorded', 'recorded']],
  [
    'one that names an environment is counted as any other',
    [newChange({ scope: { ...scope, environment: 'staging' } })],
    ['recorded'],
  ],
])('%s', (_what, changes, fields) => expect(fieldsOf(...changes)).toEqual(fields));

it('the raw text of a change is not kept', () => {
  const player = played();
  takeChange(stepOf(player), newChange());
  expect(player.state.changes.get('change')?.raw).toBe('');
});

it('every open incident reads evidence again, a resolved one does not', () => {
  const player = played(
    '0s declare a->b c->d',
    '0s alert a Slow',
    '0s alert c Slow',
    '0.1s answer #1 settled cause=a',
    '0.1s answer #2 settled cause=c',
    '1s resolve #2',
  );
  for (const incident of player.state.incidents.values()) incident.nextAskMs = null;
  takeChange(stepOf(player), newChange());
  expect([incidentOf(player).nextAskMs, incidentOf(player, '#2').nextAskMs]).toEqual([
    player.atMs + player.state.config.freshAskMs,
    null,
  ]);
});

it('of too many changes the one that was last touched longest ago goes', () => {
  const player = played('0s config maxChanges=2 revisionScheduleMs=[]');
  // The first one began early and arrived late.
  takeChange(stepOf(player), newChange({ id: 'late', startedAtMs: 1, receivedAtMs: 9 }));
  takeChange(stepOf(player), newChange({ id: 'old', startedAtMs: 2, receivedAtMs: 2 }));
  takeChange(stepOf(player), newChange({ id: 'new', startedAtMs: 3, receivedAtMs: 3 }));
  expect([...player.state.changes.keys()].sort()).toEqual(['late', 'new']);
});

it('a declaration replaces what its source declared before, and an older one that comes late does not', () => {
  const player = played();
  const declare = (to: string, declaredAtMs: number, source = 'yaml') =>
    takeGraph(stepOf(player), { scope, source, edges: [{ from: 'a', to }], declaredAtMs });
  declare('b', 1);
  declare('c', 2);
  declare('d', 1);
  declare('e', 1, 'other');
  expect([...player.state.graphs.values()].map(({ edges }) => edges[0]?.to)).toEqual(['c', 'e']);
});

it('commits that were read later are news, and the next report of the tool keeps them', () => {
  const release = {
    repository: 'r',
    commit: 'abcdef1',
    previousCommit: '',
    images: [],
    commits: [],
    omittedCommits: 0,
  };
  const commits = [{ id: 'abcdef1', author: 'ana', message: 'm', url: '', files: ['a.ts'] }];
  const player = played();
  const step = stepOf(player);
  takeChange(step, newChange({ release }));
  takeChange(step, newChange({ release: { ...release, commits } }));
  takeChange(step, newChange({ release: { ...release, commits } }));
  takeChange(step, newChange({ release, endedAtMs: originMs + 5 }));
  expect(effectsOf(step, 'count').map(({ field }) => field)).toEqual([
    'recorded',
    'recorded',
    'duplicates',
    'recorded',
  ]);
  expect(player.state.changes.get('change')?.release?.commits).toEqual(commits);
});
