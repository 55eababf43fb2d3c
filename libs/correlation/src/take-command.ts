/** Takes what a person or a pager asks of an incident. Each command is done or refused, once; the revision that follows says which. */
import type { Command } from '@faultline/model';
import { rememberSplit, splitsBetween } from './grouping/split.ts';
import { moveMembers } from './incident/apply/merge.ts';
import { splitMembers } from './incident/apply/split.ts';
import { blameChange } from './incident/blame.ts';
import { appendTimeline, changeHistory } from './incident/history.ts';
import { reopenIncident, resolveIncident } from './incident/life.ts';
import { queryEvidence } from './incident/query.ts';
import { decideRefusal } from './incident/refuse.ts';
import { recordRemediation } from './incident/remediation.ts';
import type { StepContext } from './state/context.ts';
import { historyOf } from './state/incident.ts';
import { judgementOf } from './state/judgement.ts';
import { membersOf } from './state/members.ts';
import type {
  IncidentEvent,
  IncidentHistory,
  IncidentState,
  RefusalReason,
  Rejection,
  ScopeState,
} from './state/state.ts';

/** A note is shown on every page. The API refuses longer ones; a pager may send any. */
const maxNoteChars = 5_000;

/** The same id twice is one command. One for an unknown incident changes nothing, as no revision can tell of it. */
export function takeCommand(step: StepContext, command: Command): void {
  const { state, atMs } = step;
  if (state.commands.has(command.id)) return;
  const incidentId = incidentIdOf(state, command.incidentId);
  const incident = state.incidents.get(incidentId);
  const refusal: RefusalReason | null =
    incident === undefined ? { kind: 'unknown-incident' } : decideRefusal(state, incident, command);
  state.commands.set(command.id, { atMs, incidentId, result: refusal === null ? 'done' : 'refused' });
  step.touch(`command/${command.id}`);
  if (incident === undefined) return;
  const { commands } = historyOf(state, incident.id);
  changeHistory(step, incident.id, { commands: [...commands, { id: command.id, refusal }] });
  if (refusal === null) applyCommand(step, incident, command);
  step.markChanged(incident, { now: true });
}

const alertPrefix = 'alert/';

/** A pager knows its alert, not the incident: `alert/<source>/<fingerprint>` means the incident that holds it. */
function incidentIdOf({ alerts }: ScopeState, id: string): string {
  if (!id.startsWith(alertPrefix)) return id;
  return alerts.get(id.slice(alertPrefix.length))?.incidentId ?? id;
}

function applyCommand(step: StepContext, incident: IncidentState, command: Command): void {
  const { action, actor } = command;
  switch (action.kind) {
    case 'acknowledge':
      incident.status = 'acknowledged';
      appendTimeline(step, incident, { kind: 'acknowledged', actor });
      break;
    case 'resolve':
      resolveIncident(step, incident, { kind: 'by-person', actor, text: action.resolution });
      break;
    case 'reopen':
      reopenIncident(step, incident, { kind: 'reopened-by', actor });
      break;
    case 'note':
      appendTimeline(step, incident, { kind: 'note', actor, text: action.text.slice(0, maxNoteChars) });
      break;
    case 'pin-cause':
      pin(step, incident, { service: action.service, causeKind: action.causeKind, actor });
      break;
    case 'reject-cause':
      reject(step, incident, { service: action.service, actor, atMs: step.atMs });
      break;
    case 'restore-cause':
      restore(step, incident, actor, action.service);
      break;
    case 'record-remediation':
      recordRemediation(step, incident, { ...action, actor });
      break;
    case 'split':
      split(step, incident, command, action.alertFingerprints);
      break;
    case 'merge':
      merge(step, incident, actor, action.otherIncidentId);
      break;
  }
}

function pin(step: StepContext, incident: IncidentState, pinned: NonNullable<IncidentHistory['pin']>): void {
  const { actor, service } = pinned;
  const rejections = historyOf(step.state, incident.id).rejections.filter((one) => one.service !== service);
  appendTimeline(step, incident, { kind: 'pinned', actor, service }, { pin: pinned, rejections });
}

/** A rejected pin is no pin any longer. The timeline also says whom the evidence blames now. */
function reject(step: StepContext, incident: IncidentState, rejection: Rejection): void {
  const { pin, rejections } = historyOf(step.state, incident.id);
  const { actor, service } = rejection;
  const kept = pin?.service === service ? null : pin;
  const change = { pin: kept, rejections: [...rejections, rejection] };
  correctJudgement(step, incident, { kind: 'cause-rejected', actor, service }, change);
}

function restore(step: StepContext, incident: IncidentState, actor: string, service: string): void {
  const rejections = historyOf(step.state, incident.id).rejections.filter((one) => one.service !== service);
  correctJudgement(step, incident, { kind: 'cause-restored', actor, service }, { rejections });
}

function correctJudgement(
  step: StepContext,
  incident: IncidentState,
  event: IncidentEvent,
  change: Partial<Pick<IncidentHistory, 'pin' | 'rejections'>>,
): void {
  const before = judgementOf(step.state, incident.id);
  appendTimeline(step, incident, event, change);
  const now = judgementOf(step.state, incident.id);
  const isPinned = historyOf(step.state, incident.id).pin !== null;
  const moved = now === null || isPinned ? null : blameChange(before, now);
  if (moved !== null) appendTimeline(step, incident, moved);
}

function split(
  step: StepContext,
  from: IncidentState,
  { id, actor }: Pick<Command, 'id' | 'actor'>,
  fingerprints: readonly string[],
): void {
  const { state, atMs } = step;
  const members = membersOf(state, from.id).all();
  const [first, ...others] = members.filter(({ fingerprint }) => fingerprints.includes(fingerprint));
  if (first === undefined) return;
  const kept = members.filter(({ fingerprint }) => !fingerprints.includes(fingerprint));
  state.splits.set(id, rememberSplit(id, atMs, [first, ...others], kept));
  step.touch(`split/${id}`);
  const apart = splitMembers(step, from, [first, ...others], { kind: 'split-by', actor });
  appendTimeline(step, from, { kind: 'split-by', actor, count: others.length + 1, into: apart.id });
  appendTimeline(step, apart, { kind: 'split-from', actor, from: from.id });
  queryEvidence(step, from);
}

function merge(step: StepContext, incident: IncidentState, actor: string, otherId: string): void {
  const { state } = step;
  const other = state.incidents.get(otherId);
  if (other === undefined) return;
  // People may change their minds: the merge replaces the splits that contradict it.
  const contradicting = membersOf(state, otherId)
    .all()
    .flatMap((alert) => splitsBetween(state, alert, incident.id));
  for (const id of new Set(contradicting)) {
    state.splits.delete(id);
    step.touch(`split/${id}`);
  }
  moveMembers(step, other, incident, { kind: 'merged-by', actor });
  appendTimeline(step, incident, { kind: 'merged-by', actor, other: otherId });
  if (state.incidents.has(otherId)) {
    other.mergedInto = incident.id;
    resolveIncident(step, other, { kind: 'merged-by', into: incident.id, actor });
  }
  queryEvidence(step, incident);
}
