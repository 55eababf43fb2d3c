/** The settings of the core. Plain data: they reach the core as a journaled input, so that a replay decides by the same ones. */

/** Which alerts a rule means: every label named must have that value. `alertname`, `source` and entity kinds count as labels. */
export type LabelMatch = Readonly<Record<string, string>>;

/** Alerts that are not to page: known noise, or a maintenance window. Counted in the ledger under the rule's name. */
export interface SuppressRule {
  readonly name: string;
  readonly match: LabelMatch;
  /** Null: since ever, for ever. Event time of the alert's start. */
  readonly fromMs: number | null;
  readonly untilMs: number | null;
}

/** Who owns what, and where the runbook is. First match wins for each service. */
export interface CatalogueRule {
  readonly match: LabelMatch;
  readonly team: string;
  readonly contact: string;
  readonly runbookTitle: string;
  readonly runbookUrl: string;
}

export interface CoreConfig {
  /** How long the first page waits for its first evidence. */
  readonly holdBudgetMs: number;
  /** When evidence is asked again after the opening, ms after it. */
  readonly revisionScheduleMs: readonly number[];
  /** After the schedule, while alerts fire: how often evidence is asked again at first; less often as the incident grows old. 0: never. */
  readonly steadyAskMs: number;
  /** A late member or change: evidence is asked again this long after it. */
  readonly freshAskMs: number;
  /** How long a later question may take. */
  readonly answerBudgetMs: number;
  /** A changed member waits this long for others of the same message, so that ten alerts are one edit. */
  readonly gatherMs: number;
  /** At most one revision of an incident in this time, however many alerts come. */
  readonly flushIntervalMs: number;
  /** An alert joins only when its start is at most this far from the incident's span, event time. */
  readonly joinGapMs: number;
  /** Before settled evidence: alerts that start this close together are taken for one storm, event time. */
  readonly stormGapMs: number;
  /** How long after its first alert an incident takes in alerts for nearness in time alone. */
  readonly stormHoldMs: number;
  /** The longest way in the graph, hops, that still connects an alert to an incident. */
  readonly maxHops: number;
  /** All members over for this long: ask whether the signals recovered. */
  readonly resolveHoldMs: number;
  /** How often to ask again while the signals have not recovered. */
  readonly recheckMs: number;
  /** All members over for this long and no evidence to be had: resolved without it. */
  readonly resolveBlindMs: number;
  /** All members over for this long: resolved even if the signals still differ from before. */
  readonly resolveAnywayMs: number;
  /** The same cause within this time after the end reopens the incident. */
  readonly reopenMs: number;
  /** How long a split is remembered. */
  readonly splitMemoryMs: number;
  readonly changeMemoryMs: number;
  readonly maxChanges: number;
  /** Evidence is not asked for a start further back than this. */
  readonly maxLookbackMs: number;
  /** Members given to the ranking: the first by event time. */
  readonly maxRankedAlerts: number;
  readonly suppress: readonly SuppressRule[];
  readonly catalogue: readonly CatalogueRule[];
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export const defaultCoreConfig: CoreConfig = {
  holdBudgetMs: 2000,
  revisionScheduleMs: [5, 15, 30, 60, 120].map((seconds) => seconds * second),
  steadyAskMs: 5 * minute,
  freshAskMs: 15 * second,
  answerBudgetMs: 5 * second,
  gatherMs: 250,
  flushIntervalMs: second,
  joinGapMs: 30 * minute,
  stormGapMs: 2 * minute,
  stormHoldMs: minute,
  maxHops: 3,
  resolveHoldMs: 5 * minute,
  recheckMs: minute,
  resolveBlindMs: 15 * minute,
  resolveAnywayMs: 6 * hour,
  reopenMs: hour,
  splitMemoryMs: 7 * day,
  changeMemoryMs: day,
  maxChanges: 500,
  maxLookbackMs: 6 * hour,
  maxRankedAlerts: 500,
  suppress: [],
  catalogue: [],
};

/** The settings of a journaled `config` input. One of an older release may lack fields: defaults stand in. */
export function parseCoreConfig(config: Readonly<Record<string, unknown>>): CoreConfig {
  return { ...defaultCoreConfig, ...(config as Partial<CoreConfig>) };
}
