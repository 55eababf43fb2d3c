/** Errors that begin in the service: no child of the failing span failed. */

import { countsBySlice, type OperationPair, type Side } from '../compare/calls.ts';
import type { Context } from '../compare/comparison.ts';
import { lastingFactor, lastingShare } from '../compare/lasting.ts';
import { timesOut } from '../compare/waiting.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent } from '../finding/format.ts';
import { lookAtOperations } from '../finding/reference.ts';
import { shareDispersion } from '../statistics/dispersion.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import { certainty } from '../statistics/statistics.ts';

export function ownErrors({ operations, edges, traced, sides, atAlert }: Context): Finding[] {
  const failingPeers = edges.filter(({ callee, during }) => !traced.has(callee) && during.errors > 0);
  const served = operations.filter(({ kind }) => kind !== 'client' && kind !== 'producer');
  return served.flatMap((operation) => {
    const peerFails = failingPeers.some(({ caller }) => caller === operation.service) || timesOut(operation);
    return judge(operation, { peerFails, tests: served.length, sides, atAlert });
  });
}

interface Judging {
  readonly peerFails: boolean;
  /** How many operations were tested like this one. */
  readonly tests: number;
  readonly sides: readonly Side[];
  readonly atAlert: readonly boolean[];
}

function judge(pair: OperationPair, { peerFails, tests, sides, atAlert }: Judging): Finding[] {
  const { service, operation, before, during, instances, rows } = pair;
  const n = Math.max(during.calls, during.ownErrors);
  const counts = { hits: during.ownErrors, n, baseHits: before.ownErrors, baseN: before.calls };
  const share = during.ownErrors / Math.max(1, n);
  const risen = share - before.ownErrors / Math.max(1, before.calls);
  const slices = countsBySlice(rows, sides.length, ({ ownErrors }) => ownErrors);
  const z = exactShareZ(counts) / Math.sqrt(shareDispersion(slices.hits, slices.of, sides));
  const lasting = lastingShare({ ...slices, sides, atAlert }, share - risen);
  const strength = risen <= 0 ? 0 : certainty(z, tests) * Math.sqrt(Math.min(1, 2 * risen)) * lastingFactor(lasting);
  if (strength < minStrength) return [];
  return [
    {
      kind: 'own-errors',
      reason: 'ownErrors',
      service,
      instance: worstInstance(instances),
      causeKind: 'error',
      entity: `service:${service}`,
      strength,
      explainable: peerFails ? 1 : 0,
      summary: `${service} itself fails in ${operation}: ${formatPercent(share - risen)} -> ${formatPercent(share)} of ${n} calls, and nothing it calls failed first`,
      before: formatPercent(share - risen),
      during: formatPercent(share),
      look: lookAtOperations(service, operation),
    },
  ];
}

function worstInstance(instances: OperationPair['instances']): string {
  const total = instances.reduce((sum, share) => sum + share.ownErrors, 0);
  return instances.find((share) => share.ownErrors > 0.7 * total)?.instance ?? '';
}
