/** Runs one case against a running Faultline in a tenant of its own, and waits until its incidents have settled. */

import type { EvaluationCase, SentRequest } from '../case/evaluation-case.ts';
import type { FaultlineClient } from '../client/client.ts';
import { type IncidentJson, type Prediction, predictionOf } from './prediction.ts';

export interface CaseRun {
  readonly case: string;
  readonly system: string;
  readonly shiftMs: number;
  /** Any incident of the case. Null without one. */
  readonly incidentId: string | null;
  /** In the order in which they opened. */
  readonly incidents: readonly Prediction[];
  /** From posting the first alert to the first revision with a hypothesis. Null when none came. */
  readonly firstHypothesisMs: number | null;
  readonly settledMs: number | null;
  readonly sendMs: number;
}

const pollMs = 100;
/**
 * An incident that alerts joined is read again this long after, and stays settled until then. The runner waits longer, so that the last
 * ranking knows all alerts. `freshAskMs` is the setting `correlator.freshAskMs`.
 */
export const freshAskMs = 3_000;
const unchangedMs = freshAskMs + 5_000;

/** Waits at most `settleTimeoutMs` for the settled revisions. */
export async function runCase(
  subject: EvaluationCase,
  client: FaultlineClient,
  options: { settleTimeoutMs: number },
): Promise<CaseRun> {
  const startedAt = Date.now();
  const shiftMs = startedAt - subject.untilMs;
  if (subject.edges.length > 0)
    await client.post('/api/v1/graph', { source: 'declared', environment: 'default', edges: subject.edges });
  await sendAll(subject.changes(shiftMs), client);
  // Signals are sent in parallel, as exporters do. Each keeps its own order.
  await Promise.all(subject.streams(shiftMs).map((stream) => sendStream(stream, client)));
  const postedAt = Date.now();
  await sendAll(subject.alerts(shiftMs), client);
  await sendAll(subject.lateChanges(shiftMs), client);
  const { incidents, ...times } = await awaitResult(client, postedAt, options.settleTimeoutMs);
  return {
    ...times,
    case: subject.name,
    system: subject.system,
    shiftMs,
    incidentId: incidents[0]?.id ?? null,
    incidents: incidents.map((incident) => predictionOf(incident, shiftMs)),
    sendMs: postedAt - startedAt,
  };
}

async function sendAll(requests: readonly SentRequest[], client: FaultlineClient): Promise<void> {
  for (const { path, body, contentType } of requests) await client.post(path, body, contentType);
}

async function sendStream(
  stream: ReturnType<EvaluationCase['streams']>[number],
  client: FaultlineClient,
): Promise<void> {
  for await (const request of stream.requests) await client.sendTelemetry(stream.signal, request);
}

interface Result extends Pick<CaseRun, 'firstHypothesisMs' | 'settledMs'> {
  readonly incidents: readonly IncidentJson[];
}

async function awaitResult(client: FaultlineClient, postedAt: number, settleTimeoutMs: number): Promise<Result> {
  let incidents: readonly IncidentJson[] = [];
  let firstHypothesisMs: number | null = null;
  let members = { text: '', sincePassedMs: 0 };
  while (Date.now() - postedAt < settleTimeoutMs) {
    incidents = await openIncidents(client);
    const passedMs = Date.now() - postedAt;
    if (incidents.some(({ hypotheses }) => hypotheses.length > 0)) firstHypothesisMs ??= passedMs;
    const text = incidents.map(({ id, alertCount }) => `${id} ${alertCount}`).join('\n');
    if (text !== members.text) members = { text, sincePassedMs: passedMs };
    const isUnchanged = passedMs - members.sincePassedMs >= unchangedMs;
    if (isUnchanged && incidents.length > 0 && incidents.every(({ evidenceState }) => evidenceState === 'settled'))
      return { incidents, firstHypothesisMs, settledMs: passedMs };
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return { incidents, firstHypothesisMs, settledMs: null };
}

async function openIncidents(client: FaultlineClient): Promise<readonly IncidentJson[]> {
  const { incidents = [] } = await client.get<{ incidents?: readonly { id: string }[] }>('/api/v1/incidents');
  const all = await Promise.all(incidents.map(({ id }) => client.get<IncidentJson>(`/api/v1/incidents/${id}`)));
  return all
    .filter(({ status }) => status !== 'resolved')
    .sort((a, b) => (a.startedAt < b.startedAt || (a.startedAt === b.startedAt && a.id < b.id) ? -1 : 1));
}
