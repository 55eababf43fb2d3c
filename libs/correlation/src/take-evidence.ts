/** Takes the result of an evidence query: judges the incident again, regroups it, and resolves it when it is over. */
import type { EvidenceResult } from '@faultline/model';
import { decideMerge } from './grouping/merge.ts';
import { decideRegrouping, decideSeparation } from './grouping/regroup.ts';
import { applyMerge } from './incident/apply/merge.ts';
import { applyRegrouping } from './incident/apply/regrouping.ts';
import { blameChange } from './incident/blame.ts';
import { completenessOf, isReachable, showsAfter } from './incident/completeness.ts';
import { appendTimeline } from './incident/history.ts';
import { judgeIncident } from './incident/judge.ts';
import { resolveIncident } from './incident/life.ts';
import { dropQuery, noteRetry, planQuery } from './incident/query.ts';
import { decideRecovery } from './incident/recovery.ts';
import { updateEnvironments, updateTopology } from './incident/topology.ts';
import type { StepContext } from './state/context.ts';
import { historyOf, isOpen } from './state/incident.ts';
import { judgementOf } from './state/judgement.ts';

/** A result whose query is no longer open is dropped: the first one wins. */
export function takeEvidence(step: StepContext, result: EvidenceResult): void {
  const { state, atMs } = step;
  const query = state.queries.get(result.questionId);
  const incident = query === undefined ? undefined : state.incidents.get(query.incidentId);
  if (incident === undefined || incident.questionId !== result.questionId || !isOpen(incident)) return;
  dropQuery(step, incident);
  incident.rounds += 1;
  noteRetry(step, incident, completenessOf(result), query?.askedAtMs ?? atMs);
  const before = judgementOf(state, incident.id);
  updateEnvironments(step, result);
  updateTopology(step, result);
  judgeIncident(step, incident, result);
  step.markChanged(incident, { now: true });

  const merge = decideMerge(state, incident, atMs);
  if (merge !== null) applyMerge(step, merge);
  if (merge !== null && merge.into !== incident) return;
  const reachable = isReachable(result);
  const whole = reachable ? decideRegrouping(state, incident, { settled: result.settled, atMs }) : null;
  const regrouping = whole ?? decideSeparation(state, incident, atMs);
  if (regrouping !== null) applyRegrouping(step, incident, regrouping);
  // Members that left may change the judgement.
  if (regrouping !== null && regrouping.left.length > 0) judgeIncident(step, incident, result);

  const { ranking } = state.evidence.get(incident.id) ?? {};
  // A pinned cause stays, whatever the evidence says.
  const isPinned = historyOf(state, incident.id).pin !== null;
  const now = judgementOf(state, incident.id);
  const event = now === null || isPinned ? null : blameChange(before, now);
  if (event !== null) appendTimeline(step, incident, event);

  const { quietSinceMs } = incident;
  const resolution =
    quietSinceMs === null
      ? null
      : decideRecovery(
          {
            quietMs: atMs - quietSinceMs,
            reachable: showsAfter(result, quietSinceMs),
            degraded: ranking?.disturbed === true,
          },
          step.config,
        );
  if (resolution !== null) resolveIncident(step, incident, resolution);
  else planQuery(step, incident);
}
