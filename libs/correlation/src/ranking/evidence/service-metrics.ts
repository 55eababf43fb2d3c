/**
 * Latency and failures by the service's own metrics, less what its callees' metrics account for. What is added at a service and not below it
 * began there. This is the only view of a service without spans; beside spans it adds nothing.
 */
import type { SeriesShift } from '../compare/metric-shifts.ts';
import { type ServiceAccount, serviceAccounts } from '../compare/service-metrics/accounts.ts';
import { levelsOf, mostOf, type ServiceLevel } from '../compare/service-metrics/levels.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent, formatValue, listed } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToSeries } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { halfGrowth, halfSeriesZ } from '../statistics/effect-size.ts';
import { certainty } from '../statistics/proportions.ts';

interface Facts {
  readonly shift: SeriesShift;
  /** The part of its rise that callees do not account for. */
  readonly ownShare: number;
  /** The part of all that was added anywhere. */
  readonly share: number;
}
type Found = Detection<'serviceLatency' | 'serviceErrors', Facts>;
type Inputs = Parameters<typeof serviceAccounts>[0];

/** One or two failing requests of a hundred break the usual objectives, as half as much latency again does. */
const failureGrowth = 30;

export const serviceMetrics = evidenceKind({
  name: 'service-metrics',
  signal: 'metrics',
  weights: {
    serviceLatency: logOdds(5, 'its own latency metric rose, and its callees do not explain it'),
    serviceErrors: logOdds(5, 'its own failures rose by metric, and its callees do not explain it'),
  },
  traits: { failsCallers: true, visibleToCallers: true, measuredByMetrics: true },
  detect: (inputs: Inputs): Found[] =>
    (['latency', 'success', 'errors'] as const).flatMap((subject) => {
      const { accounts, tests } = serviceAccounts(inputs, subject);
      const total = accounts.reduce((sum, { own }) => sum + own, 0);
      return accounts.flatMap((account) => judge(account, { isLatency: subject === 'latency', total, tests }));
    }),
  describe: ({ service, facts: { shift, ownShare, share } }) => {
    const [before, during] = [formatValue(shift.before, shift.row.unit), formatValue(shift.during, shift.row.unit)];
    return {
      summary: `${shift.row.metric} of ${service}: ${before} -> ${during}; ${formatPercent(ownShare)} of the rise is not in services that it calls; ${formatPercent(share)} of all rises`,
      before,
      during,
    };
  },
  reference: ({ facts }) => referenceToSeries(facts.shift.row),
  refute: calleesAccount,
});

interface Judging {
  readonly isLatency: boolean;
  readonly total: number;
  readonly tests: number;
}

function judge({ service, level, own, ownShare }: ServiceAccount, { isLatency, total, tests }: Judging): Found[] {
  const { shift, rise, base } = level;
  if (shift.z <= 0 || own <= 0) return [];
  const risen = rise * ownShare;
  const growth = isLatency ? risen / Math.max(base, 1e-9) : failureGrowth * risen;
  // Failures count by their number. Of latency, as with spans, the root of the share counts.
  const size = isLatency ? Math.sqrt(own / total) : own / total;
  const strength = size * (growth / (growth + halfGrowth)) * certainty(shift.z, tests, halfSeriesZ);
  if (strength < minStrength) return [];
  return [
    {
      weightName: isLatency ? 'serviceLatency' : 'serviceErrors',
      service,
      instance: shift.row.instance,
      faultType: isLatency ? 'latency' : 'error',
      strength,
      facts: { shift, ownShare, share: own / total },
    },
  ];
}

/** What a service adds shows in its own metric and not in those of what it calls. */
function calleesAccount(
  inputs: Pick<RefutationInputs, 'callees' | 'shifts'>,
  lead: Pick<Finding<string, 'serviceLatency' | 'serviceErrors'>, 'service' | 'weightName'>,
): Refutation {
  const { service } = lead;
  const test = `Do services that ${service} calls explain it?`;
  const callees = inputs.callees.get(service) ?? [];
  if (callees.length === 0) return survived(test, 'it calls no known service');
  const asked = lead.weightName === 'serviceLatency' ? (['latency'] as const) : (['success', 'errors'] as const);
  const levels = asked.map((subject) => levelsOf(inputs, subject)).find((one) => one.has(service));
  const known = callees.flatMap((callee) => {
    const level = levels?.get(callee);
    return level === undefined ? [] : [{ callee, part: partOf(level, levels?.get(service)) }];
  });
  if (known.length === 0) return notRun(test, `no such metric of ${listed(callees)}`);
  const most = known.reduce((best, one) => (one.part > best.part ? one : best));
  const how = `${most.callee} rose by ${formatPercent(Math.max(0, most.part))} of the rise at ${service}`;
  return most.part < mostOf ? survived(test, how) : refuted(test, how);
}

function partOf(level: ServiceLevel, own: ServiceLevel | undefined): number {
  return own === undefined || own.rise <= 0 ? 0 : level.rise / own.rise;
}
