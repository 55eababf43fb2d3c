/** Triggers (changes) count as far as their service shifted otherwise. */
import type { ListedFinding } from '../evidence/find.ts';
import type { Tuning } from '../weigh/tuning.ts';
import { type Weighed, weighFindings } from '../weigh/weigh.ts';

const minTriggerWeight = 0.05;
/** Before evidence is in, only time and place are known. */
const withoutEvidence = 0.5;

interface Options {
  readonly tuning: Pick<Tuning, 'numbers'>;
  readonly hasEvidence: boolean;
}

/** The best trigger of each service, by the service's strongest finding that is no report. */
export function weighTriggers(
  triggers: readonly ListedFinding[],
  findings: readonly Weighed[],
  { tuning, hasEvidence }: Options,
): Weighed[] {
  const strongest = new Map<string, number>();
  for (const { service, weight, traits } of findings)
    if (traits.report !== true) strongest.set(service, Math.max(strongest.get(service) ?? 0, weight));
  const best = new Map<string, Weighed>();
  for (const trigger of weighFindings(triggers, tuning)) {
    const shifted = hasEvidence ? Math.min(1, strongest.get(trigger.service) ?? 0) : withoutEvidence;
    const weight = trigger.weight * shifted;
    if (weight >= minTriggerWeight && weight > (best.get(trigger.service)?.weight ?? 0))
      best.set(trigger.service, { ...trigger, weight });
  }
  return [...best.values()];
}
