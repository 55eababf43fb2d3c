/** The loop of one partition: poll, step, commit, then query. Everything that must survive a crash is in the one commit. */
import type { Bus, LogRecord, PartitionAssignment } from '@faultline/bus';
import type { Core, CoreConfig } from '@faultline/correlation';
import { AppError, type Clock, type Logger, noTrace, type Span, type Tracer } from '@faultline/runtime';
import type { EvidenceReader } from '@faultline/store';
import { Batch } from './batch.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { CorrelatorConfig } from './config.ts';
import { correlatorErrors } from './errors.ts';
import { EvidenceClient, type Received } from './evidence-client.ts';
import type { Failures } from './failures.ts';
import type { PartitionHealth } from './partition-health.ts';
import type { PartitionState, ScopeHost } from './partition-state.ts';
import { refusedCommit, reportRefusals } from './refused.ts';
import { restorePartition } from './restore.ts';
import type { SizeLimit } from './size-limit.ts';
import { roundSpan } from './trace.ts';
import { Turns } from './turns.ts';
import type { RecorderView, SettledView } from './watermark.ts';

interface PartitionLoopOptions {
  readonly bus: Bus;
  readonly store: EvidenceReader;
  readonly core: Core;
  readonly coreConfig: CoreConfig;
  readonly catalogue: Pick<Catalogue, 'version' | 'rulesFor'>;
  readonly config: CorrelatorConfig;
  readonly recorder: RecorderView;
  readonly settled: SettledView;
  readonly failures: Failures;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly health: PartitionHealth;
  readonly sizeLimit: SizeLimit;
  readonly tracer: Tracer;
}

/** Runs until the partition is revoked. Its memory is dropped then; the next owner reads it back from the log. */
export async function runPartition(assignment: PartitionAssignment, options: PartitionLoopOptions): Promise<void> {
  const { bus, clock, logger, config, sizeLimit } = options;
  const beganMs = clock();
  const state = await restorePartition(bus, assignment.partition);
  const client = new EvidenceClient({ ...options, signal: assignment.signal });
  logger.info('state read back', {
    part: 'correlator',
    partition: assignment.partition,
    ...sizeOf(state),
    tookMs: clock() - beganMs,
  });
  reportUnreadable(state, logger);
  repeatQueries(state, client);
  let { version } = options.catalogue;
  await commitRound(assignment, options, { state, client, records: [], isFirst: true, isConfigured: false });
  while (!assignment.signal.aborted) {
    const waitMs = decideWaitMs({ busy: client.isBusy, nextTickMs: earliestTickMs(state), nowMs: clock() }, config);
    const maxRecords = sizeLimit.batchRecords(config.batchRecords);
    const records = await assignment.poll({ maxRecords, maxBytes: config.batchBytes, waitMs });
    if (assignment.signal.aborted) return;
    noteLag(records, assignment.partition, options);
    const isConfigured = version === options.catalogue.version;
    version = options.catalogue.version;
    await commitRound(assignment, options, { state, client, records, isFirst: false, isConfigured });
  }
}

interface Round {
  readonly state: PartitionState;
  readonly client: EvidenceClient;
  readonly records: readonly LogRecord[];
  /** The first round: unreadable records become dead letters. */
  readonly isFirst: boolean;
  /** False: settings or owners may have changed, so scopes take them. */
  readonly isConfigured: boolean;
}

/** A round that has something to do is one span. */
async function commitRound(
  assignment: PartitionAssignment,
  options: PartitionLoopOptions,
  round: Round,
): Promise<void> {
  const { state, client, records } = round;
  const nowMs = options.clock();
  const received = client.take();
  const due = sortedScopes(state).filter(({ nextTickMs }) => nextTickMs <= nowMs);
  if (round.isConfigured && records.length + received.length + due.length === 0) return;
  const begin = () =>
    roundSpan({
      partition: assignment.partition,
      records,
      results: received.map(({ trace }) => trace),
      timers: due.map(({ timerSetBy }) => timerSetBy),
    });
  await options.tracer.run(begin, (span) => commitInputs(assignment, options, { ...round, received, nowMs, span }));
}

interface RoundInputs extends Round {
  readonly received: readonly Received[];
  readonly nowMs: number;
  readonly span: Span;
}

/** Results first, so that a page does not wait behind a storm; then the records in order; then ticks. One commit. */
async function commitInputs(
  assignment: PartitionAssignment,
  options: PartitionLoopOptions,
  round: RoundInputs,
): Promise<void> {
  const { bus, core, coreConfig, catalogue, sizeLimit } = options;
  const partitionOf = (key: string) => bus.partitionOf('alerts', key);
  const { state, client, nowMs, span } = round;
  const { maxRecordBytes } = sizeLimit;
  const { partition } = assignment;
  const trace = span.headers;
  const batch = new Batch({
    partitionState: state,
    partition,
    partitionOf,
    core,
    coreConfig,
    catalogueOf: (tenant) => catalogue.rulesFor(tenant),
    maxRecordBytes,
    nowMs,
    trace,
  });
  const turns = new Turns();
  batch.takeOver();
  for (const host of sortedScopes(state)) {
    if (round.isFirst) batch.deadLetterUnreadable(host);
    if (!round.isConfigured) batch.configure(host);
  }
  for (const { result } of round.received) {
    const host = sortedScopes(state).find(({ state: scope }) => scope.queries.has(result.questionId));
    if (host !== undefined) batch.input(host, { kind: 'answer', answer: result });
    await turns.next();
  }
  for (const record of round.records) {
    takeRecord(batch, record, options);
    await turns.next();
  }
  for (const host of sortedScopes(state)) {
    if (host.nextTickMs <= nowMs) batch.input(host, { kind: 'tick' });
    await turns.next();
  }
  if (batch.isEmpty) return span.discard();
  const commit = batch.commit();
  try {
    await assignment.commit(commit);
  } catch (error) {
    throw refusedCommit(error, { partition, commit, records: round.records }, options);
  }
  state.takenOver = null;
  if (round.records.length > 0) sizeLimit.committed();
  reportRefusals(batch.refusals, partition, options);
  for (const record of round.records) options.failures.forget(record);
  for (const query of batch.queries) client.read(query, trace);
}

/**
 * A throw is a bug and may leave the state half changed, so the partition starts again from the log. The second time the record becomes a
 * dead letter, so that it no longer stops the paging.
 */
function takeRecord(batch: Batch, record: LogRecord, { failures, logger }: PartitionLoopOptions): void {
  const refusal = failures.refusalOf(record);
  if (refusal !== null) {
    batch.deadLetter(record, refusal);
    return;
  }
  try {
    batch.record(record);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failures.add(record, reason);
    logger.error('taking a record failed', { topic: record.topic, offset: String(record.offset), error: reason });
    throw new AppError('CORRELATOR_STEP_FAILED', 'taking a record failed: the partition starts again', {
      kind: 'transient',
      cause: error,
    });
  }
}

function reportUnreadable(state: PartitionState, logger: Logger): void {
  for (const { key: scope, unreadable } of sortedScopes(state))
    for (const { key, reason } of unreadable)
      logger.error('a record of the state cannot be read and becomes a dead letter', {
        code: 'CORRELATOR_STATE_UNREADABLE',
        scope,
        key,
        reason,
        whatToDo: correlatorErrors.CORRELATOR_STATE_UNREADABLE,
      });
}

function sizeOf({ scopes }: PartitionState): Record<string, number> {
  const alerts = [...scopes.values()].reduce((sum, { state }) => sum + state.alerts.size, 0);
  const incidents = [...scopes.values()].reduce((sum, { state }) => sum + state.incidents.size, 0);
  return { scopes: scopes.size, alerts, incidents };
}

/** Repeats the queries that were open when the state was saved: their results were lost with the process or the partition. */
function repeatQueries(state: PartitionState, client: EvidenceClient): void {
  for (const host of sortedScopes(state))
    for (const id of [...host.state.queries.keys()].sort()) {
      const query = host.state.queries.get(id);
      if (query !== undefined) client.read(query, noTrace);
    }
}

function sortedScopes(state: PartitionState): ScopeHost[] {
  return [...state.scopes.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function earliestTickMs(state: PartitionState): number {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const { nextTickMs } of state.scopes.values()) nextMs = Math.min(nextMs, nextTickMs);
  return nextMs;
}

/** How long to wait for records. */
export function decideWaitMs(
  at: { readonly busy: boolean; readonly nextTickMs: number; readonly nowMs: number },
  config: Pick<CorrelatorConfig, 'busyPollMs' | 'idlePollMs'>,
): number {
  const longestMs = at.busy ? config.busyPollMs : config.idlePollMs;
  return Math.max(0, Math.min(longestMs, at.nextTickMs - at.nowMs));
}

function noteLag(
  records: readonly LogRecord[],
  partition: number,
  { clock, config, health }: PartitionLoopOptions,
): void {
  const oldest = records.find(({ topic }) => topic === 'alerts');
  const nowMs = clock();
  const lagMs = oldest === undefined ? 0 : Math.max(0, nowMs - oldest.timestampMs);
  health.running(partition, lagMs, { lagWarnMs: config.lagWarnMs, nowMs });
}
