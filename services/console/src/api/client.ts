/** Requests to the API the page came from. The token, where one is needed, lives as long as the browser tab. */
import type { ListIncidentAlertsResponse } from './types.generated.ts';
import type { Alert, Incident } from './types.ts';

const tokenKey = 'faultline-token';

/** An answer other than success, in the words of the server. */
export class ApiError extends Error {
  readonly httpStatus: number;

  constructor(httpStatus: number, message: string) {
    super(message);
    this.httpStatus = httpStatus;
  }
}

/** Keeps the token that a person gave. */
export function setToken(token: string): void {
  sessionStorage.setItem(tokenKey, token);
}

/** Headers that say who asks. */
export function authHeaders(): Record<string, string> {
  const token = sessionStorage.getItem(tokenKey);
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** Throws `ApiError` for an answer that is not a success. */
export async function requireOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const body = (await response.json().catch(() => ({}))) as { readonly message?: string };
  throw new ApiError(response.status, body.message ?? `the server answered ${response.status}`);
}

async function request<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = { ...authHeaders(), ...(init.body === undefined ? {} : { 'content-type': 'application/json' }) };
  const response = await requireOk(await fetch(`/api/v1${path}`, { ...init, headers }));
  return (await response.json()) as Answer;
}

/** One incident, also a past one. */
export function getIncident(id: string): Promise<Incident> {
  return request(`/incidents/${encodeURIComponent(id)}`);
}

export interface AlertPage extends ListIncidentAlertsResponse {
  readonly alerts: readonly Alert[];
}

/** A page of all alerts of an incident. */
export function listAlerts(id: string, pageToken: string): Promise<AlertPage> {
  return request(`/incidents/${encodeURIComponent(id)}/alerts?pageSize=200&pageToken=${encodeURIComponent(pageToken)}`);
}

export type CommandName = 'acknowledge' | 'resolve' | 'reopen' | 'notes';

/** Asks for an act on the incident as it stands at `revision`. */
export function sendCommand(
  incident: Pick<Incident, 'id'>,
  command: CommandName,
  fields: Readonly<Record<string, string | number>>,
): Promise<{ readonly state: 'done' | 'accepted' }> {
  const path = `/incidents/${encodeURIComponent(incident.id)}/${command}`;
  return request(path, { method: 'POST', body: JSON.stringify(fields) });
}
