/** Refuting tests that ask the metrics of what a service calls. */
import { levelsOf, type ServiceLevel } from '../../compare/service-metrics/levels.ts';
import type { Finding } from '../../finding/finding.ts';
import { formatPercent, listed } from '../../finding/format.ts';
import type { RefutationInputs } from '../../finding/kind.ts';
import { notRun, type Refutation, refuted, survived } from '../../finding/refutation.ts';

/** From this part of a rise on it belongs to another service. */
export const mostOf = 0.5;

/** What a service adds shows in its own metric and not in those of what it calls. */
export function calleesAccount(
  inputs: Pick<RefutationInputs, 'callees' | 'shifts'>,
  lead: Pick<Finding<string, 'serviceLatency' | 'serviceErrors'>, 'service' | 'weightName'>,
): Refutation {
  const { service } = lead;
  const test = `if ${service} only waited, the metrics of what it calls would have moved as much`;
  const callees = inputs.callees.get(service) ?? [];
  if (callees.length === 0) return survived(test, 'it calls nothing that is known');
  const asked = lead.weightName === 'serviceLatency' ? (['latency'] as const) : (['success', 'errors'] as const);
  const levels = asked.map((subject) => levelsOf(inputs, subject)).find((one) => one.has(service));
  const known = callees.flatMap((callee) => {
    const level = levels?.get(callee);
    return level === undefined ? [] : [{ callee, part: partOf(level, levels?.get(service)) }];
  });
  if (known.length === 0) return notRun(test, `no such metric of ${listed(callees)}`);
  const most = known.reduce((best, one) => (one.part > best.part ? one : best));
  const how = `${most.callee} moved by ${formatPercent(Math.max(0, most.part))} of what ${service} did`;
  return most.part < mostOf ? survived(test, how) : refuted(test, how);
}

function partOf(level: ServiceLevel, own: ServiceLevel | undefined): number {
  return own === undefined || own.rise <= 0 ? 0 : level.rise / own.rise;
}

const subjects = ['latency', 'errors', 'success'] as const;

/** Calls that no longer arrive are the caller's doing, unless the callee rejects them. */
export function calleeRejects(
  inputs: Pick<RefutationInputs, 'shifts' | 'related'>,
  { edge }: Pick<Finding, 'edge'>,
): Refutation {
  const { caller, callee } = edge ?? { caller: '', callee: '' };
  const test = `if ${callee} turned away what ${caller} sends, it would fail or take longer`;
  const levels = subjects.map((subject) => levelsOf(inputs, subject).get(callee)).filter((one) => one !== undefined);
  if (levels.length === 0) return notRun(test, `no metric of ${callee} tells of time or failures`);
  return inputs.related.has(callee) && levels.some(isOff) ? refuted(test, 'it does') : survived(test, 'it does not');
}

/** As for a degraded service: far outside its own past, and by a tenth at least. */
function isOff({ rise, shift }: ServiceLevel): boolean {
  return rise > 0 && shift.z > 8 && Math.abs(shift.growth) > 0.1;
}
