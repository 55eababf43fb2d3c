/** The section `correlator` of the configuration. */
import { type CoreConfig, defaultCoreConfig as core } from '@faultline/correlation';
import {
  causeKinds,
  type Severity,
  severities,
  type TriageLevel,
  triageLevels,
  triageMatrixFlaw,
} from '@faultline/model';
import { optionalRecurrence, recurrence, ruleHead, ruleWindows, withRecurrence } from '@faultline/runtime';
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
  causeKind: z
    .enum(['', ...causeKinds])
    .default('')
    .describe('The runbook is for this kind of fault only, where the service is the likely cause. Empty: for any.'),
});

const path = z.string().min(1).describe('The file. It may be a pattern: `repos/*/catalog-info.yaml`.');

/** One source of owners beside the configuration. */
const catalogueFile = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('yaml').describe('Services and teams, in the format of docs/owners.md.'), path }),
  z.strictObject({ type: z.literal('backstage').describe("Backstage's `catalog-info.yaml`."), path }),
  z.strictObject({
    type: z.literal('codeowners').describe('`CODEOWNERS`: the owners of the folder that a service is in.'),
    path,
    paths: z
      .array(z.string().includes('{service}'))
      .default(['services/{service}'])
      .describe('The folders of services, with `{service}` for the name.'),
    services: z
      .record(z.string(), z.string())
      .default({})
      .describe('Folders of services that no such path describes, by the name of the service.'),
  }),
]);
export type CatalogueFile = z.infer<typeof catalogueFile>;

/** One row of the triage matrix: a level for each severity. */
function triageRow(row: Readonly<Record<Severity, TriageLevel>>, text: string) {
  const level = (severity: Severity) => z.enum(triageLevels).default(row[severity]);
  const keys = Object.fromEntries(severities.map((severity) => [severity, level(severity)]));
  return z
    .strictObject(keys as Record<Severity, ReturnType<typeof level>>)
    .prefault({})
    .describe(text);
}

const { levels } = core.triage;
const triage = z.strictObject({
  levels: z
    .strictObject({
      none: triageRow(
        levels.none,
        'Nothing is unhealthy in telemetry, and it knows every service that alerts, or one alert fires.',
      ),
      limited: triageRow(
        levels.limited,
        'A service is unhealthy, or several alerts fire, but users see nothing of it.',
      ),
      broad: triageRow(
        levels.broad,
        'A service that users call is unhealthy, an error budget burns, or many services take part.',
      ),
      unknown: triageRow(
        levels.unknown,
        'Telemetry was not read in time, knows nothing of what alerts, or is not there at all.',
      ),
    })
    .superRefine((matrix, context) => {
      const flaw = triageMatrixFlaw(matrix);
      if (flaw !== null) context.addIssue({ code: 'custom', message: flaw });
    })
    .prefault({})
    .describe(
      'Whether an incident is a `page`, a `ticket` or a `log` entry, by impact and severity. It may only rise with both. An incident that grows is promoted; none is ever demoted.',
    ),
  wideReachServices: count(
    core.triage.wideReachServices,
    'This many services that alert or are unhealthy count as broad impact.',
  ),
  userFacing: z
    .array(z.string().min(1))
    .default([...core.triage.userFacing])
    .describe('Services that users call. Empty: those that call others and that no service calls.'),
  sloLabels: z
    .array(z.string().min(1))
    .default([...core.triage.sloLabels])
    .describe('An alert with one of these labels is about an error budget.'),
  standingAfterMs: time(
    core.triage.standingAfterMs,
    'Alerts that had fired for this long, ms, when they were first heard of are at most a ticket, unless harm is seen. 0: they page as others do.',
  ),
});

const overrideRule = withRecurrence(
  z.strictObject({
    ...ruleHead,
    match: labelMatch.refine((match) => Object.keys(match).length > 0, 'at least one label'),
    level: z
      .enum(['log', 'ticket'])
      .default('log')
      .describe('The most that an incident may become in a window. `log`: held back. `ticket`: work for the day.'),
    ...recurrence,
  }),
);

const groupRule = withRecurrence(
  z
    .strictObject({
      ...ruleHead,
      match: labelMatch.default({}),
      mode: z
        .enum(['together', 'apart'])
        .describe(
          '`together`: alerts with the same values share an incident. `apart`: alerts with different values never do.',
        ),
      by: z
        .array(z.string().min(1))
        .default([])
        .describe('Labels whose values are compared. An alert that lacks one of them is left alone.'),
      ...optionalRecurrence,
    })
    .superRefine(({ mode, by, match }, context) => {
      if (mode === 'apart' && by.length === 0)
        context.addIssue({ code: 'custom', path: ['by'], message: 'at least one label for the mode apart' });
      if (Object.keys(match).length === 0 && by.length === 0)
        context.addIssue({ code: 'custom', path: ['match'], message: 'at least one label in match or by' });
    }),
);

/** What the core decides by. It is journaled, so that a replay decides the same. */
const decisions = {
  holdBudgetMs: time(core.holdBudgetMs, 'How long the first page waits for its first evidence.'),
  revisionScheduleMs: z
    .array(z.int().positive())
    .max(100)
    .default([...core.revisionScheduleMs])
    .describe('When evidence is read again, ms after an incident opened.'),
  steadyAskMs: time(
    core.steadyAskMs,
    'After that schedule, while alerts fire: how often evidence is read again. Less often as the incident grows older. 0: never.',
  ),
  freshAskMs: time(core.freshAskMs, 'Evidence is read again this long after a late alert or change.'),
  retryAskMs: time(
    core.retryAskMs,
    'Evidence that could not be read, or not all of it, is read again after this time, then after twice as long, and so on. 0: never.',
  ),
  maxRetryAskMs: time(core.maxRetryAskMs, 'Longest time between two such reads.'),
  answerBudgetMs: time(core.answerBudgetMs, 'How long a later evidence query may take.'),
  gatherMs: time(core.gatherMs, 'A changed alert waits this long for others, so that they become one revision.'),
  flushIntervalMs: time(core.flushIntervalMs, 'Shortest time between two revisions of an incident.'),
  joinGapMs: time(core.joinGapMs, 'An alert joins an incident only within this time of its span, event time.'),
  stormGapMs: time(core.stormGapMs, 'Alerts that start this close together count as one storm until evidence arrives.'),
  stormHoldMs: time(
    core.stormHoldMs,
    'How long after its first alert an incident accepts alerts for nearness in time alone.',
  ),
  concurrentMs: time(
    core.concurrentMs,
    'Incidents that open this close together name each other where nothing connects them. 0: never.',
  ),
  maxOpenedPerMinute: z
    .int()
    .min(0)
    .default(core.maxOpenedPerMinute)
    .describe(
      'Most incidents that the alerts of a tenant open within a minute. Critical alerts, error alerts and milder ones are counted apart. What nothing connects shares one incident then. 0: any number.',
    ),
  maxHops: count(core.maxHops, 'Longest path in the call graph that connects an alert to an incident.'),
  resolveHoldMs: time(core.resolveHoldMs, 'No alert fires for this long: check whether the signals recovered.'),
  recheckMs: time(core.recheckMs, 'How often to check again while the signals have not recovered.'),
  resolveBlindMs: time(
    core.resolveBlindMs,
    'No alert fires for this long and evidence cannot be read: resolve without it.',
  ),
  resolveAnywayMs: time(
    core.resolveAnywayMs,
    'No alert fires for this long: resolve even if the signals have not recovered.',
  ),
  reopenMs: time(core.reopenMs, 'The same cause within this time reopens a resolved incident.'),
  splitMemoryMs: time(core.splitMemoryMs, 'How long a split is remembered.'),
  changeMemoryMs: time(core.changeMemoryMs, 'How long a change may count as a suspect.'),
  maxChanges: count(
    core.maxChanges,
    'Most changes kept for one scope. Beyond it, the sender with the most loses the oldest of the services with the most.',
  ),
  maxChangeBytes: count(core.maxChangeBytes, 'Most bytes of changes kept for one scope, as JSON. 0: any.'),
  maxRankedChanges: count(
    core.maxRankedChanges,
    'Changes that the ranking of an incident reads: of the services that it concerns, then the latest ones.',
  ),
  maxFindings: count(core.maxFindings, 'Most faults of workloads kept for one scope.'),
  maxLookbackMs: time(core.maxLookbackMs, 'Longest time before now for which evidence is read.'),
  maxRankedAlerts: count(core.maxRankedAlerts, 'Alerts of an incident that the ranking reads.'),
  maxRevisionBytes: count(
    core.maxRevisionBytes,
    'Largest revision of an incident, as JSON. A larger one leaves out labels, timeline, evidence and so on, and says what. At most what the log takes.',
  ),
  heartbeatFactor: z
    .number()
    .min(0)
    .default(core.heartbeatFactor)
    .describe(
      'A heartbeat such as Watchdog that is late by this many times its longest interval, and ten minutes at least, opens an incident. 0: never.',
    ),
  triage: triage.prefault({}).describe('Who is notified of an incident: page, ticket or log entry.'),
  overrides: z
    .array(overrideRule)
    .default([])
    .describe(
      'Maintenance windows and quiet hours. While a window is open, incidents whose alerts all match are held back. What is still open at its end is paged then.',
    ),
  groups: z
    .array(groupRule)
    .default([])
    .describe(
      'Which alerts share an incident, and which never do. What people split or merge by hand goes before it. Preview them with `npm run config -- backtest`.',
    ),
  suppress: z.array(suppressRule).default([]).describe('Alerts that must not page. First match wins.'),
  catalogue: z.array(catalogueRule).default([]).describe('Owners and runbooks of services. First match wins.'),
};

export const correlatorConfig = z.strictObject({
  ...decisions,
  catalogueFiles: z
    .array(catalogueFile)
    .default([])
    .describe(
      'Files that name owners and runbooks. `catalogue` is stronger, then the files in this order, then clusters.',
    ),
  catalogueFromClusters: z
    .boolean()
    .default(true)
    .describe('Labels and annotations of watched clusters name owners where nothing else does.'),
  catalogueReloadMs: count(10_000, 'How often files are checked for changes.'),
  batchRecords: count(200, 'Most records in one commit. Small, so that evidence and ticks get their turn in a storm.'),
  batchBytes: count(4_194_304, 'Most bytes of records in one commit.'),
  idlePollMs: count(1_000, 'Longest wait for records while nothing is due.'),
  busyPollMs: count(25, 'Longest wait for records while an evidence query runs.'),
  queryReserveMs: time(
    1000,
    "Part of an evidence query's time that is left to the store, after waiting for the recorder. More while the store is slow.",
  ),
  watermarkPollMs: count(50, 'How often to check how far the recorder is.'),
  lagWarnMs: time(15_000, 'Health reports alerts that wait longer than this.'),
});
export type CorrelatorConfig = z.infer<typeof correlatorConfig>;

/** Room for the key and the headers of a revision's record. */
const recordHeadBytes = 1024;

/** The part of the settings that the core decides by. `maxRecordBytes`: what one record of the log may hold. */
export function coreConfigOf(config: CorrelatorConfig, maxRecordBytes: number): CoreConfig {
  const names = Object.keys(decisions) as (keyof typeof decisions)[];
  const own = Object.fromEntries(names.sort().map((name) => [name, config[name]])) as unknown as CoreConfig;
  return {
    ...own,
    ...rulesOf(config),
    maxRevisionBytes: Math.min(own.maxRevisionBytes, maxRecordBytes - recordHeadBytes),
  };
}

/** The rules of people: what a backtest replaces in a recorded journal. */
export function rulesOf(
  config: CorrelatorConfig,
): Pick<CoreConfig, 'triage' | 'overrides' | 'groups' | 'suppress' | 'catalogue'> {
  const { triage, suppress, catalogue } = config;
  const overrides = config.overrides.map((rule) => {
    const { name, owner, match, level } = rule;
    return { name, owner, match, level, windows: ruleWindows(rule) };
  });
  const groups = config.groups.map((rule) => {
    const { name, owner, match, mode, by } = rule;
    return { name, owner, match, mode, by, windows: ruleWindows(rule) };
  });
  return { triage, overrides, groups, suppress, catalogue };
}
