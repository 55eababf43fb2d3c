/** Errors that originate in the service: no child of the failing span failed. */
import type { OperationComparison } from '../compare/calls.ts';
import type { Comparison } from '../compare/comparison.ts';
import { lastingFactor, lastingShare } from '../compare/lasting.ts';
import { timesOut } from '../compare/waiting.ts';
import { type Detection, minStrength } from '../finding/finding.ts';
import { formatPercent } from '../finding/format.ts';
import { evidenceKind } from '../finding/kind.ts';
import { referenceToOperations } from '../finding/reference.ts';
import { logOdds } from '../finding/weight.ts';
import { countsBySlice, shareDispersion } from '../statistics/dispersion.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import { certainty } from '../statistics/proportions.ts';
import { relayed } from './shared/relayed.ts';

interface Facts {
  readonly operation: string;
  readonly before: number;
  readonly during: number;
  readonly calls: number;
}
type Found = Detection<'originatingErrors', Facts>;

export const originatingErrors = evidenceKind({
  name: 'originating-errors',
  signal: 'spans',
  weights: { originatingErrors: logOdds(5, 'errors that originate here') },
  traits: { failsCallers: true, mayBeWaiting: true, visibleToCallers: true },
  detect(inputs: Pick<Comparison, 'operations' | 'edges' | 'traced' | 'windows' | 'atAlert'>): Found[] {
    const failing = inputs.edges.filter(({ callee, during }) => !inputs.traced.has(callee) && during.errors > 0);
    const served = inputs.operations.filter(({ kind }) => kind !== 'client' && kind !== 'producer');
    return served.flatMap((operation) => {
      const mayRelay = failing.some(({ caller }) => caller === operation.service) || timesOut(operation);
      return judge(operation, { ...inputs, mayRelay, tests: served.length });
    });
  },
  describe: ({ service, facts: { operation, before, during, calls } }) => ({
    summary: `${service} itself fails in ${operation}: ${formatPercent(before)} -> ${formatPercent(during)} of ${calls} calls; nothing that it calls failed first`,
    before: formatPercent(before),
    during: formatPercent(during),
  }),
  reference: ({ service, facts }) => referenceToOperations(service, facts.operation),
  refute: relayed,
});

interface Judging extends Pick<Comparison, 'windows' | 'atAlert'> {
  /** Whether a dependency may have failed first without a span of its own. */
  readonly mayRelay: boolean;
  /** How many operations are tested. */
  readonly tests: number;
}

function judge(compared: OperationComparison, { mayRelay, tests, windows, atAlert }: Judging): Found[] {
  const { service, operation, before, during, instances, rows } = compared;
  const n = Math.max(during.calls, during.ownErrors);
  const counts = { hits: during.ownErrors, n, baseHits: before.ownErrors, baseN: before.calls };
  const share = during.ownErrors / Math.max(1, n);
  const risen = share - before.ownErrors / Math.max(1, before.calls);
  const slices = countsBySlice(rows, windows.length, ({ ownErrors }) => ownErrors);
  const z = exactShareZ(counts) / Math.sqrt(shareDispersion(slices.hits, slices.of, windows));
  const lasting = lastingShare({ ...slices, windows, atAlert }, share - risen);
  const strength = risen <= 0 ? 0 : certainty(z, tests) * Math.sqrt(Math.min(1, 2 * risen)) * lastingFactor(lasting);
  if (strength < minStrength) return [];
  return [
    {
      weightName: 'originatingErrors',
      service,
      instance: worstInstance(instances),
      faultType: 'error',
      strength,
      explainable: mayRelay ? 1 : 0,
      facts: { operation, before: share - risen, during: share, calls: n },
    },
  ];
}

function worstInstance(instances: OperationComparison['instances']): string {
  const total = instances.reduce((sum, share) => sum + share.ownErrors, 0);
  return instances.find((share) => share.ownErrors > 0.7 * total)?.instance ?? '';
}
