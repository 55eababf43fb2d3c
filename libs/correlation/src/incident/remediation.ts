/** Records what people did about an incident, and whether it helped. */
import { type CommandAction, maxRemediations } from '@faultline/model';
import type { StepContext } from '../state/context.ts';
import { historyOf } from '../state/incident.ts';
import { judgementOf } from '../state/judgement.ts';
import type { IncidentState, ScopeState } from '../state/state.ts';
import { appendTimeline } from './history.ts';

type Recorded = Extract<CommandAction, { kind: 'record-remediation' }> & { readonly actor: string };

const maxTargetChars = 200;

/** Who taps a button names no target: it is then what the evidence blames. The newest remediations stay. */
export function recordRemediation(step: StepContext, incident: IncidentState, recorded: Recorded): void {
  const { remediation, worked, actor } = recorded;
  const target = recorded.target.slice(0, maxTargetChars) || blamedTarget(step.state, incident.id, remediation);
  const { remediations = [] } = historyOf(step.state, incident.id);
  const added = { remediation, target, worked, actor, atMs: step.atMs };
  appendTimeline(
    step,
    incident,
    { kind: 'remediation', remediation, target, worked, actor },
    { remediations: [...remediations, added].slice(-maxRemediations), now: true },
  );
}

/** A rollback is of the blamed change; anything else is done to the service. A false alarm has no target. */
function blamedTarget(state: ScopeState, id: string, remediation: Recorded['remediation']): string {
  const judgement = judgementOf(state, id);
  const first = judgement?.verdict === 'identified' ? judgement.hypotheses[0] : undefined;
  if (first === undefined || remediation === 'false-alarm') return '';
  const changes = state.evidence.get(id)?.ranking.changes ?? [];
  const change = remediation === 'rolled-back' ? changes.find((one) => one.id === first.changeId) : undefined;
  return (change?.summary ?? first.cause.service).slice(0, maxTargetChars);
}
