/** Properties over random play: same log, same bytes; a restart at any point changes nothing. The random numbers are the test's own. */
import type { Input } from '@faultline/model';
import { expect, it } from 'vitest';
import { loadState, snapshotState } from './state/load.ts';
import { Player, scope } from './testing/player.ts';
import { playRandom } from './testing/random-play.ts';

const seeds = Array.from({ length: 25 }, (_, seed) => seed);

it.each(seeds)('seed %i: played twice, and with restarts, it is the same to the last byte', (seed) => {
  const hasEnvironments = seed % 2 === 1;
  const once = playRandom(seed, 0, hasEnvironments);
  expect(playRandom(seed, 0, hasEnvironments).output).toBe(once.output);
  const interrupted = playRandom(seed, 3, hasEnvironments);
  expect(interrupted.restarts.every((text) => text.includes('the same state'))).toBe(true);
  expect(interrupted.output).toBe(once.output);
  expect(snapshotState(interrupted.player.state)).toEqual(snapshotState(once.player.state));
});

it.each(seeds)('seed %i: the journal alone gives the same effects', (seed) => {
  const { player } = playRandom(seed, 0);
  const again = new Player();
  for (const { atMs, input } of player.inputs) {
    again.atMs = atMs;
    again.give(JSON.parse(JSON.stringify(input)) as Input);
  }
  expect(JSON.stringify(again.effects)).toBe(JSON.stringify(player.effects));
});

it.each(seeds)('seed %i: every alert is counted once, and the changelog is the state', (seed) => {
  const { player } = playRandom(seed, 0);
  const alerts = player.inputs.filter(({ input }) => input.kind === 'alert').length;
  const counted = player.effects.filter((effect) => effect.kind === 'count' && effect.signal === 'alerts').length;
  expect(counted).toBe(alerts);
  const records = [...player.changelog].map(([key, value]) => ({ key, value }));
  expect(snapshotState(loadState(scope, records))).toEqual(snapshotState(player.state));
});

it.each(seeds)('seed %i: revisions count up by one, and each says something new', (seed) => {
  const { player } = playRandom(seed, 0, seed % 2 === 0);
  const last = new Map<string, { revision: number; text: string }>();
  for (const effect of player.effects) {
    if (effect.kind !== 'publish') continue;
    const { incident } = effect;
    const before = last.get(incident.id);
    const text = JSON.stringify({ ...incident, revision: 0, updatedAtMs: 0 });
    expect(incident.revision).toBe((before?.revision ?? 0) + 1);
    expect(text).not.toBe(before?.text);
    last.set(incident.id, { revision: incident.revision, text });
  }
});
