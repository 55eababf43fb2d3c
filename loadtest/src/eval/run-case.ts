/** Plays one case through the front door, one tenant a case, and waits until every incident of it has settled. */
import type { FrontDoor } from '../client/client.ts';
import type { Playable } from '../case/evaluation-case.ts';
import { type IncidentJson, type Said, saidBy } from './prediction.ts';

export interface Played {
  readonly case: string;
  readonly system: string;
  readonly shiftMs: number;
  /** Any incident of the case; null when none came. */
  readonly incidentId: string | null;
  /** In the order in which they opened. */
  readonly incidents: readonly Said[];
  /** From the posting of the first alert to the first revision that names a cause; null when none came. */
  readonly firstHypothesisMs: number | null;
  readonly settledMs: number | null;
  readonly sendMs: number;
}

const pollMs = 100;

/** `patienceMs` bounds the wait for the settled revisions. */
export async function playCase(subject: Playable, door: FrontDoor, options: { patienceMs: number }): Promise<Played> {
  const startedAt = Date.now();
  const shiftMs = startedAt - subject.untilMs;
  if (subject.edges.length > 0)
    await door.post('/api/v1/graph', { source: 'declared', environment: 'default', edges: subject.edges });
  for (const { path, body, contentType } of subject.changes(shiftMs)) await door.post(path, body, contentType);
  // The signals side by side, as the exporters of one system send them; each in its own order.
  await Promise.all(subject.streams(shiftMs).map((stream) => sendStream(stream, door)));
  const postedAt = Date.now();
  for (const body of subject.alerts(shiftMs)) await door.post('/ingest/alertmanager', body);
  const { incidents, ...times } = await awaitResult(door, postedAt, options.patienceMs);
  return {
    ...times,
    case: subject.name,
    system: subject.system,
    shiftMs,
    incidentId: incidents[0]?.id ?? null,
    incidents: incidents.map((incident) => saidBy(incident, shiftMs)),
    sendMs: postedAt - startedAt,
  };
}

async function sendStream(stream: ReturnType<Playable['streams']>[number], door: FrontDoor): Promise<void> {
  for await (const request of stream.requests) await door.sendTelemetry(stream.signal, request);
}

interface Result extends Pick<Played, 'firstHypothesisMs' | 'settledMs'> {
  readonly incidents: readonly IncidentJson[];
}

async function awaitResult(door: FrontDoor, postedAt: number, patienceMs: number): Promise<Result> {
  let incidents: readonly IncidentJson[] = [];
  let firstHypothesisMs: number | null = null;
  while (Date.now() - postedAt < patienceMs) {
    incidents = await openIncidents(door);
    const passedMs = Date.now() - postedAt;
    if (incidents.some(({ hypotheses }) => hypotheses.length > 0)) firstHypothesisMs ??= passedMs;
    if (incidents.length > 0 && incidents.every(({ evidenceState }) => evidenceState === 'settled'))
      return { incidents, firstHypothesisMs, settledMs: passedMs };
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return { incidents, firstHypothesisMs, settledMs: null };
}

async function openIncidents(door: FrontDoor): Promise<readonly IncidentJson[]> {
  const { incidents = [] } = await door.get<{ incidents?: readonly { id: string }[] }>('/api/v1/incidents');
  const all = await Promise.all(incidents.map(({ id }) => door.get<IncidentJson>(`/api/v1/incidents/${id}`)));
  return all
    .filter(({ status }) => status !== 'resolved')
    .sort((a, b) => (a.startedAt < b.startedAt || (a.startedAt === b.startedAt && a.id < b.id) ? -1 : 1));
}
