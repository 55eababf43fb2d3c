/** The loop of one lane: poll, step, commit, then ask. All that outlives a crash is in the one commit. */
import type { Bus, LogRecord, PartitionAssignment } from '@faultline/bus';
import type { Core, CoreConfig } from '@faultline/correlation';
import { AppError, type Clock, type Health, type Logger, noTrace, type Span, type Tracer } from '@faultline/runtime';
import type { EvidenceReader } from '@faultline/store';
import { type Answered, Asker } from './asker.ts';
import { Batch } from './batch.ts';
import type { CorrelatorConfig } from './config.ts';
import { correlatorErrors } from './errors.ts';
import type { Failures } from './failures.ts';
import type { LaneState, ScopeShell } from './lane-state.ts';
import { restoreLane } from './restore.ts';
import { roundSpan } from './trace.ts';
import type { RecorderView, SettledView } from './watermark.ts';

export interface LaneLoopOptions {
  readonly bus: Bus;
  readonly store: EvidenceReader;
  readonly core: Core;
  readonly coreConfig: CoreConfig;
  readonly config: CorrelatorConfig;
  readonly recorder: RecorderView;
  readonly settled: SettledView;
  readonly failures: Failures;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly health: Health;
  readonly tracer: Tracer;
}

/** Runs until the lane is lost: what it holds in memory is dropped then, and comes back from the log wherever the lane goes. */
export async function runLane(lane: PartitionAssignment, options: LaneLoopOptions): Promise<void> {
  const { bus, clock, logger, config, health } = options;
  const beganMs = clock();
  const state = await restoreLane(bus, lane.partition);
  const asker = new Asker({ ...options, signal: lane.signal });
  logger.info('state read back', {
    part: 'correlator',
    partition: lane.partition,
    ...sizeOf(state),
    tookMs: clock() - beganMs,
  });
  reportUnreadable(state, logger);
  askAgain(state, asker);
  try {
    await commitRound(lane, options, { state, asker, records: [], settle: true });
    while (!lane.signal.aborted) {
      const waitMs = decideWaitMs({ busy: asker.isBusy, wakeAtMs: nextWakeMs(state), nowMs: clock() }, config);
      const limit = { maxRecords: config.batchRecords, maxBytes: config.batchBytes, waitMs };
      const records = await lane.poll(limit);
      if (lane.signal.aborted) return;
      noteLag(records, lane.partition, options);
      await commitRound(lane, options, { state, asker, records, settle: false });
    }
  } finally {
    // Whoever has the lane next speaks for it.
    health.remove(healthPart(lane.partition));
  }
}

const healthPart = (partition: number): string => `correlator-${partition}`;

interface Round {
  readonly state: LaneState;
  readonly asker: Asker;
  readonly records: readonly LogRecord[];
  /** The first round: what could not be read is put aside, and scopes are told the settings when these have changed. */
  readonly settle: boolean;
}

/** A round that anything has come for is one span. */
async function commitRound(lane: PartitionAssignment, options: LaneLoopOptions, round: Round): Promise<void> {
  const { state, asker, records } = round;
  const nowMs = options.clock();
  const answered = asker.take();
  const due = sortedScopes(state).filter(({ wakeAtMs }) => wakeAtMs <= nowMs);
  if (!round.settle && records.length + answered.length + due.length === 0) return;
  const begin = () =>
    roundSpan({
      partition: lane.partition,
      records,
      answers: answered.map(({ trace }) => trace),
      wakes: due.map(({ wokenBy }) => wokenBy),
    });
  await options.tracer.run(begin, (span) => commitInputs(lane, options, { ...round, answered, nowMs, span }));
}

interface RoundInputs extends Round {
  readonly answered: readonly Answered[];
  readonly nowMs: number;
  readonly span: Span;
}

/** Answers first, so that a page does not wait for a storm; then the records, in order; then what time brings. One commit. */
async function commitInputs(lane: PartitionAssignment, options: LaneLoopOptions, round: RoundInputs): Promise<void> {
  const { bus, core, coreConfig } = options;
  const { state, asker, nowMs, span } = round;
  const { maxRecordBytes } = bus;
  const { partition } = lane;
  const trace = span.headers;
  const batch = new Batch({ lane: state, partition, core, coreConfig, maxRecordBytes, nowMs, trace });
  if (round.settle)
    for (const shell of sortedScopes(state)) {
      batch.putAsideState(shell);
      batch.configure(shell);
    }
  for (const { answer } of round.answered) {
    const shell = sortedScopes(state).find(({ state: scope }) => scope.queries.has(answer.questionId));
    if (shell !== undefined) batch.input(shell, { kind: 'answer', answer });
  }
  for (const record of round.records) takeRecord(batch, record, options);
  for (const shell of sortedScopes(state)) if (shell.wakeAtMs <= nowMs) batch.input(shell, { kind: 'tick' });
  if (batch.isEmpty) return span.discard();
  await lane.commit(batch.commit());
  for (const record of round.records) options.failures.forget(record);
  for (const question of batch.questions) asker.ask(question, trace);
}

/**
 * A throw is a bug, and may leave the state half changed: the lane starts again from the log. The second time the same record is put
 * aside, so that it stops paging no longer.
 */
function takeRecord(batch: Batch, record: LogRecord, { failures, logger }: LaneLoopOptions): void {
  const failed = failures.of(record);
  if (failed.count >= 2) {
    batch.putAside(record, failed.reason);
    return;
  }
  try {
    batch.record(record);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failures.add(record, reason);
    logger.error('taking a record failed', { topic: record.topic, offset: String(record.offset), error: reason });
    throw new AppError('CORRELATOR_STEP_FAILED', 'taking a record failed: the lane starts again', {
      kind: 'transient',
      cause: error,
    });
  }
}

function reportUnreadable(state: LaneState, logger: Logger): void {
  for (const { key: scope, unreadable } of sortedScopes(state))
    for (const { key, reason } of unreadable)
      logger.error('a record of the state cannot be read and is put aside', {
        code: 'CORRELATOR_STATE_UNREADABLE',
        scope,
        key,
        reason,
        whatToDo: correlatorErrors.CORRELATOR_STATE_UNREADABLE,
      });
}

function sizeOf({ scopes }: LaneState): Record<string, number> {
  const alerts = [...scopes.values()].reduce((sum, { state }) => sum + state.alerts.size, 0);
  const incidents = [...scopes.values()].reduce((sum, { state }) => sum + state.incidents.size, 0);
  return { scopes: scopes.size, alerts, incidents };
}

/** Questions that were open when the state was saved. Their answers were lost with the process, or the lane. */
function askAgain(state: LaneState, asker: Asker): void {
  for (const shell of sortedScopes(state))
    for (const id of [...shell.state.queries.keys()].sort()) {
      const question = shell.state.queries.get(id);
      if (question !== undefined) asker.ask(question, noTrace);
    }
}

function sortedScopes(state: LaneState): ScopeShell[] {
  return [...state.scopes.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function nextWakeMs(state: LaneState): number {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const { wakeAtMs } of state.scopes.values()) nextMs = Math.min(nextMs, wakeAtMs);
  return nextMs;
}

/** How long to wait for records. */
export function decideWaitMs(
  at: { readonly busy: boolean; readonly wakeAtMs: number; readonly nowMs: number },
  config: Pick<CorrelatorConfig, 'busyPollMs' | 'idlePollMs'>,
): number {
  const longestMs = at.busy ? config.busyPollMs : config.idlePollMs;
  return Math.max(0, Math.min(longestMs, at.wakeAtMs - at.nowMs));
}

function noteLag(records: readonly LogRecord[], partition: number, { clock, config, health }: LaneLoopOptions): void {
  const oldest = records.find(({ topic }) => topic === 'alerts');
  const lagMs = oldest === undefined ? 0 : Math.max(0, clock() - oldest.timestampMs);
  const ok = lagMs <= config.lagWarnMs;
  const detail = ok
    ? 'alerts are taken as they come'
    : `alerts wait ${Math.round(lagMs / 1000)} s: the correlator is behind`;
  health.set(healthPart(partition), { ok, detail });
}
