/** How an incident reaches people: page, ticket or log entry, as in chapter 5 of Google's SRE Workbook. */
import { type Severity, severities } from './alert.ts';

/** In rising order. `log`: listed and counted, nobody is notified. `ticket`: work for the day. `page`: somebody is woken. */
export const triageLevels = ['log', 'ticket', 'page'] as const;
export type TriageLevel = (typeof triageLevels)[number];

/**
 * What telemetry shows of an incident, in rising order. `none`: nothing is unhealthy, and telemetry knows every service that alerts, or one
 * alert fires. `limited`: a service is unhealthy, but no path of users. `broad`: users notice, an error budget burns, or many services take part. `unknown`: telemetry cannot tell.
 */
export const impacts = ['none', 'limited', 'broad', 'unknown'] as const;
export type Impact = (typeof impacts)[number];

export const triageReasonCodes = [
  'severity',
  'user-facing',
  'slo-burn',
  'reach',
  'unhealthy',
  'several-alerts',
  'about-user-facing',
  'no-impact',
  'unread',
  'no-telemetry',
  'nothing-sent',
  'no-data',
  'merged',
  'held',
  'was-held',
  'standing',
] as const;
/**
 * Why an incident has its level. `detail` holds names or a number.
 * - `severity`: the severity alone pages; detail: the severity.
 * - `user-facing`: services that users call are unhealthy. `slo-burn`: an alert about an error budget. `reach`: number of services.
 * - `unhealthy`: services that are unhealthy. `several-alerts`: their number. `about-user-facing`: an alert names a service that users call.
 * - `no-impact`: nothing of all this.
 * - `unread`: telemetry was not read in full. `no-telemetry`: it knows nothing of what the alerts name.
 * - `nothing-sent`: there is no telemetry at all; detail: the environments. `no-data`: an alert says that data is missing.
 * - `merged`: an incident with this level was merged into this one.
 * - `held`: a rule of people holds the page back; detail: its name and owner. `was-held`: such a rule did so until now.
 * - `standing`: all alerts had fired for a long time when they were first heard of; detail: the hours since the newest of them began.
 */
export type TriageReasonCode = (typeof triageReasonCodes)[number];

export interface TriageReason {
  readonly code: TriageReasonCode;
  readonly detail: string;
}

/** The decision as the core keeps it. */
export interface TriageFacts {
  readonly level: TriageLevel;
  readonly impact: Impact;
  /** The severity at that time. */
  readonly severity: Severity;
  readonly reasons: readonly TriageReason[];
  /** When the level was reached. */
  readonly atMs: number;
}

/** The same with its reasons in words. */
export interface Triage extends TriageFacts {
  readonly text: string;
}

/** The level of every impact and severity. */
export type TriageMatrix = Readonly<Record<Impact, Readonly<Record<Severity, TriageLevel>>>>;

/** Whether `level` is higher than `than`; null is lower than all. */
export function isHigherLevel(level: TriageLevel, than: TriageLevel | null): boolean {
  return triageLevels.indexOf(level) > (than === null ? -1 : triageLevels.indexOf(than));
}

/** The level by which an incident is routed. Releases without triage paged every incident. */
export function triageLevelOf({ triage }: { readonly triage: Pick<Triage, 'level'> | null }): TriageLevel {
  return triage?.level ?? 'page';
}

/** Where a worse severity or a larger impact would have a lower level; null when the matrix only rises. */
export function triageMatrixFlaw(matrix: TriageMatrix): string | null {
  const rising = ['none', 'limited', 'broad'] as const;
  for (const [index, severity] of severities.entries()) {
    const milder = severities[index + 1];
    for (const impact of impacts)
      if (milder !== undefined && isHigherLevel(matrix[impact][milder], matrix[impact][severity]))
        return `${impact}.${severity} must not be lower than ${impact}.${milder}`;
    for (const [at, impact] of rising.entries()) {
      const smaller = rising[at - 1];
      if (smaller !== undefined && isHigherLevel(matrix[smaller][severity], matrix[impact][severity]))
        return `${impact}.${severity} must not be lower than ${smaller}.${severity}`;
    }
    if (isHigherLevel(matrix.none[severity], matrix.unknown[severity]))
      return `unknown.${severity} must not be lower than none.${severity}`;
  }
  return null;
}
