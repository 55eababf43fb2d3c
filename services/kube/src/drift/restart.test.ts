import { acceptDrift, anyDrift, type Drift, isHashed, listDrift } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { Fleet, type Listed } from '../testing/fleet.ts';
import { configMap, type DeploymentSpec, deployment } from '../testing/objects.ts';

const day = 86_400_000;
const pay = (spec: DeploymentSpec = {}): Listed => ['Deployment', deployment('pay', spec)];

function drifted(): Fleet {
  const fleet = new Fleet();
  for (const cluster of ['a', 'b', 'c']) fleet.start(cluster, [pay({ image: cluster === 'b' ? 'pay:2' : 'pay:1' })]);
  return fleet;
}

function only(fleet: Fleet): Drift {
  const [drift] = fleet.present();
  if (drift === undefined) throw new Error('no drift');
  return drift;
}

describe('a restart', () => {
  it('reports nothing again', () => {
    const fleet = drifted();
    for (const cluster of ['b', 'a', 'c', 'b']) fleet.start(cluster);
    fleet.advance(60_000);
    expect(fleet.reports).toHaveLength(1);
    expect(fleet.present()).toHaveLength(1);
  });

  it('ends what was mended meanwhile', () => {
    const fleet = drifted();
    fleet.start('b', [pay()]);
    expect(fleet.present()).toEqual([]);
    expect(fleet.reports.map(({ endedAtMs }) => endedAtMs !== null)).toEqual([false, true]);
  });

  it('ends the drift of an object that was removed meanwhile', () => {
    const fleet = drifted();
    fleet.start('b', []);
    fleet.advance(60_000);
    expect(fleet.present()).toEqual([]);
  });
});

describe('an acceptance', () => {
  const accept = (fleet: Fleet, over = {}) => {
    const request = {
      tenant: 't',
      id: only(fleet).id,
      reason: 'canary',
      untilMs: fleet.nowMs + day,
      actor: 'Kim',
      idempotencyKey: '',
    };
    const accepted = acceptDrift(fleet.book(), { ...request, ...over }, fleet.nowMs);
    if (accepted.ok) fleet.publish(accepted.record);
    return accepted;
  };
  const statesOf = (fleet: Fleet) =>
    listDrift(fleet.book(), { ...anyDrift, tenant: 't', states: ['open', 'accepted'] }, fleet.nowMs).map(
      ({ state, acceptance }) => `${state} ${acceptance?.actor ?? ''}`,
    );

  it('holds until its end date', () => {
    const fleet = drifted();
    accept(fleet);
    expect(statesOf(fleet)).toEqual(['accepted Kim']);
    fleet.advance(day);
    expect(statesOf(fleet)).toEqual(['open ']);
  });

  it('holds for the value that was accepted, and no other', () => {
    const fleet = drifted();
    accept(fleet);
    fleet.put('b', pay({ image: 'pay:3' }));
    expect(statesOf(fleet)).toEqual(['open ']);
  });

  it('survives a restart, and is forgotten when the drift ends', () => {
    const fleet = drifted();
    accept(fleet);
    fleet.start('b');
    expect(statesOf(fleet)).toEqual(['accepted Kim']);
    fleet.put('b', pay());
    fleet.put('b', pay({ image: 'pay:2' }));
    expect(statesOf(fleet)).toEqual(['open ']);
  });
});

describe('random fleets', () => {
  const names = ['pay', 'cart', 'mail'] as const;
  const version = (random: () => number, base: number): readonly Listed[] =>
    names.flatMap((name): Listed[] => [
      ['Deployment', deployment(name, { image: `${name}:${base}`, env: [{ name: 'LEVEL', value: String(base) }] })],
      ['ConfigMap', configMap(name, { size: String(base), odd: random() < 2 ? 'x' : '' })],
    ]);

  it.each([1, 2, 3, 4])('play %i: equal clusters have no drift, in whatever order they start and change', (seed) => {
    const random = randomOf(seed);
    const fleet = new Fleet();
    const clusters = ['a', 'b', 'c', 'd'].sort(() => random() - 0.5);
    for (const cluster of clusters) fleet.start(cluster, version(random, 1));
    for (let next = 2; next <= 4; next += 1) {
      const changes = clusters.flatMap((cluster) => version(random, next).map((listed) => [cluster, listed] as const));
      for (const [cluster, listed] of shuffled(changes, random)) fleet.put(cluster, listed);
      expect(fleet.short()).toEqual([]);
    }
  });

  it.each([5, 6, 7, 8])('play %i: what drifts is found with its path, and nothing is told twice', (seed) => {
    const random = randomOf(seed);
    const fleet = new Fleet();
    const clusters = ['a', 'b', 'c'];
    for (const cluster of clusters) fleet.start(cluster, version(random, 1));
    const made = new Set<string>();
    for (let step = 0; step < 12; step += 1) {
      const cluster = clusters[step % 3] ?? 'a';
      const name = names[Math.floor(random() * 3)] ?? 'pay';
      // Each object drifts in one cluster only: with two of three equal it is clear who is right.
      if ([...made].some((one) => one.endsWith(` ${name}`) && !one.startsWith(`${cluster} `))) continue;
      fleet.put(cluster, ['ConfigMap', configMap(name, { size: `9${step}`, odd: 'x' })]);
      made.add(`${cluster} ${name}`);
      if (random() < 0.5) fleet.start(clusters[Math.floor(random() * 3)] ?? 'a');
    }
    const found = fleet.present().map(({ cluster, object, path }) => `${cluster} ${object.name} ${path}`);
    expect(found.sort()).toEqual([...made].map((one) => `${one} data.size`).sort());
    expect(fleet.present().every(({ value, expected }) => isHashed(value) && isHashed(expected))).toBe(true);
    const told = fleet.reports.map(({ id, valuesId, endedAtMs }) => `${id} ${valuesId} ${endedAtMs}`);
    expect(new Set(told).size).toBe(told.length);
  });
});

/** Numbers in [0, 1) from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
