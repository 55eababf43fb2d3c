/** Runs evidence queries beside the partition's loop, which collects the results in each round. Every query ends by its deadline. */
import type { Bus } from '@faultline/bus';
import type { EvidenceQuery, EvidenceResult, MissingEvidence } from '@faultline/model';
import { type Clock, type Logger, noTrace, type Span, sleep, type TraceHeaders, type Tracer } from '@faultline/runtime';
import type { EvidenceReader, EvidenceRows } from '@faultline/store';
import type { CorrelatorConfig } from './config.ts';
import { QueryQueue } from './query-queue.ts';
import { StorePace } from './store-pace.ts';
import { querySpan, recordResult } from './trace.ts';
import {
  type Mark,
  missingOfBehind,
  type RecorderView,
  recordedUntil,
  type SettledView,
  takeMarks,
} from './watermark.ts';

interface EvidenceClientOptions {
  readonly bus: Bus;
  readonly store: EvidenceReader;
  readonly recorder: RecorderView;
  readonly settled: SettledView;
  readonly config: Pick<CorrelatorConfig, 'queryReserveMs' | 'watermarkPollMs' | 'holdBudgetMs'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracer: Tracer;
  /** Aborted when the partition is revoked: results are no longer wanted. */
  readonly signal: AbortSignal;
}

export interface Received {
  readonly result: EvidenceResult;
  /** Of the query's span. */
  readonly trace: TraceHeaders;
}

/** A query that is repeated after a restart may be past its deadline, so it gets at least this long. */
const leastBudgetMs = 1000;
/**
 * The core sends a first page without evidence when the hold budget is over. A result that is this late still counts, since the next
 * query is seconds away. Shorter than the core keeps a query open.
 */
const lateMs = 2000;
/** Incidents whose first marks are kept. One that is dropped starts anew, as after a restart. */
const maxRemembered = 10_000;

export class EvidenceClient {
  readonly #options: EvidenceClientOptions;
  /** What had arrived at the first query of an incident. Evidence is settled when these traces are, as new ones never stop. */
  readonly #firstMarks = new Map<string, readonly Mark[]>();
  readonly #later = new QueryQueue();
  readonly #pace = new StorePace();
  /** The trace of the round that wants the query. */
  readonly #causes = new WeakMap<EvidenceQuery, TraceHeaders>();
  #results: Received[] = [];
  #open = 0;

  constructor(options: EvidenceClientOptions) {
    this.#options = options;
  }

  /** Whether results are on their way or not collected yet. */
  get isBusy(): boolean {
    return this.#open > 0 || this.#later.size > 0 || this.#results.length > 0;
  }

  /**
   * Starts a query: at once for a first page, which waits for it; otherwise when its turn comes. A failure becomes a result with `missing`.
   * A query whose turn does not come before its deadline has no result. `trace`: of the round that wants it.
   */
  read(wanted: EvidenceQuery, trace: TraceHeaders): void {
    const { clock, config } = this.#options;
    const query = { ...wanted, deadlineMs: Math.max(wanted.deadlineMs, clock() + leastBudgetMs) };
    this.#causes.set(query, trace);
    if (isOfFirstPage(wanted, config)) void this.#start(query);
    else {
      this.#later.add(query);
      this.#startLater();
    }
  }

  #startLater(): void {
    if (this.#options.signal.aborted) return;
    for (const query of this.#later.next(this.#options.clock()))
      void this.#start(query).then(() => {
        this.#later.ended();
        this.#startLater();
      });
  }

  async #start(query: EvidenceQuery): Promise<void> {
    this.#open += 1;
    const begin = () => querySpan(query, this.#causes.get(query) ?? noTrace);
    const received = await this.#options.tracer.run(begin, async (span) => {
      const result = await this.#query(query, span);
      recordResult(span, result);
      return { result, trace: span.headers };
    });
    this.#open -= 1;
    this.#results.push(received);
  }

  /** The results since the last call. */
  take(): readonly Received[] {
    const results = this.#results;
    this.#results = [];
    return results;
  }

  async #query(query: EvidenceQuery, span: Span): Promise<EvidenceResult> {
    const { clock, config, logger, signal } = this.#options;
    const inTime = new AbortController();
    const endMs = query.deadlineMs + (isOfFirstPage(query, config) ? lateMs : 0);
    const late = sleep(Math.max(0, endMs - clock()), AbortSignal.any([signal, inTime.signal]));
    try {
      const result = await Promise.race([this.#collect(query, endMs), late.then(() => null)]);
      return result ?? withoutRows(query, { part: 'store', code: 'timeout', detail: '' });
    } catch (error) {
      span.fail(error);
      logger.warn('evidence could not be read', { query: query.id, error: String(error) });
      return withoutRows(query, { part: 'store', code: 'unreachable', detail: '' });
    } finally {
      inTime.abort();
    }
  }

  /** Waits for the recorder until the query's deadline, and for the store until `endMs`. */
  async #collect(query: EvidenceQuery, endMs: number): Promise<EvidenceResult> {
    const { bus, settled } = this.#options;
    const marks = await takeMarks(bus);
    const behind = await this.#options.tracer.step(
      () => ({ name: 'wait for recorder' }),
      () => this.#waitForRecorder(query, marks),
    );
    const isSettled = behind.length === 0 && settled.isSettled(this.#marksOf(query.incidentId, marks));
    const [rows, recordedUntilMs] = await Promise.all([
      this.#read({ ...query, deadlineMs: endMs }),
      recordedUntil(bus, behind),
    ]);
    const missing = [...missingOfBehind(behind), ...rows.missing];
    return resultOf(query, { ...rows, ...(behind.length > 0 && { recordedUntilMs }), missing }, isSettled);
  }

  async #read(query: EvidenceQuery): Promise<EvidenceRows> {
    const { store, clock } = this.#options;
    const beganMs = clock();
    try {
      return await store.answerEvidence(query);
    } finally {
      this.#pace.note(clock() - beganMs);
    }
  }

  #marksOf(incidentId: string, marks: readonly Mark[]): readonly Mark[] {
    const first = this.#firstMarks.get(incidentId) ?? marks;
    this.#firstMarks.set(incidentId, first);
    const [oldest] = this.#firstMarks.keys();
    if (this.#firstMarks.size > maxRemembered && oldest !== undefined) this.#firstMarks.delete(oldest);
    return first;
  }

  /** Waits until everything that had arrived is recorded, but leaves the store its time. Returns what is still behind. */
  async #waitForRecorder(query: EvidenceQuery, marks: readonly Mark[]): ReturnType<RecorderView['behind']> {
    const { recorder, clock, config, signal } = this.#options;
    const budgetMs = query.deadlineMs - clock();
    const untilMs = query.deadlineMs - this.#pace.reserveMs(budgetMs, config.queryReserveMs);
    for (;;) {
      const behind = await recorder.behind(marks);
      if (behind.length === 0 || signal.aborted || clock() >= untilMs) return behind;
      await sleep(config.watermarkPollMs, signal);
    }
  }
}

function isOfFirstPage(
  { askedAtMs, deadlineMs }: EvidenceQuery,
  { holdBudgetMs }: EvidenceClientOptions['config'],
): boolean {
  return deadlineMs - askedAtMs <= holdBudgetMs;
}

/** The journal keeps JSON, so the core gets exactly what a replay will read. */
function resultOf(query: EvidenceQuery, rows: EvidenceRows, settled: boolean): EvidenceResult {
  const result: EvidenceResult = { questionId: query.id, incidentId: query.incidentId, settled, ...rows };
  return JSON.parse(JSON.stringify(result)) as EvidenceResult;
}

function withoutRows(query: EvidenceQuery, missing: MissingEvidence): EvidenceResult {
  const rows = { operations: [], edges: [], templates: [], children: [], series: [], presence: [], past: [] };
  const watermarks = { spans: 0, logs: 0, metrics: 0 };
  return resultOf(query, { slices: query.slices, watermarks, missing: [missing], ...rows }, false);
}
