/** The refuting test of added time: what another service has of it. */
import type { LatencyAttribution } from '../../compare/attribution/attribution.ts';
import type { Finding } from '../../finding/finding.ts';
import { formatPercent } from '../../finding/format.ts';
import type { RefutationInputs } from '../../finding/kind.ts';
import { type Refutation, refuted, survived } from '../../finding/refutation.ts';

/** All added time is attributed, so what is not at this service is at another. */
export function timeElsewhere(
  { attribution }: Pick<RefutationInputs, 'attribution'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const test = `Did another service add more time than ${service}?`;
  const shares = addedByService(attribution);
  const own = shares.get(service) ?? 0;
  const [other, most] = [...shares].filter(([name]) => name !== service).sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
  const here = `${formatPercent(own / attribution.totalUs)} of the added time is at ${service}`;
  if (most <= 0) return survived(test, `${here}, and none elsewhere`);
  const there = `${formatPercent(most / attribution.totalUs)} at ${other}`;
  return own >= most ? survived(test, `${here}, at most ${there}`) : refuted(test, `${here}, but ${there}`);
}

function addedByService({ self, network, uninstrumented }: LatencyAttribution): Map<string, number> {
  const sums = new Map<string, number>();
  for (const part of [self, network, uninstrumented])
    for (const [service, { addedUs }] of part) sums.set(service, (sums.get(service) ?? 0) + Math.max(0, addedUs));
  return sums;
}
