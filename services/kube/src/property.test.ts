/** Random plays against a server that breaks: no change is lost, and none is reported twice. */
import { afterEach, expect, it } from 'vitest';
import { ApiServer } from './testing/api-server.ts';
import { configMap, deployment } from './testing/objects.ts';
import { startWatched, type Watched } from './testing/watched.ts';

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

/** mulberry32: small and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Play {
  readonly server: ApiServer;
  readonly watched: Watched;
  /** What was changed: `Deployment shop/a to a:7`, in order for each object. */
  readonly made: Map<string, string[]>;
}

async function begin(): Promise<Play> {
  const server = await ApiServer.start();
  for (const name of names) {
    server.put('Deployment', deployment(name, { image: `${name}:0` }));
    server.put('ConfigMap', configMap(name, { version: '0' }));
  }
  const watched = await startWatched(server.url);
  stops.push(
    () => server.stop(),
    () => watched.stop(),
  );
  watched.run();
  await expect.poll(() => watched.health.report().parts['kube']?.detail ?? '', { timeout: 5000 }).toContain('31 kinds');
  return { server, watched, made: new Map(names.map((name) => [name, []])) };
}

const names = ['a', 'b', 'c'] as const;

/** Each image that was reported of each Deployment, in order. A later state of the same rollout does not count; the same state again is a fault. */
async function told({ watched }: Play): Promise<Record<string, string[]>> {
  const seen = new Set<string>();
  const states = new Set<string>();
  const images: Record<string, string[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const { id, cluster } of await watched.changes()) {
    const state = `${id} ${cluster?.rollout?.state}`;
    if (states.has(state)) images['a']?.push(`${state} again`);
    states.add(state);
    if (seen.has(id)) continue;
    seen.add(id);
    for (const { container, to } of cluster?.images ?? []) images[container]?.push(to);
  }
  return images;
}

async function disturb({ server, watched }: Play, dice: number): Promise<void> {
  if (dice < 0.25) server.breakStreams();
  else if (dice < 0.4) server.faults.fail = { status: 500, count: 40 };
  else if (dice < 0.55) server.faults.fail = { status: 429, count: 40 };
  else if (dice < 0.65) server.faults.repeat = 3;
  else if (dice < 0.8) server.sendBookmarks();
  else if (dice < 0.9) {
    await watched.kill();
    watched.run();
  }
}

it.each([1, 2, 3, 4, 5, 6])(
  'play %i: each version of each object is reported once, in order',
  async (seed) => {
    const play = await begin();
    const random = randomOf(seed);
    for (let version = 1; version <= 30; version += 1) {
      const name = names[Math.floor(random() * names.length)] ?? 'a';
      play.server.put('Deployment', deployment(name, { image: `${name}:${version}` }));
      play.made.get(name)?.push(`${name}:${version}`);
      await disturb(play, random());
    }
    play.server.faults.fail = null;
    const made = Object.fromEntries(play.made);
    await expect.poll(() => told(play), { timeout: 10_000 }).toEqual(made);
    expect(play.server.requests.length).toBeGreaterThan(62);
  },
  30_000,
);

it.each([11, 12, 13])(
  'play %i: where the server forgets versions, the last one is reported, and none twice',
  async (seed) => {
    const play = await begin();
    const random = randomOf(seed);
    for (let version = 1; version <= 30; version += 1) {
      const name = names[Math.floor(random() * names.length)] ?? 'a';
      play.server.put('Deployment', deployment(name, { image: `${name}:${version}` }));
      play.made.get(name)?.push(`${name}:${version}`);
      if (random() < 0.3) {
        play.server.breakStreams();
        play.server.compact();
      } else await disturb(play, random());
    }
    play.server.faults.fail = null;
    const last = (images: Iterable<readonly [string, readonly string[]]>) =>
      Object.fromEntries([...images].map(([name, all]) => [name, all.at(-1)]));
    await expect.poll(async () => last(Object.entries(await told(play))), { timeout: 10_000 }).toEqual(last(play.made));
    const images = Object.values(await told(play)).flat();
    expect(new Set(images).size).toBe(images.length);
  },
  30_000,
);
