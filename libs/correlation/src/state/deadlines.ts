/** The next deadline of each part of the state. They fill the timers, and fill them again on load. */
import type { CoreConfig } from './config.ts';
import type { AlertState, HeartbeatState, IncidentState, ScopeState } from './state.ts';

/** How long an end without its firing is remembered. A firing that comes later counts as a new one. */
const orphanMemoryMs = 3_600_000;
/** How long after its last repetition an alert is remembered that still fired when its incident was forgotten. Some repeat once a day. */
const resolvedMemoryMs = 7 * 86_400_000;
/** How long a command's id is remembered. Callers stop repeating a command long before. */
const commandMemoryMs = 86_400_000;
/** A query without a result is dropped this long after its deadline. */
export const queryGraceMs = 5000;

/** When a tick must look at the alert; null when only a record can change it. */
export function alertDeadlineMs(alert: AlertState): number | null {
  if (alert.status === 'firing') {
    const memoryMs = alert.expiresAfterMs ?? (alert.incidentId === null ? resolvedMemoryMs : null);
    return memoryMs === null ? null : alert.lastReceivedMs + memoryMs;
  }
  return alert.incidentId === null ? alert.lastReceivedMs + orphanMemoryMs : null;
}

/** A restart of a sender is no absence. */
const leastAbsenceMs = 600_000;

/** How long after its last beat a heartbeat is remembered. Until then, it says that it is absent, or may come a second time. */
const heartbeatMemoryMs = 7 * 86_400_000;

/** When a heartbeat counts as absent; null when its interval is not known yet, or when it is absent already. */
export function heartbeatDeadlineMs(
  { config }: { readonly config: CoreConfig },
  { isAbsent, lastReceivedMs, longestGapMs }: HeartbeatState,
): number | null {
  if (isAbsent || longestGapMs === 0 || config.heartbeatFactor === 0) return null;
  return lastReceivedMs + Math.max(leastAbsenceMs, config.heartbeatFactor * longestGapMs);
}

/** When a heartbeat is forgotten. */
export function heartbeatEndMs({ lastReceivedMs }: Pick<HeartbeatState, 'lastReceivedMs'>): number {
  return lastReceivedMs + heartbeatMemoryMs;
}

/** When the next revision is due. The first page waits for evidence within the hold budget; later ones keep a distance. */
export function publishDeadlineMs({ config }: { readonly config: CoreConfig }, incident: IncidentState): number {
  if (incident.revision > 0)
    return Math.max(incident.lastPublishedMs + config.flushIntervalMs, incident.dirtySinceMs + config.gatherMs);
  return incident.rounds > 0 || incident.status === 'resolved' ? 0 : incident.holdUntilMs;
}

/**
 * When a resolved incident is forgotten. What a rule held back is told at the end of its window, so it is kept as long after that. Null: it is
 * open.
 */
export function forgetDeadlineMs(
  { config }: { readonly config: CoreConfig },
  { resolvedAtMs, heldBack, triage }: Pick<IncidentState, 'resolvedAtMs' | 'heldBack' | 'triage'>,
): number | null {
  if (resolvedAtMs === null) return null;
  const wasHeld = triage?.reasons.some(({ code }) => code === 'was-held') === true;
  const toldMs = heldBack?.untilMs ?? (wasHeld ? triage.atMs : 0);
  return Math.max(resolvedAtMs, toldMs) + config.reopenMs;
}

function incidentDeadlineMs(state: ScopeState, incident: IncidentState): number | null {
  const query = incident.questionId === null ? undefined : state.queries.get(incident.questionId);
  const times = [
    incident.dirty ? publishDeadlineMs(state, incident) : null,
    incident.nextAskMs,
    query === undefined ? null : query.deadlineMs + queryGraceMs,
    forgetDeadlineMs(state, incident),
    incident.heldBack?.untilMs ?? null,
  ].filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** When the time to live of a record is over. */
function expiryMs(state: ScopeState, kind: string, id: string): number | null {
  const { config } = state;
  const change = kind === 'change' ? state.changes.get(id) : undefined;
  if (change !== undefined) return Math.max(change.startedAtMs, change.receivedAtMs) + config.changeMemoryMs + 1;
  const finding = kind === 'finding' ? state.findings.get(id) : undefined;
  if (finding !== undefined) return finding.endedAtMs === null ? null : finding.endedAtMs + config.changeMemoryMs + 1;
  const split = kind === 'split' ? state.splits.get(id) : undefined;
  if (split !== undefined) return split.atMs + config.splitMemoryMs + 1;
  const command = kind === 'command' ? state.commands.get(id) : undefined;
  return command === undefined ? null : command.atMs + commandMemoryMs + 1;
}

/** Sets the timer of one record by its key: after it changed, and after it was due. */
export function plan(state: ScopeState, key: string): void {
  const slash = key.indexOf('/');
  const kind = key.slice(0, slash);
  const id = key.slice(slash + 1);
  if (kind === 'alert') {
    const alert = state.alerts.get(id);
    state.timers.set(key, alert === undefined ? null : alertDeadlineMs(alert));
  } else if (kind === 'heartbeat') {
    const heartbeat = state.heartbeats.get(id);
    const dueMs = heartbeat === undefined ? null : (heartbeatDeadlineMs(state, heartbeat) ?? heartbeatEndMs(heartbeat));
    state.timers.set(key, dueMs);
  } else if (kind === 'incident') {
    const incident = state.incidents.get(id);
    state.timers.set(key, incident === undefined ? null : incidentDeadlineMs(state, incident));
  } else if (kind === 'change' || kind === 'finding' || kind === 'split' || kind === 'command')
    state.expiry.set(key, expiryMs(state, kind, id));
}

/** Sets all timers: after a load, and after the settings changed. */
export function planAll(state: ScopeState): void {
  for (const key of state.alerts.keys()) plan(state, `alert/${key}`);
  for (const key of state.heartbeats.keys()) plan(state, `heartbeat/${key}`);
  for (const id of state.incidents.keys()) plan(state, `incident/${id}`);
  for (const id of state.changes.keys()) plan(state, `change/${id}`);
  for (const id of state.findings.keys()) plan(state, `finding/${id}`);
  for (const id of state.splits.keys()) plan(state, `split/${id}`);
  for (const id of state.commands.keys()) plan(state, `command/${id}`);
}
