/** Plays one labelled case through the front door, one tenant a case, and waits for the settled revision. */
import type { FrontDoor } from '../play/front-door.ts';
import { type Case, readRequests } from './case.ts';

/** The part of an incident that the evaluation reads; the whole is the API's contract. */
export interface PlayedIncident {
  readonly id: string;
  readonly revision: number;
  readonly verdict: string;
  readonly evidenceState: string;
  readonly hypotheses: readonly {
    readonly probability: number;
    readonly cause: { readonly service: string; readonly kind: string; readonly instance: string };
  }[];
}

export interface Played {
  readonly case: string;
  readonly system: string;
  readonly incidentId: string | null;
  readonly verdict: string;
  /** Strictly falling by probability. */
  readonly hypotheses: readonly {
    readonly service: string;
    readonly kind: string;
    readonly instance: string;
    readonly probability: number;
  }[];
  /** From the posting of the alert to the first revision that names a cause; null when none came. */
  readonly firstHypothesisMs: number | null;
  readonly settledMs: number | null;
  readonly sendMs: number;
}

/** How long after the label's alert the play ends: what the README of the cases calls now. */
const tailMs = 60_000;
const pollMs = 100;

/** `patienceMs` bounds the wait for the settled revision. */
export async function playCase(subject: Case, door: FrontDoor, options: { patienceMs: number }): Promise<Played> {
  const startedAt = Date.now();
  const untilMs = subject.alertMs + tailMs;
  const shiftMs = startedAt - untilMs;
  if (subject.edges.length > 0)
    await door.post('/api/v1/graph', { source: 'declared', environment: 'default', edges: subject.edges });
  // The signals side by side, as the exporters of one system send them; each in its own order.
  await Promise.all(subject.files.map((file) => sendFile(file, door, { untilMs, shiftMs })));
  const postedAt = Date.now();
  await door.post('/ingest/alertmanager', movedAlert(subject, shiftMs));
  return {
    ...(await awaitResult(door, postedAt, options.patienceMs)),
    case: subject.name,
    system: subject.system,
    sendMs: postedAt - startedAt,
  };
}

async function sendFile(
  file: Case['files'][number],
  door: FrontDoor,
  cut: { untilMs: number; shiftMs: number },
): Promise<void> {
  for await (const request of readRequests(file.path, cut)) await door.sendTelemetry(file.signal, request);
}

function movedAlert(subject: Case, shiftMs: number): object {
  const alerts = subject.alert.alerts.map((alert) => ({
    ...alert,
    startsAt: new Date(Date.parse(String(alert['startsAt'])) + shiftMs).toISOString(),
  }));
  return { ...subject.alert, alerts };
}

async function awaitResult(
  door: FrontDoor,
  postedAt: number,
  patienceMs: number,
): Promise<Omit<Played, 'case' | 'system' | 'sendMs'>> {
  let incident: PlayedIncident | null = null;
  let firstHypothesisMs: number | null = null;
  let settledMs: number | null = null;
  while (Date.now() - postedAt < patienceMs && settledMs === null) {
    incident = await latestIncident(door);
    if (incident !== null && incident.hypotheses.length > 0) firstHypothesisMs ??= Date.now() - postedAt;
    if (incident?.evidenceState === 'settled') settledMs = Date.now() - postedAt;
    else await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return {
    incidentId: incident?.id ?? null,
    verdict: incident?.verdict ?? 'missing',
    hypotheses: causesOf(incident),
    firstHypothesisMs,
    settledMs,
  };
}

async function latestIncident(door: FrontDoor): Promise<PlayedIncident | null> {
  const { incidents } = await door.get<{ incidents?: readonly { id: string }[] }>('/api/v1/incidents');
  const id = incidents?.[0]?.id;
  return id === undefined ? null : door.get<PlayedIncident>(`/api/v1/incidents/${id}`);
}

function causesOf(incident: PlayedIncident | null): Played['hypotheses'] {
  return (incident?.hypotheses ?? []).map(({ cause, probability }) => ({ ...cause, probability }));
}
