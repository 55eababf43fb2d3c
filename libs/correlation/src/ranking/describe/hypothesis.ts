/** Describes a candidate as a hypothesis of the incident. */
import type { CauseKind, Change, Hypothesis } from '@faultline/model';
import type { RefutationInputs } from '../finding/kind.ts';
import type { Candidate } from '../probability/candidate.ts';
import { blamedChange } from './blamed-change.ts';
import { shownEvidence } from './evidence.ts';
import { namedFault } from './fault.ts';
import { instanceOf } from './instance.ts';
import { pathToSymptom } from './path.ts';
import { refute } from './refutation.ts';
import { sinceOf } from './since.ts';

/** While nothing is identified no change is blamed; changes are then listed with what speaks for and against them. */
export function describeHypothesis(
  inputs: RefutationInputs,
  candidate: Candidate,
  { rank, mayBlame }: { rank: number; mayBlame: boolean },
): Hypothesis {
  const { service, probability, findings } = candidate;
  const trigger = blamedChange(inputs, service);
  const change = mayBlame ? trigger : null;
  const fault = namedFault(inputs, candidate);
  return {
    rank,
    probability,
    sinceMs: inputs.input.answer === null ? null : sinceOf(inputs, candidate, trigger),
    cause: { service, instance: instanceOf(inputs, candidate), kind: kindOf(candidate, change) },
    changeId: change?.id ?? null,
    ...(fault !== null && { fault }),
    path: pathToSymptom(inputs, service),
    evidence: shownEvidence(inputs, findings),
    refutation: refute(inputs, candidate),
  };
}

/** A service that is only slow or failing since its settings were changed is misconfigured. Any other trigger is no mechanism. */
function kindOf({ kind }: Candidate, change: Change | null): CauseKind {
  const isSetting = change?.kind === 'config' || change?.kind === 'flag';
  return isSetting && (kind === 'latency' || kind === 'error' || kind === 'code') ? 'config' : kind;
}
