/** Requests to the API that served this page. An HttpOnly cookie holds the token, so that no script can read it. */

import type { AlertNames, WorkloadNames } from '../part/route.ts';
import { words } from '../words.ts';
import type {
  Ledger,
  ListDeadLettersResponse,
  ListIncidentAlertsResponse,
  ReplayDeadLettersResponse,
} from './types.generated.ts';
import type { Alert, AlertExplanation, Incident, Workload, WorkloadList } from './types.ts';

/** An answer other than success, with the server's message. Status 0: no answer at all. */
export class ApiError extends Error {
  readonly httpStatus: number;

  constructor(httpStatus: number, message: string) {
    super(message);
    this.httpStatus = httpStatus;
  }
}

/** Scripts cannot see the cookie. This mark says that there is one. */
const signedInKey = 'faultline-signed-in';

export function isSignedIn(): boolean {
  return localStorage.getItem(signedInKey) !== null;
}

/** Signs this device in. Throws `ApiError` 401 for a token that is not valid. */
export async function signIn(token: string): Promise<void> {
  await request('/session', { method: 'POST', body: JSON.stringify({ token }) });
  localStorage.setItem(signedInKey, 'yes');
}

/** Removes the cookie from this device. */
export async function signOut(): Promise<void> {
  await request('/session', { method: 'DELETE' });
  localStorage.removeItem(signedInKey);
}

/** Throws `ApiError` for an answer that is not a success. */
export async function requireOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const body = (await response.json().catch(() => ({}))) as { readonly message?: string };
  throw new ApiError(response.status, body.message ?? words.serverAnswered(response.status));
}

async function request<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = init.body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = fetch(`/api/v1${path}`, { ...init, headers }).catch(() => {
    throw new ApiError(0, words.unreachable);
  });
  return (await (await requireOk(await sent)).json()) as Answer;
}

/** A source as ingest declares it. */
export interface CatalogueEntry {
  readonly name: string;
  readonly title: string;
  readonly kinds: readonly string[];
  readonly paths: readonly string[];
  readonly summary: string;
  readonly setup: readonly string[];
  readonly snippet: string;
  /** JSONata; empty for sources with code of their own. */
  readonly expression: string;
}

export interface Catalogue {
  readonly sources: readonly CatalogueEntry[];
  readonly keepsPayloads: boolean;
}

/** The sources that there are. Ingest answers: where it runs apart, the address of the console must lead there, too. */
export function getCatalogue(): Promise<Catalogue> {
  return request('/sources');
}

export function getLedger(): Promise<Ledger> {
  return request('/ledger');
}

/** The newest refusals. Needs an administrator. */
export function listRefusals(): Promise<ListDeadLettersResponse> {
  return request('/dead-letters?pageSize=200');
}

/** Sends refused bodies again. Needs an administrator. */
export function replayRefusals(ids: readonly string[]): Promise<ReplayDeadLettersResponse> {
  return request('/dead-letters/replay', { method: 'POST', body: JSON.stringify({ ids }) });
}

export interface SentTest {
  /** The service that the test is about. */
  readonly service: string;
  readonly door: string;
}

/** Sends a test alert through the door of the source `json`. */
export function sendTest(): Promise<SentTest> {
  return request('/sources/test', { method: 'POST' });
}

/** The newest incidents, for the way of a test. */
export function listIncidents(): Promise<{ readonly incidents: readonly Incident[] }> {
  return request('/incidents?pageSize=50');
}

export interface KeptPayload {
  readonly id: string;
  readonly receivedAt: string;
  readonly outcome: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function listPayloads(source: string): Promise<{ readonly payloads: readonly KeptPayload[] }> {
  return request(`/sources/payloads?source=${encodeURIComponent(source)}`);
}

export interface Trial {
  readonly source: string;
  /** Null: the mapping of the source. */
  readonly expression: string | null;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TrialResult {
  readonly ok: boolean;
  readonly problem: string;
  readonly items: readonly {
    readonly type: string;
    readonly title: string;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly notes: readonly string[];
  readonly refused: readonly string[];
  readonly missingHeaders: readonly string[];
}

/** What a body would become. Nothing is stored. */
export function tryMapping(trial: Trial): Promise<TrialResult> {
  return request('/sources/try-mapping', { method: 'POST', body: JSON.stringify(trial) });
}

/** One incident, open or past. */
export function getIncident(id: string): Promise<Incident> {
  return request(`/incidents/${encodeURIComponent(id)}`);
}

export interface AlertPage extends ListIncidentAlertsResponse {
  readonly alerts: readonly Alert[];
}

/** One page of all alerts of an incident. An empty token asks for the first page. */
export function listAlerts(id: string, pageToken: string): Promise<AlertPage> {
  return request(`/incidents/${encodeURIComponent(id)}/alerts?pageSize=200&pageToken=${encodeURIComponent(pageToken)}`);
}

/** Why one alert was paged or not. */
export function explainAlert({ source, fingerprint }: AlertNames, signal: AbortSignal): Promise<AlertExplanation> {
  return request(`/alerts/explain?${new URLSearchParams({ source, fingerprint })}`, { signal });
}

/** The first workloads that match: those with faults first. */
export function listWorkloads(search: string, signal: AbortSignal): Promise<WorkloadList> {
  return request(`/workloads?pageSize=100&search=${encodeURIComponent(search)}`, { signal });
}

/** One workload. */
export function getWorkload({ cluster, namespace, kind, name }: WorkloadNames, signal: AbortSignal): Promise<Workload> {
  const path = `/workloads/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
  return request(`${path}?${new URLSearchParams({ cluster, kind })}`, { signal });
}

export interface DriftAcceptance {
  readonly reason: string;
  /** A time of ISO 8601. The difference is open again from then on. */
  readonly until: string;
  /** The person. Empty: the role of the token. */
  readonly actor: string;
}

/** Accepts a difference for a while. Needs a responder. */
export function acceptDrift(id: string, acceptance: DriftAcceptance): Promise<{ readonly state: string }> {
  return request(`/drift/${encodeURIComponent(id)}/accept`, { method: 'POST', body: JSON.stringify(acceptance) });
}

export type CommandName =
  | 'acknowledge'
  | 'resolve'
  | 'reopen'
  | 'reject-cause'
  | 'restore-cause'
  | 'notes'
  | 'remediations';

/** Sends a command. `done`: its effect is visible. `accepted`: the effect follows. */
export function sendCommand(
  incident: Pick<Incident, 'id'>,
  command: CommandName,
  fields: Readonly<Record<string, string | number | boolean>>,
): Promise<{ readonly state: 'done' | 'accepted' }> {
  const path = `/incidents/${encodeURIComponent(incident.id)}/${command}`;
  return request(path, { method: 'POST', body: JSON.stringify(fields) });
}
