/** What was done about an incident, with the time at which it was done. */
import type { IncidentStages, Remediation } from '@faultline/model';
import { changeOfCause, type StageInput } from './stages.ts';

interface RemediationInput extends Pick<StageInput, 'incident' | 'identified' | 'changes'> {
  readonly history: Pick<StageInput['history'], 'remediations'>;
  readonly stages: Pick<IncidentStages, 'recoveredMs'>;
}

/**
 * What people recorded, oldest first. Where nobody said what worked, the first change of the cause before the recovery is added. A
 * remediation that was recorded after the recovery was done when the cause was changed. Without such a change nobody knows when.
 */
export function remediationsOf(input: RemediationInput): readonly Remediation[] {
  const { recoveredMs } = input.stages;
  const change = changeOfCause(input, recoveredMs ?? Number.POSITIVE_INFINITY);
  const recorded = (input.history.remediations ?? []).map(
    ({ remediation, atMs, ...rest }): Remediation => ({
      ...rest,
      kind: remediation,
      atMs,
      doneAtMs: recoveredMs === null || atMs <= recoveredMs ? atMs : rest.worked ? (change?.startedAtMs ?? null) : null,
    }),
  );
  if (recoveredMs === null || change === undefined || recorded.some(({ worked }) => worked)) return recorded;
  const { startedAtMs: atMs, summary: target } = change;
  return [...recorded, { kind: 'change', target, worked: true, actor: '', atMs, doneAtMs: atMs }];
}
