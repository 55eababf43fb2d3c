/** All that scoring needs of one incident, without any tuned number in it: what `npm run fit` learns from. Plain JSON. */

import { createContext } from './compare/compare.ts';
import type { Context } from './compare/comparison.ts';
import { symptomStrength } from './compare/symptom.ts';
import { changeFindings } from './describe/changes.ts';
import { counterFindings } from './evidence/against/list.ts';
import { evidenceKinds } from './evidence/list.ts';
import { servicesBelow } from './explain/callees.ts';
import { type SharedCause, sharedCauses } from './explain/shared.ts';
import type { Finding } from './finding/finding.ts';
import type { RankingInput } from './input/ranking.ts';

export interface Features {
  readonly findings: readonly Finding[];
  /** One for each change that fits in time and place; it counts only where its service moved. */
  readonly changes: readonly Finding[];
  /** For each service with a finding that others may explain: the services that it calls, directly or not, that failed themselves. Sorted. */
  readonly below: Readonly<Record<string, readonly string[]>>;
  /** Findings about what services share, with the services. */
  readonly shared: readonly SharedCause[];
  /** Whether the alerting services show harm themselves: 0 not at all, 1 surely. */
  readonly symptom: number;
  /** Whether evidence was in; before that, alerts, changes and the graph alone decide. */
  readonly hasEvidence: boolean;
}

/** Everything dear: folds the rows and runs every kind of evidence. */
export function featuresOf(input: RankingInput): Features {
  return featuresOfContext(createContext(input));
}

export function featuresOfContext(context: Context): Features {
  const support = evidenceKinds.flatMap((kind) => kind(context));
  const findings = [...support, ...counterFindings(context, support)];
  return {
    findings,
    changes: changeFindings(context),
    below: servicesBelow(context, findings),
    shared: sharedCauses(context, findings),
    symptom: symptomStrength(context),
    hasEvidence: context.input.answer !== null,
  };
}
