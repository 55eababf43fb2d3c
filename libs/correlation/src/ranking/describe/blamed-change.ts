/** The change that triggered a cause. */
import type { Change } from '@faultline/model';
import { type ContrastInputs, contrastChange } from '../compare/change/contrast.ts';
import {
  callerHalfAgeMs,
  cameWith,
  changedService,
  halfAgeMs,
  timingOf,
  verdictFactor,
} from '../compare/change/timing.ts';
import type { Comparison } from '../compare/comparison.ts';
import { faultedService } from '../compare/object-fault/connection.ts';

export type BlameInputs = ContrastInputs & Pick<Comparison, 'traced' | 'callers' | 'onsetOf'>;

/**
 * On a service that changes a few times a day, a change a quarter of an hour old may be there by chance. It is as
 * likely as being the trigger.
 */
const leastFit = 0.35;
/** What a change of a caller keeps when it does not mention the dependency. */
const callerShare = 0.8;

/** The change blamed for a service: its own, or one of a caller if the service is a dependency without telemetry. */
export function blamedChange(inputs: BlameInputs, service: string): Change | null {
  const callers = inputs.traced.has(service) ? [] : (inputs.callers.get(service) ?? []);
  const fits = inputs.input.changes
    .map((change) => ({ change, fit: fitOf(inputs, change, { service, callers }) }))
    .filter(({ fit }) => fit > leastFit)
    .sort((a, b) => b.fit - a.fit || (a.change.id < b.change.id ? -1 : 1));
  return fits[0]?.change ?? null;
}

function fitOf(
  inputs: BlameInputs,
  change: Change,
  { service, callers }: { service: string; callers: readonly string[] },
): number {
  const changed = changedService(change);
  const contrast = contrastChange(inputs, change, changed);
  // What the cluster names as the change before the fault needs no other sign, and may be of another object.
  const fault = contrast.fault?.verdict === 'guilty' ? contrast.fault.fault : null;
  if (fault !== null && faultedService(fault) === service)
    return verdictFactor.guilty * timingOf(change, Math.max(change.startedAtMs, fault.sinceMs));
  const isHere = changed === service || change.entities.database === service;
  if (!isHere && !callers.includes(changed)) return 0;
  const onsetMs = cameWith(inputs, change, contrast.verdict) ? change.startedAtMs : inputs.onsetOf(service);
  const timing = timingOf(change, onsetMs, isHere ? halfAgeMs : callerHalfAgeMs);
  const place = isHere || change.summary.includes(service) ? 1 : callerShare;
  return timing === 0 ? 0 : timing * place * verdictFactor[contrast.verdict];
}
