import { expect, it } from 'vitest';
import { parseInput } from './testing/parse.ts';
import { Player } from './testing/player.ts';

/** A storm of this many alerts, all at once; the saves of the last one. */
function lastSaves(alerts: number): string[] {
  const player = new Player();
  let saves: string[] = [];
  for (let n = 0; n < alerts; n += 1) {
    const before = player.effects.length;
    const input = parseInput(player, `alert s${n} Slow`);
    if (typeof input !== 'string') player.give(input);
    saves = player.effects.slice(before).flatMap((effect) => (effect.kind === 'save' ? [effect.value ?? ''] : []));
  }
  return saves;
}

it('one more alert costs the same few small writes, however many there are', () => {
  const few = lastSaves(10);
  const many = lastSaves(2000);
  expect(few).toHaveLength(2);
  expect(many).toHaveLength(2);
  expect(many.join('').length).toBeLessThan(few.join('').length + 100);
});

it('a thousand alerts a second are at most one revision a second', () => {
  const player = new Player();
  const give = (line: string) => {
    const input = parseInput(player, line);
    if (typeof input !== 'string') player.give(input);
  };
  give('alert s0 Slow');
  give('answer disturbed=s0 cause=s0');
  for (let n = 1; n < 3000; n += 1) {
    player.passTo(player.atMs + 1);
    give(`alert s${n} Slow`);
  }
  player.passTo(player.atMs + 2000);
  const revisions = player.effects.flatMap((effect) => (effect.kind === 'publish' ? [effect.incident] : []));
  expect(revisions.length).toBeLessThanOrEqual(5);
  expect(revisions.at(-1)?.alertCount).toBe(3000);
  expect(revisions.at(-1)?.alerts).toHaveLength(100);
});
