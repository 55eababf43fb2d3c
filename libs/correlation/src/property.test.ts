/** Properties over random play: same log, same bytes; a restart at any point changes nothing. The random numbers are the test's own. */
import type { Input } from '@faultline/model';
import { expect, it } from 'vitest';
import { loadState, snapshotState } from './state/load.ts';
import { parseInput } from './testing/parse.ts';
import { Player, scope } from './testing/player.ts';
import { createRandom } from './testing/random.ts';

const services = ['front', 'cart', 'db', 'mail', 'smtp', 'search'];
const edges = 'edges=front->cart,cart->db,mail->smtp,front->search';

/** Something that may happen: alerts mostly, now and then an answer, a change or a command. */
function randomLine(random: () => number): string {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const service = pick(services);
  const incident = `#${1 + Math.floor(random() * 3)}`;
  const kind = random();
  if (kind < 0.5)
    return `alert ${service} ${pick(['Slow', 'Errors'])} ${pick(['', 'resolved '])}expires=${pick(['1m', '10m'])} node=${pick(['n1', 'n2'])}`;
  if (kind < 0.8)
    return `answer ${incident} ${pick(['settled ', ''])}disturbed=${service},${pick(services)} ${edges} cause=${service}`;
  if (kind < 0.85) return `change ${service} v${Math.floor(random() * 9)}`;
  if (kind < 0.88) return `answer ${incident} missing=store:_unreachable`;
  return `${pick(['acknowledge', 'resolve', 'reopen', 'note', 'merge', 'split'])} ${incident} ${pick(['#1', '#2', 'Slow/db', 'Errors/cart'])}`;
}

interface Played {
  readonly player: Player;
  readonly output: string;
}

function play(seed: number, restartEvery: number): Played {
  const random = createRandom(seed);
  const player = new Player();
  const output: string[] = [];
  for (let n = 0; n < 120; n += 1) {
    output.push(...player.passTo(player.atMs + Math.floor(random() ** 4 * 600_000)));
    const input = parseInput(player, randomLine(random));
    if (typeof input !== 'string') output.push(...player.give(input));
    if (restartEvery > 0 && n % restartEvery === 0) expect(player.restart()).toContain('the same state');
  }
  return { player, output: output.join('\n') };
}

const seeds = Array.from({ length: 25 }, (_, seed) => seed);

it.each(seeds)('seed %i: played twice, and with restarts, it is the same to the last byte', (seed) => {
  const once = play(seed, 0);
  expect(play(seed, 0).output).toBe(once.output);
  const interrupted = play(seed, 3);
  expect(interrupted.output).toBe(once.output);
  expect(snapshotState(interrupted.player.state)).toEqual(snapshotState(once.player.state));
});

it.each(seeds)('seed %i: the journal alone gives the same effects', (seed) => {
  const { player } = play(seed, 0);
  const again = new Player();
  for (const { atMs, input } of player.inputs) {
    again.atMs = atMs;
    again.give(JSON.parse(JSON.stringify(input)) as Input);
  }
  expect(JSON.stringify(again.effects)).toBe(JSON.stringify(player.effects));
});

it.each(seeds)('seed %i: every alert is counted once, and the changelog is the state', (seed) => {
  const { player } = play(seed, 0);
  const alerts = player.inputs.filter(({ input }) => input.kind === 'alert').length;
  const counted = player.effects.filter((effect) => effect.kind === 'count' && effect.signal === 'alerts').length;
  expect(counted).toBe(alerts);
  const records = [...player.changelog].map(([key, value]) => ({ key, value }));
  expect(snapshotState(loadState(scope, records))).toEqual(snapshotState(player.state));
});

it.each(seeds)('seed %i: revisions count up by one, and each says something new', (seed) => {
  const { player } = play(seed, 0);
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
