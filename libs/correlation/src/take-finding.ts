/** Takes faults of workloads that a cluster reports. Those that ended are kept as long as changes are. */
import type { WorkloadFinding } from '@faultline/model';
import type { StepContext } from './state/context.ts';
import { sortedValues } from './state/sorted-values.ts';
import { queryOpenSoon } from './take-change.ts';

/**
 * A version that is older than the known one is skipped. Of two with the same time the later in the topic holds: one write may have both. A change of counts alone is kept, and no open incident reads evidence
 * for it.
 */
export function takeFinding(step: StepContext, finding: WorkloadFinding): void {
  const { state } = step;
  const { findings } = state;
  const known = findings.get(finding.id);
  if (known !== undefined && known.observedAtMs > finding.observedAtMs) return;
  findings.set(finding.id, finding);
  if (known === undefined) state.findingsByKey = null;
  step.touch(`finding/${finding.id}`);
  dropOldest(step);
  if (known === undefined || (known.endedAtMs === null) !== (finding.endedAtMs === null)) queryOpenSoon(step);
}

/** Those that ended go first, then those that began first. One came, so one goes. */
function dropOldest(step: StepContext): void {
  const { findings } = step.state;
  if (findings.size <= step.config.maxFindings) return;
  const keptUntil = ({ endedAtMs }: WorkloadFinding) => endedAtMs ?? Number.POSITIVE_INFINITY;
  const [oldest] = sortedValues(findings).sort(
    (a, b) => compare(keptUntil(a), keptUntil(b)) || compare(a.sinceMs, b.sinceMs),
  );
  if (oldest === undefined) return;
  findings.delete(oldest.id);
  step.state.findingsByKey = null;
  step.touch(`finding/${oldest.id}`);
}

/** Two infinities are equal; their difference is not a number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
