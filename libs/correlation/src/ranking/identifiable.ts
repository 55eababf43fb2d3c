/** Whether a hypothesis may be named as the cause once those before it are ruled out. */
import type { Hypothesis } from '@faultline/model';
import { counterEvidenceKinds, evidenceKinds } from './evidence/list.ts';
import { leastProbability } from './probability/verdict.ts';

const reports = namesOf(evidenceKinds.filter(({ traits }) => 'report' in traits || 'trigger' in traits));
const unconnected = namesOf(counterEvidenceKinds.filter(({ traits }) => 'unconnected' in traits));

/** The same conditions as for the first one: likely enough, measured, and connected with what alerts. */
export function isIdentifiable({ probability, evidence }: Pick<Hypothesis, 'probability' | 'evidence'>): boolean {
  const isMeasured = evidence.some(({ kind, weight }) => weight > 0 && !reports.has(kind));
  return probability >= leastProbability && isMeasured && !evidence.some(({ kind }) => unconnected.has(kind));
}

function namesOf(kinds: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(kinds.map(({ name }) => name));
}
