/** Every text of a page. The other modules of this folder choose the facts; this one words them. */
import {
  type CommitReason,
  causeWords,
  environmentText,
  faultText,
  type Hypothesis,
  hasNoTelemetry,
  type Incident,
  type JudgedChange,
  maxConcurrent,
  type ObjectFault,
  type PastRemediation,
  remediationText,
  type Severity,
  type SimilarIncident,
  testEnvironment,
  unnamedEnvironment,
  unowned,
} from '@faultline/model';
import type { OnCallContext, RuleContext } from './context.ts';
import { clockTime, counted, dateText, duration, listed, momentTime, oneLine, percent } from './format.ts';

const severityTags: Readonly<Record<Severity, string>> = {
  critical: 'CRIT',
  error: 'ERROR',
  warning: 'WARN',
  info: 'INFO',
};

/** The first word of a page: `CRIT`, `CRIT acknowledged` or `RESOLVED`. */
export function tagOf(incident: Pick<Incident, 'status' | 'severity' | 'environments'>): string {
  const { status, severity } = incident;
  const test = isTest(incident) ? 'TEST ' : '';
  if (status === 'resolved') return `${test}RESOLVED`;
  return `${test}${severityTags[severity]}${status === 'acknowledged' ? ' acknowledged' : ''}`;
}

/** What also concerns another environment is no test, such as a real incident that a test was merged into. */
export function isTest({ environments }: Pick<Incident, 'environments'>): boolean {
  return environments.length > 0 && environments.every((environment) => environment === testEnvironment);
}

/** The environments that an incident is in. What older releases wrote names one in its scope. */
export function environmentsOf({ environments, scope }: Pick<Incident, 'environments' | 'scope'>): readonly string[] {
  const known = environments.length > 0 ? environments : [scope.environment];
  return known.filter((environment) => environment !== '' && environment !== unnamedEnvironment);
}

/** `production`, `eu, us`, or `eu, us and 2 more`. Empty when none is known. */
export function environmentsText(incident: Pick<Incident, 'environments' | 'scope'>): string {
  return listed(environmentsOf(incident), 2);
}

/** `HighLatency x40` for alerts of one name, else `HighLatency and 39 more`. */
export function alertsText({ name, count, sameName }: { name: string; count: number; sameName: boolean }): string {
  if (count <= 1) return name;
  return sameName ? `${name} x${count}` : `${name} and ${count - 1} more`;
}

/** `orders-db, slow` */
export function causeText({ cause: { service, kind } }: Pick<Hypothesis, 'cause'>): string {
  return `${service}, ${causeWords[kind]}`;
}

/** `82 %`, or who pinned or refused the cause: a person's word has no probability. */
export function certaintyText(hypothesis: Hypothesis): string {
  return (pinOf(hypothesis) ?? rejectionOf(hypothesis))?.summary ?? percent(hypothesis.probability);
}

/** Somebody said that it is not the cause. */
export function isRejected(hypothesis: Hypothesis): boolean {
  return rejectionOf(hypothesis) !== undefined;
}

function rejectionOf({ evidence }: Hypothesis): Hypothesis['evidence'][number] | undefined {
  return evidence.find(({ kind }) => kind === 'rejected');
}

function pinOf({ evidence }: Hypothesis): Hypothesis['evidence'][number] | undefined {
  return evidence.find(({ kind }) => kind === 'pinned');
}

/** What the headline says of the cause. `best` is null where no cause is identified. */
export function blameText(incident: Incident, best: Hypothesis | null): string {
  const { status, evidenceState } = incident;
  if (best === null) {
    if (status === 'resolved') return 'cause not identified';
    return evidenceState === 'pending' ? 'cause not known yet' : 'cause unclear';
  }
  if (status === 'resolved') return `was ${causeText(best)}`;
  return `${pinOf(best) === undefined ? 'likely' : 'pinned'} ${causeText(best)}`;
}

/** `since 14:01 UTC`, or `14:02 UTC, for 29 min` once resolved. */
export function timeText(incident: Incident, sinceMs: number | null, timeZone: string): string {
  const { status, startedAtMs, detectedAtMs, resolvedAtMs, updatedAtMs } = incident;
  // The same start before and after, or people look for a second incident.
  const beganMs = sinceMs ?? startedAtMs;
  if (status !== 'resolved') return `since ${momentTime(beganMs, detectedAtMs, timeZone)}`;
  return `${momentTime(beganMs, detectedAtMs, timeZone)}, for ${duration(beganMs, resolvedAtMs ?? updatedAtMs)}`;
}

/** The line that names the cause. `isIdentified` is false for a best guess. */
export function causeLine(
  incident: Incident,
  best: Hypothesis | undefined,
  { isIdentified, timeZone }: { isIdentified: boolean; timeZone: string },
): string {
  if (isFlood(incident)) return 'Cause: not known, nothing known connects these alerts';
  // Without telemetry a guess rests on alert names alone, and reads like a finding.
  if (!isIdentified && incident.evidenceState === 'pending')
    return isUnread(incident) ? `Cause: not known, ${unreadText(incident.evidenceRetry, timeZone)}` : notReadYet;
  const subject = subjectText(incident);
  if (subject !== null) return `Cause: not known, ${subject}`;
  if (best === undefined && hasNoTelemetry(incident.missing)) return `Cause: not known, ${noTelemetryText(incident)}`;
  if (best === undefined)
    return incident.evidenceState === 'provisional'
      ? 'Cause: not known yet, telemetry is still arriving'
      : 'Cause: unclear, nothing stands out in the evidence';
  const { service, instance, kind } = best.cause;
  if (best.fault) return faultLine(best.fault, certaintyText(best), isIdentified);
  const where = instance === '' ? service : `${service} on ${instance}`;
  const since = best.sinceMs === null ? '' : ` since ${momentTime(best.sinceMs, incident.detectedAtMs, timeZone)}`;
  const text = `${where}, ${causeWords[kind]}${since} (${certaintyText(best)})`;
  return isIdentified ? `Cause: ${text}` : `Cause: unclear, best guess ${text}`;
}

/** `Cause: Deployment shop/pay: env DB_URL refers to ..., since 12:03 UTC, when alice changed Secret pay-db (96 %)` */
function faultLine(fault: ObjectFault, certainty: string, isIdentified: boolean): string {
  const text = `${faultText(fault)} (${certainty})`;
  return isIdentified ? `Cause: ${text}` : `Cause: unclear, best guess ${text}`;
}

/** Too many incidents opened at once, so that alerts which nothing connects share one. */
export function isFlood({ missing }: Pick<Incident, 'missing'>): boolean {
  return missing.some(({ code }) => code === 'flood');
}

const notReadYet = 'Cause: not known yet, reading the telemetry';

function isUnread({ missing }: Incident): boolean {
  return missing.some(({ part }) => part === 'store');
}

/** `evidence could not be read since 14:02 UTC, next try within 8 s` */
function unreadText(retry: Incident['evidenceRetry'], timeZone: string): string {
  const since = retry === null ? '' : ` since ${clockTime(retry.sinceMs, timeZone)}`;
  return `evidence could not be read${since}${nextTryText(retry)}`;
}

function nextTryText(retry: Incident['evidenceRetry']): string {
  return retry === null ? '' : `, next try within ${Math.ceil(retry.withinMs / 1000)} s`;
}

/** Why nothing but the time connects telemetry with the alerts; null when something does. */
function subjectText({ missing }: Incident): string | null {
  const gap = missing.find(({ code }) => code === 'no-subject' || code === 'unknown-subject');
  if (gap === undefined) return null;
  return gap.code === 'no-subject' ? 'the alert names no service' : `telemetry knows nothing of ${gap.detail}`;
}

/** `no telemetry comes from production` */
function noTelemetryText(incident: Incident): string {
  const from = environmentsText(incident);
  return from === '' ? 'no telemetry was read' : `no telemetry comes from ${from}`;
}

/** Shows both ends of a long path. */
export function pathLine(services: readonly string[], mostShown: number): string {
  if (services.length < 2) return '';
  const shown =
    services.length <= mostShown
      ? services
      : [...services.slice(0, 2), `${services.length - 4} more`, ...services.slice(-2)];
  return `Path: ${shown.join(' → ')}`;
}

export function againstLine(summary: string): string {
  return `Against: ${summary}`;
}

/** `Change: deploy "orders v42" by alice at 13:58 UTC, 3 min before it began` */
export function changeLine(incident: Incident, { kind, summary, actor, startedAtMs }: JudgedChange, timeZone: string) {
  const by = actor === '' ? '' : ` by ${oneLine(actor, 20)}`;
  const when = `${momentTime(startedAtMs, incident.detectedAtMs, timeZone)}, ${relativeTime(incident, startedAtMs)}`;
  return `Change: ${kind} "${oneLine(summary, 40)}"${by} at ${when}`;
}

/** Commit, message, author, and the path that touches what fails: suspected, while no cause is identified. Null: no commit does. */
export function commitReason(change: JudgedChange | undefined, isIdentified: boolean): string | null {
  const marked = change?.commits?.find(({ touches }) => touches.length > 0);
  const touch = marked?.touches[0];
  if (marked === undefined || touch === undefined) return null;
  const by = marked.author === '' ? '' : ` by ${oneLine(marked.author, 20)}`;
  const what = `${oneLine(touch.by, 40)} touches ${touchWords[touch.reason]}`;
  return `${isIdentified ? '' : 'suspected '}commit ${marked.id.slice(0, 7)} "${oneLine(marked.message, 30)}"${by}: ${what}`;
}

const touchWords: Readonly<Record<CommitReason, string>> = {
  operation: 'the failing operation',
  log: 'the failing log line',
  setting: 'the setting at fault',
  migration: 'the failing table',
};

/** Why nothing more is said of a change near the alerts, and how many more there are. */
export function unjudgedReason({ reason }: JudgedChange, more: number): string {
  return more === 0 ? reason : `${reason}; ${counted(more, 'other recent change')}`;
}

/** Empty without any change. */
export function unsuspectedLine(changes: number): string {
  if (changes === 0) return '';
  return changes === 1 ? 'Change: 1 recent change, not suspected' : `Change: ${changes} recent changes, none suspected`;
}

/** Relative to the start that the cause line gives. Without one, relative to the first alert. */
function relativeTime({ hypotheses, startedAtMs: alertMs }: Incident, atMs: number): string {
  const sinceMs = hypotheses[0]?.sinceMs ?? null;
  const beganMs = sinceMs ?? alertMs;
  const event = sinceMs === null ? 'the first alert' : 'it began';
  if (atMs === beganMs) return sinceMs === null ? 'with the first alert' : 'just as it began';
  return atMs < beganMs ? `${duration(atMs, beganMs)} before ${event}` : `${duration(beganMs, atMs)} after ${event}`;
}

export function impactLine({ alertCount, firingCount, concurrent }: Incident, services: readonly string[]): string {
  const affected = services.length === 0 ? '' : `; affected: ${listed(services, 5)}`;
  const others = concurrent.count === 0 ? '' : `; ${othersText(concurrent.count)} began then, not connected`;
  return `Impact: ${counted(alertCount, 'alert')} (${firingCount} firing)${others}${affected}`;
}

/** They are counted up to a limit. */
function othersText(count: number): string {
  return count < maxConcurrent ? counted(count, 'other incident') : `${maxConcurrent} or more other incidents`;
}

/** `mira: not accounts-db`. Empty where nobody refused a cause. */
export function rejectionsLine({ rejectedCauses }: Pick<Incident, 'rejectedCauses'>): string {
  return rejectedCauses.map(({ actor, service }) => `${actor}: not ${service}`).join('; ');
}

/** `Paged: severity critical`, `Ticket: 2 alerts`. Empty for what an older release wrote. */
export function triageLine({ triage }: Pick<Incident, 'triage'>): string {
  return triage === null ? '' : triage.text.charAt(0).toUpperCase() + triage.text.slice(1);
}

/** Empty where the alerts name the environment that was read. */
export function environmentLine({ environmentReading: reading }: Incident): string {
  return reading === null ? '' : environmentText(reading);
}

export function alternativesLine(others: readonly Hypothesis[]): string {
  const shown = others.map((other) => `${causeText(other)} (${certaintyText(other)})`);
  return shown.length === 0 ? '' : `Or: ${shown.join('; ')}`;
}

/** How the counter-check of the likely cause went. */
export function checkLine({ test, result }: Hypothesis['refutation']): string {
  if (test === '') return '';
  return result === '' ? `Not checked: ${test}` : `Checked: ${test} → ${result}`;
}

/** `Last time (3 Nov): rolled back orders v42, recovered after 6 min; restarted orders did not help` */
export function pastLine(similar: SimilarIncident, nowMs: number, timeZone: string): string {
  const { remediations = [], resolvedAtMs = null, cause, resolution, minutesToRecovery } = similar;
  const when = resolvedAtMs === null ? '' : ` (${dateText(resolvedAtMs, nowMs, timeZone)})`;
  const worked = remediations.find((one) => one.worked);
  const failed = remediations.find((one) => !one.worked);
  const total = Math.round(minutesToRecovery);
  const ended = resolution === '' ? 'resolution not recorded' : resolution;
  const how =
    worked === undefined
      ? `${cause === '' ? '' : `${cause}; `}${ended} (${total} min to recovery)`
      : pastRemediationText(worked, total);
  return `Last time${when}: ${how}${failed === undefined ? '' : `; ${remediationText(failed)} did not help`}`;
}

/** Nobody confirmed that a change helped. */
function pastRemediationText(worked: PastRemediation, totalMinutes: number): string {
  const { kind, minutes } = worked;
  const text = oneLine(remediationText(worked), 50);
  if (kind === 'false-alarm') return text;
  if (kind === 'change') return `recovered ${minutes === null ? '' : `${minutes} min `}after "${text}"`;
  return minutes === null ? `${text} (${totalMinutes} min to recovery)` : `${text}, recovered after ${minutes} min`;
}

/** What people say worked. Empty: nobody said. */
export function fixLine({ remediations = [] }: Pick<Incident, 'remediations'>): string {
  const worked = remediations.findLast(({ worked: helped, actor }) => helped && actor !== '');
  return worked === undefined ? '' : `Fixed: ${remediationText(worked)} (${worked.actor})`;
}

/** Without an owner, `why` says so. The operators read in the documentation how to add one: people on call cannot. */
export function ownerTexts(owners: Incident['owners']): readonly string[] {
  return owners.map(({ team, contact, why }) => (team === unowned ? why : `${team} ${contact} (${why})`));
}

/** `On call: mira`, `On call: bob, as mira did not acknowledge within 10 min`. `people`: those that are shown. */
export function onCallLine(
  { step, people: all, earlier, afterMs }: OnCallContext,
  people: readonly { readonly team: string }[],
): string {
  const names = people.map(({ team }) => team).join(', ') || 'nobody is known';
  const more = all.length > people.length ? ` and ${all.length - people.length} more` : '';
  const who =
    listed(
      earlier.map(({ name }) => name),
      2,
    ) || 'nobody';
  const verb = earlier.length === 0 ? 'acknowledged' : 'did not acknowledge';
  const why = step === 0 ? '' : `, as ${who} ${verb} within ${Math.round(afterMs / 60_000)} min`;
  return `On call: ${names}${more}${why}`;
}

/** `Went to night-desk by the rule quiet hours (owner shop)`. Empty without a rule. */
export function routingLine(rule: RuleContext | null): string {
  if (rule === null) return '';
  const verb = rule.mode === 'also' ? 'Goes also to' : rule.isOver ? 'Went first to' : 'Goes to';
  return `${verb} ${rule.channels.join(', ')} by the rule ${rule.name} (owner ${rule.owner})`;
}

const evidenceStates = { pending: 'telemetry not read yet', provisional: 'still arriving', settled: '' };

export function evidenceLine(incident: Incident, timeZone: string): string {
  const { evidenceState, missingEvidence, evidenceRetry } = incident;
  if (isFlood(incident)) return missingEvidence.join('; ');
  if (isUnread(incident))
    return `Evidence: ${evidenceState === 'pending' ? '' : 'old, '}${unreadText(evidenceRetry, timeZone)}`;
  const missing =
    missingEvidence.length === 0 ? '' : `missing: ${listed(missingEvidence, 3)}${nextTryText(evidenceRetry)}`;
  const parts = [evidenceStates[evidenceState], missing].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Evidence: ${parts.join('; ')}`;
}

export const rawFooter = 'This page could not be rendered in full. Open the incident to see all of it.';
export const openLinkText = 'Open the incident';
export const repeatText = 'This page may be a repeat: the answer to the first try was lost.';

/** Texts of the replies in a page's thread. */
export const noteTexts = {
  acknowledged: 'Acknowledged',
  causeWithdrawn: 'The cause is unclear again',
  escalated: 'Nobody acknowledged',
} as const;
