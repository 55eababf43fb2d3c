/** The topics: what each holds, how it is kept and how it is spread. One table, read by every bus adapter. */
export type TopicName =
  | 'alerts'
  | 'changes'
  | 'commands'
  | 'spans'
  | 'logs'
  | 'metrics'
  | 'config'
  | 'journal'
  | 'state'
  | 'incidents'
  | 'incident-alerts'
  | 'deliveries'
  | 'recorder-progress'
  | 'ledger'
  | 'dead-letters';

export interface TopicSpec {
  readonly name: TopicName;
  /** Compacted topics keep the last record of each key; an empty value removes the key. */
  readonly compacted: boolean;
  /** Telemetry is bulky and never delays an alert: it has files and a thread of its own. */
  readonly telemetry: boolean;
  /** `scope` topics share one partition count, so that one partition number holds all of a scope; `telemetry` likewise. */
  readonly partitions: 'scope' | 'telemetry' | 'one';
  /** Null: kept for ever (compacted topics) . */
  readonly retentionMs: number | null;
}

const hour = 3_600_000;
const day = 24 * hour;
const topic = (
  name: TopicName,
  partitions: TopicSpec['partitions'],
  kept: { compacted: true } | { retentionMs: number },
  telemetry = false,
): TopicSpec => ({
  name,
  partitions,
  telemetry,
  compacted: 'compacted' in kept,
  retentionMs: 'retentionMs' in kept ? kept.retentionMs : null,
});

export const topics: readonly TopicSpec[] = [
  topic('alerts', 'scope', { retentionMs: 7 * day }),
  topic('changes', 'scope', { retentionMs: 7 * day }),
  topic('commands', 'scope', { retentionMs: 7 * day }),
  topic('spans', 'telemetry', { retentionMs: 6 * hour }, true),
  topic('logs', 'telemetry', { retentionMs: 6 * hour }, true),
  topic('metrics', 'telemetry', { retentionMs: 6 * hour }, true),
  topic('config', 'scope', { compacted: true }),
  topic('journal', 'scope', { retentionMs: 14 * day }),
  topic('state', 'scope', { compacted: true }),
  topic('incidents', 'scope', { compacted: true }),
  topic('incident-alerts', 'scope', { retentionMs: 7 * day }),
  topic('deliveries', 'scope', { compacted: true }),
  topic('recorder-progress', 'telemetry', { compacted: true }),
  topic('ledger', 'one', { compacted: true }),
  topic('dead-letters', 'one', { retentionMs: 30 * day }),
];

/** The rule for a topic by name. */
export function topicSpec(name: TopicName): TopicSpec {
  const spec = topics.find((candidate) => candidate.name === name);
  if (spec === undefined) throw new Error(`no topic named ${name}`);
  return spec;
}

/** Consumer groups. A group's committed positions tell other services how far it is: the correlator waits for the recorder's. */
export const consumerGroups = {
  recorder: 'recorder',
  recorderHistory: 'recorder-history',
  correlator: 'correlator',
  notifier: 'notifier',
} as const;

/** The record header that tells apart the kinds of record sharing a topic: on `changes`, a change, a declared graph, a finding or a drift. */
export const recordTypeHeader = 'type';
export const recordTypes = {
  change: 'change',
  declaredGraph: 'declared-graph',
  workloadFinding: 'workload-finding',
  drift: 'drift',
} as const;
