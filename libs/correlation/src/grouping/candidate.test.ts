/** The index finds what looking at every incident would find, and is the same whether it grew or was made on load. */
import { expect, it } from 'vitest';
import { loadState, snapshotState } from '../state/load.ts';
import type { ScopeState } from '../state/state.ts';
import { nextDeadlineMs } from '../take-tick.ts';
import { parseInput } from '../testing/parse.ts';
import { Player, scope } from '../testing/player.ts';
import { createRandom } from '../testing/random.ts';
import { candidateIds } from './candidate.ts';
import { knownGraph } from './graph.ts';
import { isProvisional, joinReason, knowledgeOf } from './reason.ts';
import { viewIncident } from './view.ts';

const services = ['front', 'cart', 'db', 'mail', 'smtp', 'search', 'stock', 'batch', 'jobs'];
const calls = ['front->cart', 'cart->db', 'mail->smtp', 'front->search', 'stock->db', 'jobs->batch'];

function randomLine(random: () => number): string {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const kind = random();
  const place = pick(['', '', '', 'node=n1', 'pod=p1', 'zone=z1']);
  const environment = pick(['', '', ' env=production', ' env=staging']);
  if (kind < 0.6)
    return `alert ${pick([...services, '-'])} ${pick(['Slow', 'Errors'])} ${pick(['', 'resolved'])} ${place}${environment}`;
  if (kind < 0.7) return `change ${pick(services)} v${Math.floor(random() * 9)}${environment}`;
  const edges = calls.filter(() => random() < 0.8).join(',');
  return `answer #${1 + Math.floor(random() * 6)} ${pick(['settled ', ''])}disturbed=${pick(services)},${pick(services)} edges=${edges} cause=${pick(services)}${environment}`;
}

function play(seed: number): ScopeState {
  const random = createRandom(seed);
  const player = new Player();
  for (let n = 0; n < 200; n += 1) {
    player.passTo(player.atMs + Math.floor(random() ** 4 * 120_000));
    const input = parseInput(player, randomLine(random));
    if (typeof input !== 'string') player.give(input);
  }
  return player.state;
}

const seeds = Array.from({ length: 20 }, (_, seed) => seed);

it.each(seeds)('seed %i: no incident with a firm reason is missed', (seed) => {
  const state = play(seed);
  const graph = knownGraph(state);
  let judged = 0;
  for (const alert of state.alerts.values()) {
    const candidates = candidateIds(state, alert, graph);
    for (const incident of state.incidents.values()) {
      const known = knowledgeOf(state, incident.detectedAtMs);
      const reason = joinReason(known, viewIncident(state, incident), alert);
      if (reason === null || isProvisional(reason)) continue;
      judged += 1;
      expect([...candidates], reason.kind).toContain(incident.id);
    }
  }
  expect(judged).toBeGreaterThan(0);
});

/** All that is derived, without the order in which it came. */
function derived({ index, members }: ScopeState) {
  const postings = [
    index.byEntity,
    index.byRelated,
    index.byDegraded,
    index.bySuspect,
    index.byCause,
    index.byFailureDomain,
  ];
  return {
    members: new Map([...members].filter(([, { keys }]) => keys.size > 0).map(([id, { keys }]) => [id, keys.size])),
    postings: postings.map((kind) => [...kind.keys()].sort().map((key) => [key, [...kind.get(key)].sort()])),
    open: [...index.openIds()].sort(),
    unanswered: [...index.unanswered].sort(),
  };
}

it.each(seeds)('seed %i: what is derived is the same after a load', (seed) => {
  const state = play(seed);
  const loaded = loadState(scope, snapshotState(state));
  expect(nextDeadlineMs(loaded)).toBe(nextDeadlineMs(state));
  expect(derived(loaded)).toEqual(derived(state));
});
