/** The first line of a page: severity, what, where, likely cause. A phone's notification shows little else. */
import { type Hypothesis, type Incident, type IncidentAlert, severities } from '@faultline/model';
import { oneLine } from './format.ts';
import { alertsText, blameText, environmentsText, isFlood, tagOf, timeText } from './words.ts';

/** A notification on a phone shows about this much. */
export const headlineChars = 100;

/** Longest name in the headline. The next smaller limit applies while the line is too long. */
const nameLimits = [40, 28, 22, 16, 12];

/** `CRIT checkout HighLatency x40 (prod): likely orders-db, slow since 14:01 UTC`. `best` is null where no cause is identified. */
export function headlineOf(incident: Incident, best: Hypothesis | null, timeZone: string): string {
  if (isFlood(incident)) return floodHeadline(incident, timeZone);
  const lines = nameLimits.map((maxChars) => fitted(incident, best, { timeZone, maxChars }));
  return lines.find((line) => [...line].length <= headlineChars) ?? oneLine(lines.at(-1) ?? '', headlineChars);
}

/** The title counts alerts and services, and says that nothing connects them. The environment is named where it has room. */
function floodHeadline(incident: Incident, timeZone: string): string {
  const environments = environmentsText(incident);
  const lines = [environments === '' ? '' : ` (${environments})`, ''].map((where) =>
    oneLine(`${tagOf(incident)} ${incident.title}${where}, ${timeText(incident, null, timeZone)}`, 1000),
  );
  return lines.find((line) => [...line].length <= headlineChars) ?? oneLine(lines.at(-1) ?? '', headlineChars);
}

interface Fit {
  readonly timeZone: string;
  readonly maxChars: number;
}

function fitted(incident: Incident, best: Hypothesis | null, { timeZone, maxChars }: Fit): string {
  const name = (text: string) => oneLine(text, maxChars);
  const environments = environmentsText(incident);
  const where = environments === '' ? '' : ` (${name(environments)})`;
  const subject = `${tagOf(incident)} ${whatOf(incident, best, name)}${where}`;
  const blamed = best === null ? null : { ...best, cause: { ...best.cause, service: name(best.cause.service) } };
  const separator = blamed === null || incident.status === 'resolved' ? ',' : '';
  return oneLine(
    `${subject}: ${blameText(incident, blamed)}${separator} ${timeText(incident, best?.sinceMs ?? null, timeZone)}`,
    1000,
  );
}

/** The service that users notice and its alerts: `checkout HighLatency x40`. */
function whatOf(incident: Incident, best: Hypothesis | null, name: (text: string) => string): string {
  const { alerts, alertCount: count } = incident;
  const shown = worstAlert(incident, best);
  if (shown === undefined) return name(incident.title);
  const sameName = alerts.every((alert) => alert.name === shown.name);
  const service = serviceOf(shown, best);
  const what = alertsText({ name: name(shown.name), count, sameName });
  return service === '' ? what : `${name(service)} ${what}`;
}

/**
 * The worst alert that fires. Among equals: the one where users notice the cause, then one about a service, since people know services, then
 * the newest.
 */
function worstAlert({ alerts }: Incident, best: Hypothesis | null): IncidentAlert | undefined {
  const worst = worstOf(alerts.filter(({ status }) => status === 'firing')) ?? worstOf(alerts) ?? [];
  const noticed = `${servicePrefix}${best?.path.at(-1) ?? ''}`;
  return (
    newest(worst.filter(({ entity }) => entity === noticed)) ??
    newest(worst.filter(({ entity }) => entity.startsWith(servicePrefix))) ??
    newest(worst)
  );
}

/** The alerts of the worst severity that there is. */
function worstOf(alerts: Incident['alerts']): Incident['alerts'] | undefined {
  return severities
    .map((severity) => alerts.filter((alert) => alert.severity === severity))
    .find(({ length }) => length > 0);
}

/** The first of those that began last. */
function newest(alerts: Incident['alerts']): IncidentAlert | undefined {
  const lastStartMs = Math.max(...alerts.map(({ startsAtMs }) => startsAtMs));
  return alerts.find(({ startsAtMs }) => startsAtMs === lastStartMs);
}

/** The service of the alert. An alert about something else is told by the service where users notice the cause. */
function serviceOf({ entity }: IncidentAlert, best: Hypothesis | null): string {
  const name = entity.slice(entity.indexOf(':') + 1);
  return entity.startsWith(servicePrefix) ? name : (best?.path.at(-1) ?? name);
}

const servicePrefix = 'service:';
