/** The fault of an object that a hypothesis names. */
import { faultOfFinding, type ObjectFault } from '@faultline/model';
import type { Comparison } from '../compare/comparison.ts';
import { faultOf } from '../evidence/shared/object-fault.ts';
import type { Candidate } from '../probability/candidate.ts';

/** Log-odds below which a fault is one circumstance among others. */
const namedFrom = 1;

/** That of the strongest finding about one. Null: no cluster reports any that counts. */
export function namedFault(
  inputs: Pick<Comparison, 'input'>,
  { findings }: Pick<Candidate, 'findings'>,
): ObjectFault | null {
  const finding = findings.find(({ traits, weight }) => traits.namesObject === true && weight >= namedFrom);
  const fault = finding === undefined ? undefined : faultOf(inputs, finding);
  return fault === undefined ? null : faultOfFinding(fault);
}
