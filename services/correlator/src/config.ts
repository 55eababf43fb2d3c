/** The section `correlator` of the configuration. */
import { type CoreConfig, defaultCoreConfig as core } from '@faultline/correlation';
import { z } from 'zod';

const time = (value: number, text: string) => z.int().min(0).default(value).describe(text);
const count = (value: number, text: string) => z.int().positive().default(value).describe(text);

const labelMatch = z
  .record(z.string(), z.string())
  .describe('Labels and their values; all have to be equal. `alertname`, `source` and entity kinds count as labels.');

const suppressRule = z.strictObject({
  name: z.string().min(1).describe('What the rule is called.'),
  match: labelMatch,
  fromMs: z.int().nullable().default(null).describe('Only alerts that start at or after this time, epoch ms.'),
  untilMs: z.int().nullable().default(null).describe('Only alerts that start before this time, epoch ms.'),
});

const catalogueRule = z.strictObject({
  match: labelMatch,
  team: z.string().default('').describe('The team that owns what matches.'),
  contact: z.string().default('').describe('How to reach the team.'),
  runbookTitle: z.string().default('').describe('What the runbook is called.'),
  runbookUrl: z.string().default('').describe('Where the runbook is.'),
});

/** What the pure core decides by: journaled, so that a replay decides the same. */
const decisions = {
  holdBudgetMs: time(core.holdBudgetMs, 'How long the first page waits for its first evidence.'),
  revisionScheduleMs: z
    .array(z.int().positive())
    .max(100)
    .default([...core.revisionScheduleMs])
    .describe('When evidence is asked again, ms after an incident opened.'),
  steadyAskMs: time(
    core.steadyAskMs,
    'After that schedule, while alerts fire: how often evidence is asked again, less often as the incident grows old. 0: never.',
  ),
  freshAskMs: time(core.freshAskMs, 'Evidence is asked again this long after a late alert or change.'),
  answerBudgetMs: time(core.answerBudgetMs, 'How long a later question may take.'),
  gatherMs: time(core.gatherMs, 'A changed member waits this long for others, so that they are one edit.'),
  flushIntervalMs: time(core.flushIntervalMs, 'At most one revision of an incident in this time.'),
  joinGapMs: time(core.joinGapMs, 'An alert joins an incident only within this time of its span, event time.'),
  stormGapMs: time(core.stormGapMs, 'Alerts that start this close together are one storm until evidence is in.'),
  stormHoldMs: time(core.stormHoldMs, 'How long an incident takes in alerts for nearness in time alone.'),
  maxHops: count(core.maxHops, 'Longest way in the call graph that connects an alert to an incident.'),
  resolveHoldMs: time(core.resolveHoldMs, 'All alerts over for this long: ask whether the signals recovered.'),
  recheckMs: time(core.recheckMs, 'How often to ask again while the signals have not recovered.'),
  resolveBlindMs: time(core.resolveBlindMs, 'All alerts over for this long and no evidence: resolved without it.'),
  resolveAnywayMs: time(core.resolveAnywayMs, 'All alerts over for this long: resolved even if the signals differ.'),
  reopenMs: time(core.reopenMs, 'The same cause within this time reopens a resolved incident.'),
  splitMemoryMs: time(core.splitMemoryMs, 'How long a split is remembered.'),
  changeMemoryMs: time(core.changeMemoryMs, 'How long changes are candidates.'),
  maxChanges: count(core.maxChanges, 'Most changes kept for one scope.'),
  maxLookbackMs: time(core.maxLookbackMs, 'Evidence is not asked for a start further back than this.'),
  maxRankedAlerts: count(core.maxRankedAlerts, 'Alerts of an incident that the ranking looks at.'),
  suppress: z.array(suppressRule).default([]).describe('Alerts that are not to page. First match wins.'),
  catalogue: z.array(catalogueRule).default([]).describe('Who owns what, and its runbook. First match wins.'),
};

export const correlatorConfig = z.strictObject({
  ...decisions,
  batchRecords: count(200, 'Records taken at once. Small, so that answers and ticks get their turn in a storm.'),
  batchBytes: count(4_194_304, 'Bytes of records taken at once.'),
  idlePollMs: count(500, 'Longest wait for records while nothing is due.'),
  busyPollMs: count(25, 'Longest wait for records while evidence is being asked for.'),
  queryReserveMs: time(
    1000,
    "Part of a question's time that is kept for the store, after waiting for the recorder; more while the store is slow.",
  ),
  watermarkPollMs: count(50, 'How often to look how far the recorder is.'),
  lagWarnMs: time(15_000, 'Health says so when alerts wait longer than this.'),
});
export type CorrelatorConfig = z.infer<typeof correlatorConfig>;

/** The part of the settings that the core decides by. */
export function coreConfigOf(config: CorrelatorConfig): CoreConfig {
  const names = Object.keys(decisions) as (keyof typeof decisions)[];
  return Object.fromEntries(names.sort().map((name) => [name, config[name]])) as unknown as CoreConfig;
}
