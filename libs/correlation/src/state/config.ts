/** The settings of the core. They reach it as a journaled input, so that a replay decides by the same ones. */
import type { CauseKind, Severity, TriageLevel, TriageMatrix } from '@faultline/model';

/** Which alerts a rule matches: every label must have its value. `alertname`, `source` and entity kinds count as labels. */
export type LabelMatch = Readonly<Record<string, string>>;

/** Alerts that must not page: known noise, or a maintenance window. The ledger counts them as suppressed. */
export interface SuppressRule {
  readonly name: string;
  readonly match: LabelMatch;
  /** Event time of the alert's start, from inclusive to exclusive. Null: no limit. */
  readonly fromMs: number | null;
  readonly untilMs: number | null;
}

/** Who owns what, and where the runbook is. For each service, the first match with a team names the owner. */
export interface CatalogueRule {
  readonly match: LabelMatch;
  readonly team: string;
  readonly contact: string;
  readonly runbookTitle: string;
  readonly runbookUrl: string;
  /** The runbook counts only where the service is the likely cause with this kind of fault. Empty or left out: always. */
  readonly causeKind?: CauseKind | '';
}

/** By what triage decides whether an incident is a page, a ticket or a log entry. */
export interface TriageConfig {
  readonly levels: TriageMatrix;
  /** This many services that alert or are unhealthy count as a broad impact. */
  readonly wideReachServices: number;
  /** Services that users call. Empty: those at which calls enter the known call graph. */
  readonly userFacing: readonly string[];
  /** An alert with one of these labels is about an error budget. */
  readonly sloLabels: readonly string[];
  /** Alerts that had fired for this long when they were first heard of page only where harm is seen. 0: they page as others do. */
  readonly standingAfterMs: number;
}

/** A rule of people that holds pages back for a time: a maintenance window or quiet hours. It overrides what triage decides. */
export interface OverrideRule {
  readonly name: string;
  /** The team that answers for the rule. */
  readonly owner: string;
  /** Every alert of an incident must match. */
  readonly match: LabelMatch;
  /** The highest level that is left in a window. */
  readonly level: 'log' | 'ticket';
  /** In rising order, from inclusive to exclusive. Nothing is left of them after the rule has expired. */
  readonly windows: readonly { readonly fromMs: number; readonly untilMs: number }[];
}

/** A rule of people about which alerts share an incident. What people split or merge by hand goes before it. */
export interface GroupRule {
  readonly name: string;
  /** The team that answers for the rule. */
  readonly owner: string;
  /** Alerts that do not match are not touched. */
  readonly match: LabelMatch;
  /** `together`: alerts with the same values share an incident. `apart`: alerts with different values never do. */
  readonly mode: 'together' | 'apart';
  /** Labels whose values are compared. An alert that lacks one of them is not touched. Empty: all that match are alike. */
  readonly by: readonly string[];
  /** In rising order, from inclusive to exclusive. */
  readonly windows: readonly { readonly fromMs: number; readonly untilMs: number }[];
}

export interface CoreConfig {
  /** How long the first page waits for its first evidence. */
  readonly holdBudgetMs: number;
  /** When evidence is read again, ms after the opening. */
  readonly revisionScheduleMs: readonly number[];
  /** After the schedule, while alerts fire: how often evidence is read again. Less often as the incident grows older. 0: never. */
  readonly steadyAskMs: number;
  /** Evidence is read again this long after a late member or change. */
  readonly freshAskMs: number;
  /** Evidence that could not be read is read again after this time, then after twice as long, and so on. 0: never. */
  readonly retryAskMs: number;
  /** The longest time between two such reads. */
  readonly maxRetryAskMs: number;
  /** How long a later query may take. */
  readonly answerBudgetMs: number;
  /** A changed member waits this long for others, so that ten alerts become one revision. */
  readonly gatherMs: number;
  /** Shortest time between two revisions of an incident. */
  readonly flushIntervalMs: number;
  /** An alert joins only when its start is at most this far from the incident's span, event time. */
  readonly joinGapMs: number;
  /** Before settled evidence, alerts that start this close together count as one storm, event time. */
  readonly stormGapMs: number;
  /** How long after its first alert an incident accepts alerts for nearness in time alone. */
  readonly stormHoldMs: number;
  /** Incidents that open this close together name each other where nothing connects them. 0: never. */
  readonly concurrentMs: number;
  /** Most incidents that critical alerts, error alerts and milder ones open within a minute, each. What nothing connects shares one then. 0: any number. */
  readonly maxOpenedPerMinute: number;
  /** The longest path in the call graph, in hops, that connects an alert to an incident. */
  readonly maxHops: number;
  /** No member fires for this long: check whether the signals recovered. */
  readonly resolveHoldMs: number;
  /** How often to check again while the signals have not recovered. */
  readonly recheckMs: number;
  /** No member fires for this long and the store cannot be read: resolve without evidence. */
  readonly resolveBlindMs: number;
  /** No member fires for this long: resolve even if the signals have not recovered. */
  readonly resolveAnywayMs: number;
  /** The same cause within this time after the end reopens the incident. */
  readonly reopenMs: number;
  /** How long a split is remembered. */
  readonly splitMemoryMs: number;
  readonly changeMemoryMs: number;
  /** Most changes that are kept. The sender with the most, and its targets with the most, lose theirs first. */
  readonly maxChanges: number;
  /** Most bytes of changes that are kept, as JSON. 0: any. */
  readonly maxChangeBytes: number;
  /** Changes that the ranking of an incident reads. */
  readonly maxRankedChanges: number;
  /** Most faults of workloads that are kept. */
  readonly maxFindings: number;
  /** Evidence is not read further back than this. */
  readonly maxLookbackMs: number;
  /** Members that the ranking reads: the first by event time. */
  readonly maxRankedAlerts: number;
  /** Largest revision of an incident, in bytes as JSON. What is over it is left out, see `publish/fit.ts`. 0: any size. */
  readonly maxRevisionBytes: number;
  /** A heartbeat that is late by this many times its longest interval opens an incident. 0: never. */
  readonly heartbeatFactor: number;
  readonly triage: TriageConfig;
  /** The first one that applies counts. */
  readonly overrides: readonly OverrideRule[];
  readonly groups: readonly GroupRule[];
  readonly suppress: readonly SuppressRule[];
  readonly catalogue: readonly CatalogueRule[];
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A level for the two lower severities. Critical and error always page: the author of the rule asked for it. */
function unlessSevere(level: TriageLevel): Readonly<Record<Severity, TriageLevel>> {
  return { critical: 'page', error: 'page', warning: level, info: level };
}
const alwaysPage = unlessSevere('page');

/** The labels of Sloth, Pyrra and OpenSLO. */
const sloLabels = ['sloth_slo', 'slo', 'slo_name', 'slo_id'];

export const defaultCoreConfig: CoreConfig = {
  holdBudgetMs: 2000,
  revisionScheduleMs: [5, 15, 30, 60, 120].map((seconds) => seconds * second),
  steadyAskMs: 5 * minute,
  freshAskMs: 15 * second,
  retryAskMs: second,
  maxRetryAskMs: minute,
  answerBudgetMs: 5 * second,
  gatherMs: 250,
  flushIntervalMs: second,
  joinGapMs: 30 * minute,
  stormGapMs: 2 * minute,
  stormHoldMs: minute,
  concurrentMs: 2 * minute,
  maxOpenedPerMinute: 100,
  maxHops: 3,
  resolveHoldMs: 5 * minute,
  recheckMs: minute,
  resolveBlindMs: 15 * minute,
  resolveAnywayMs: 6 * hour,
  reopenMs: hour,
  splitMemoryMs: 7 * day,
  changeMemoryMs: day,
  maxChanges: 20_000,
  maxChangeBytes: 32_000_000,
  maxRankedChanges: 500,
  maxFindings: 1000,
  maxLookbackMs: 6 * hour,
  maxRankedAlerts: 500,
  maxRevisionBytes: 900_000,
  heartbeatFactor: 3,
  triage: {
    levels: {
      none: unlessSevere('log'),
      limited: unlessSevere('ticket'),
      broad: alwaysPage,
      unknown: { ...unlessSevere('ticket'), info: 'log' },
    },
    wideReachServices: 3,
    userFacing: [],
    sloLabels,
    standingAfterMs: 6 * hour,
  },
  overrides: [],
  groups: [],
  suppress: [],
  catalogue: [],
};

/** Settings that 0.1.0 did not have, as it behaved. A replay of its journals must lead to the same incidents. */
const before: Partial<CoreConfig> = {
  retryAskMs: 0,
  concurrentMs: 0,
  heartbeatFactor: 0,
  maxRevisionBytes: 0,
  maxOpenedPerMinute: 0,
  maxChanges: 500,
  maxChangeBytes: 0,
  triage: {
    ...defaultCoreConfig.triage,
    levels: { none: alwaysPage, limited: alwaysPage, broad: alwaysPage, unknown: alwaysPage },
    standingAfterMs: 0,
  },
};

/** The settings of a journaled `config` input. One of an older release may lack fields: what it did without them stands in. */
export function parseCoreConfig(config: Readonly<Record<string, unknown>>): CoreConfig {
  return { ...defaultCoreConfig, ...before, ...(config as Partial<CoreConfig>) };
}
