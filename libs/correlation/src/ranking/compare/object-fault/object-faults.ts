/** The faults that a cluster reports, with how well each fits the incident. */
import type { WorkloadFinding } from '@faultline/model';
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
/** From this connection on, the alerts are about the fault itself, or about what it does. */
const alertedFrom = 1;
/** A fault that fits less does not account for the effects beside it. */
const accountsFrom = 0.2;

/** One entry for each fault of a service or node, in the order of the input. */
export function objectFaults(inputs: FaultInputs): JudgedFault[] {
  const judged = (inputs.input.findings ?? []).map((fault): JudgedFault => {
    const service = faultedService(fault);
    const connection = connectionOf(inputs, fault);
    const fit = connection * faultTiming(inputs, fault, connection >= alertedFrom) * extentOf(fault);
    return { fault, service, meaning: mechanismMeanings[fault.mechanism], fit };
  });
  const accounted = new Set(
    judged.filter(({ meaning, fit }) => !meaning.isEffect && fit >= accountsFrom).map(({ service }) => service),
  );
  return judged.map((one) =>
    one.meaning.isEffect && accounted.has(one.service) ? { ...one, fit: one.fit * effectShare } : one,
  );
}

/** All pods count in full; one of many counts half, as the others may serve. */
function extentOf({ affected, total }: Pick<WorkloadFinding, 'affected' | 'total'>): number {
  return total <= 1 ? 1 : 0.5 + 0.5 * Math.min(1, affected / total);
}
