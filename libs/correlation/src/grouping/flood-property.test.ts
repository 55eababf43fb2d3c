/** Property: whatever milder alerts came before, a critical alert about a new subject is told within the hold budget. */
import { type Incident, severities } from '@faultline/model';
import { expect, it } from 'vitest';
import { alertOf, effectsOf, played } from '../testing/played.ts';
import { originMs, type Player } from '../testing/player.ts';
import { createRandom } from '../testing/random.ts';
import { playLine } from '../testing/scenario.ts';

const seeds = Array.from({ length: 20 }, (_, seed) => seed);
const milder = ['info', 'warning', 'error'] as const;

it.each(seeds)('seed %i: a critical alert is on a page that notifies, as the newest of the worst', (seed) => {
  const player = afterNoise(createRandom(seed));
  const sentMs = player.atMs;
  const before = effectsOf(player, 'publish').length;
  playLine(player, `${(sentMs - originMs) / 1000}s alert checkout CheckoutDown severity=critical`);
  player.passTo(sentMs + player.state.config.holdBudgetMs);
  const revisions = effectsOf(player, 'publish').map(({ incident }) => incident);
  const told = revisions.filter((incident, at) => at >= before && tells(revisions.slice(0, at), incident));
  expect(told.map(namedAlert)).toContain('CheckoutDown');
  const { incidentId } = alertOf(player, 'CheckoutDown/checkout');
  expect(player.state.incidents.get(incidentId ?? '')?.isFlood).toBeUndefined();
});

/** Strangers and neighbours, with and without evidence, over some seconds or some minutes. */
function afterNoise(random: () => number): Player {
  const player = played('0s config maxOpenedPerMinute=5', '0s declare web->checkout checkout->db');
  const gapS = random() < 0.5 ? 0.05 : 0.6;
  const count = 20 + Math.floor(random() * 60);
  for (let n = 0; n < count; n += 1) {
    const at = `${(n * gapS).toFixed(2)}s`;
    const severity = milder[Math.floor(random() * milder.length)] ?? 'info';
    const service = random() < 0.1 ? 'web' : `stranger${n}`;
    playLine(player, `${at} alert ${service} Noise${n} severity=${severity}`);
    if (random() < 0.2 && player.state.queries.size > 0) playLine(player, `${at} answer settled`);
  }
  return player;
}

/** Whether the notifier tells people of a revision: the first page, a promotion, a worse severity. */
function tells(earlier: readonly Incident[], incident: Incident): boolean {
  const last = earlier.findLast(({ id }) => id === incident.id);
  if (incident.triage?.level !== 'page' || incident.severity !== 'critical') return false;
  if (last === undefined || last.triage?.level !== 'page') return true;
  return severities.indexOf(incident.severity) < severities.indexOf(last.severity);
}

function namedAlert({ alerts }: Incident): string | undefined {
  return alerts.filter(({ severity }) => severity === 'critical').at(-1)?.name;
}
