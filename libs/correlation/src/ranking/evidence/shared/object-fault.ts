/** What the kinds of evidence about faults of a cluster share: the detector, the words and the refuting test. */
import { faultText } from '@faultline/model';
import type { Comparison } from '../../compare/comparison.ts';
import { faultedService, isHarmed } from '../../compare/object-fault/connection.ts';
import { type FaultInputs, type JudgedFault, objectFaults } from '../../compare/object-fault/object-faults.ts';
import { effectMs, reportSlackMs } from '../../compare/object-fault/timing.ts';
import { type Detection, type Finding, minStrength } from '../../finding/finding.ts';
import { formatSeconds } from '../../finding/format.ts';
import type { Description, RefutationInputs } from '../../finding/kind.ts';
import { notRun, type Refutation, refuted, survived } from '../../finding/refutation.ts';
import type { FaultGroup } from '../../vocabulary/fault-mechanism.ts';

const entityPrefix = 'fault:';

/** The faults of one group, each with its fit as its strength. */
export function detectFaults<Weight extends string>(
  inputs: FaultInputs,
  group: FaultGroup,
  weightName: Weight,
): Detection<Weight, JudgedFault>[] {
  return objectFaults(inputs)
    .filter(({ meaning, fit }) => meaning.group === group && fit >= minStrength)
    .map((judged) => ({
      weightName,
      service: judged.service,
      faultType: judged.meaning.faultType,
      entity: `${entityPrefix}${judged.fault.id}`,
      strength: judged.fit,
      facts: judged,
    }));
}

export function describeFault({ facts: { fault } }: Detection<string, JudgedFault>): Description {
  const during = fault.total > 1 ? `${fault.affected} of ${fault.total}` : fault.mechanism;
  return { summary: faultText(fault), before: '', during };
}

/** No table holds faults yet. */
export const noReference = () => null;

/** The fault that a finding is about; undefined: it is about something else. */
export function faultOf({ input }: Pick<Comparison, 'input'>, { entity }: Pick<Finding, 'entity'>) {
  if (!entity.startsWith(entityPrefix)) return undefined;
  return input.findings?.find(({ id }) => entity === `${entityPrefix}${id}`);
}

/** A fault that came after the harm did not make it. One that nobody feels harms nothing. */
export function refuteFault(inputs: RefutationInputs, lead: Pick<Finding, 'service' | 'entity'>): Refutation {
  const test = `Did ${lead.service} work in spite of it, or fail before it?`;
  const fault = faultOf(inputs, lead);
  if (fault === undefined) return notRun(test, 'the cluster reports it no more');
  const lateMs = fault.sinceMs - effectMs(inputs);
  if (lateMs > reportSlackMs) return refuted(test, `the harm was there ${formatSeconds(lateMs)} before it`);
  if (isHarmed(inputs, lead.service)) return survived(test, `calls to ${lead.service} are slower or fail since`);
  if (fault.total > 1 && fault.affected >= fault.total) return survived(test, `all ${fault.total} of its pods show it`);
  if (inputs.traced.has(lead.service) && !inputs.alerting.has(lead.service))
    return refuted(test, `${faultedService(fault)} answers as before`);
  return inputs.alerting.has(lead.service)
    ? survived(test, `what alerts is ${lead.service} itself`)
    : notRun(test, `no telemetry of ${lead.service}`);
}
