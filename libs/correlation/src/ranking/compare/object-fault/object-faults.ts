/** The faults that a cluster reports, with how well each fits the incident. */
import type { WorkloadFinding } from '@faultline/model';
import { isAboutFault } from '../../input/alerted-fault.ts';
import { type MechanismMeaning, mechanismMeanings } from '../../vocabulary/fault-mechanism.ts';
import { type ConnectionInputs, connectionOf, faultedService } from './connection.ts';
import { faultTiming, type TimingInputs } from './timing.ts';

/** A fault that may have to do with the incident. */
export interface JudgedFault {
  readonly fault: WorkloadFinding;
  readonly service: string;
  readonly meaning: MechanismMeaning;
  /** Connection, time and extent: 0 to 1, without any weight in it. */
  readonly fit: number;
}

export type FaultInputs = ConnectionInputs & TimingInputs;

/** What an effect keeps beside a fault of the same service that may have made it. */
const effectShare = 0.2;
/** A fault that fits less does not account for the effects beside it. */
const accountsFrom = 0.2;

/** One entry for each fault of a service or node, in the order of the input. */
export function objectFaults(inputs: FaultInputs): JudgedFault[] {
  const judged = (inputs.input.findings ?? []).map((fault): JudgedFault => {
    const service = faultedService(fault);
    const connection = connectionOf(inputs, fault);
    const isAlerted = inputs.input.alerts.some((alert) => isAboutFault(alert, fault));
    const fit = connection * faultTiming(inputs, fault, isAlerted) * extentOf(fault);
    return { fault, service, meaning: mechanismMeanings[fault.mechanism], fit };
  });
  const shallowest = new Map<string, number>();
  for (const { service, meaning, fit } of judged)
    if (fit >= accountsFrom) shallowest.set(service, Math.min(meaning.depth, shallowest.get(service) ?? meaning.depth));
  return judged.map((one) =>
    one.meaning.depth > (shallowest.get(one.service) ?? one.meaning.depth)
      ? { ...one, fit: one.fit * effectShare }
      : one,
  );
}

/** All pods count in full; one of many counts half, as the others may serve. None: it is no fault of pods. */
function extentOf({ affected, total }: Pick<WorkloadFinding, 'affected' | 'total'>): number {
  return total <= 1 || affected === 0 ? 1 : 0.5 + 0.5 * Math.min(1, affected / total);
}
