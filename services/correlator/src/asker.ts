/** Asks the windows, outside the lane's loop: the loop takes the answers when it comes round. What is asked is answered in time. */
import type { Bus } from '@faultline/bus';
import type { EvidenceQuery, EvidenceResult, MissingEvidence } from '@faultline/model';
import { type Clock, type Logger, noTrace, type Span, sleep, type TraceHeaders, type Tracer } from '@faultline/runtime';
import type { EvidenceReader, EvidenceRows } from '@faultline/store';
import type { CorrelatorConfig } from './config.ts';
import { QuestionQueue } from './question-queue.ts';
import { StorePace } from './store-pace.ts';
import { questionSpan, tellAnswered } from './trace.ts';
import { type Mark, missingOfBehind, type RecorderView, type SettledView, takeMarks } from './watermark.ts';

export interface AskerOptions {
  readonly bus: Bus;
  readonly store: EvidenceReader;
  readonly recorder: RecorderView;
  readonly settled: SettledView;
  readonly config: Pick<CorrelatorConfig, 'queryReserveMs' | 'watermarkPollMs' | 'holdBudgetMs'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracer: Tracer;
  /** Aborted when the lane is lost: answers are no longer wanted. */
  readonly signal: AbortSignal;
}

export interface Answered {
  readonly answer: EvidenceResult;
  /** Of the question's span. */
  readonly trace: TraceHeaders;
}

/** A question that comes back after a restart may be past its deadline; it is given this long. */
const leastBudgetMs = 1000;
/**
 * A first page leaves without evidence when its time is over: the core sees to that. What comes this much later still counts, since the next
 * question is seconds away. Shorter than the core keeps a question open.
 */
const lateMs = 2000;
/** Incidents whose first marks are kept. One forgotten starts anew, as after a restart. */
const maxRemembered = 10_000;

export class Asker {
  readonly #options: AskerOptions;
  /** What had come in when an incident was first asked about: settled evidence is that of these traces, as new ones never stop coming. */
  readonly #firstMarks = new Map<string, readonly Mark[]>();
  readonly #later = new QuestionQueue();
  readonly #pace = new StorePace();
  /** Forgotten with the question, answered or not. */
  readonly #askedBy = new WeakMap<EvidenceQuery, TraceHeaders>();
  #answers: Answered[] = [];
  #open = 0;

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /** Whether answers are on their way or waiting to be taken. */
  get isBusy(): boolean {
    return this.#open > 0 || this.#later.size > 0 || this.#answers.length > 0;
  }

  /**
   * Asks: at once for a first page, which waits for it; in its turn otherwise. Never rejects: what goes wrong is said in the answer. One
   * whose turn does not come before its deadline is not answered. `trace`: of what asks.
   */
  ask(asked: EvidenceQuery, trace: TraceHeaders): void {
    const { clock, config } = this.#options;
    const question = { ...asked, deadlineMs: Math.max(asked.deadlineMs, clock() + leastBudgetMs) };
    this.#askedBy.set(question, trace);
    if (isOfFirstPage(asked, config)) void this.#start(question);
    else {
      this.#later.add(question);
      this.#startLater();
    }
  }

  #startLater(): void {
    if (this.#options.signal.aborted) return;
    for (const question of this.#later.next(this.#options.clock()))
      void this.#start(question).then(() => {
        this.#later.ended();
        this.#startLater();
      });
  }

  async #start(question: EvidenceQuery): Promise<void> {
    this.#open += 1;
    const begin = () => questionSpan(question, this.#askedBy.get(question) ?? noTrace);
    const answered = await this.#options.tracer.run(begin, async (span) => {
      const answer = await this.#answer(question, span);
      tellAnswered(span, answer);
      return { answer, trace: span.headers };
    });
    this.#open -= 1;
    this.#answers.push(answered);
  }

  /** The answers that came since the last call. */
  take(): readonly Answered[] {
    const answers = this.#answers;
    this.#answers = [];
    return answers;
  }

  async #answer(question: EvidenceQuery, span: Span): Promise<EvidenceResult> {
    const { clock, config, logger, signal } = this.#options;
    const inTime = new AbortController();
    const endMs = question.deadlineMs + (isOfFirstPage(question, config) ? lateMs : 0);
    const late = sleep(Math.max(0, endMs - clock()), AbortSignal.any([signal, inTime.signal]));
    try {
      const answer = await Promise.race([this.#ask(question, endMs), late.then(() => null)]);
      return answer ?? withoutRows(question, { part: 'store', code: 'timeout', detail: '' });
    } catch (error) {
      span.fail(error);
      logger.warn('evidence could not be read', { question: question.id, error: String(error) });
      return withoutRows(question, { part: 'store', code: 'unreachable', detail: '' });
    } finally {
      inTime.abort();
    }
  }

  /** The recorder is waited for by the question's deadline, the store until `endMs`. */
  async #ask(question: EvidenceQuery, endMs: number): Promise<EvidenceResult> {
    const { bus, settled } = this.#options;
    const marks = await takeMarks(bus);
    const behind = await this.#options.tracer.step(
      () => ({ name: 'wait for recorder' }),
      () => this.#waitForRecorder(question, marks),
    );
    const isSettled = behind.length === 0 && settled.isSettled(this.#marksOf(question.incidentId, marks));
    const rows = await this.#read({ ...question, deadlineMs: endMs });
    return answerOf(question, { ...rows, missing: [...missingOfBehind(behind), ...rows.missing] }, isSettled);
  }

  async #read(question: EvidenceQuery): Promise<EvidenceRows> {
    const { store, clock } = this.#options;
    const beganMs = clock();
    try {
      return await store.answerEvidence(question);
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

  /** Waits until all that had come in is recorded, but leaves the store its time. Gives back what is still behind. */
  async #waitForRecorder(question: EvidenceQuery, marks: readonly Mark[]): ReturnType<RecorderView['behind']> {
    const { recorder, clock, config, signal } = this.#options;
    const budgetMs = question.deadlineMs - clock();
    const untilMs = question.deadlineMs - this.#pace.reserveMs(budgetMs, config.queryReserveMs);
    for (;;) {
      const behind = await recorder.behind(marks);
      if (behind.length === 0 || signal.aborted || clock() >= untilMs) return behind;
      await sleep(config.watermarkPollMs, signal);
    }
  }
}

function isOfFirstPage({ askedAtMs, deadlineMs }: EvidenceQuery, { holdBudgetMs }: AskerOptions['config']): boolean {
  return deadlineMs - askedAtMs <= holdBudgetMs;
}

/** The journal keeps JSON: the core is given what a replay will read, to the last number. */
function answerOf(question: EvidenceQuery, rows: EvidenceRows, settled: boolean): EvidenceResult {
  const answer: EvidenceResult = { questionId: question.id, incidentId: question.incidentId, settled, ...rows };
  return JSON.parse(JSON.stringify(answer)) as EvidenceResult;
}

function withoutRows(question: EvidenceQuery, missing: MissingEvidence): EvidenceResult {
  const rows = { operations: [], edges: [], templates: [], children: [], series: [], presence: [], past: [] };
  const watermarks = { spans: 0, logs: 0, metrics: 0 };
  return answerOf(question, { slices: question.slices, watermarks, missing: [missing], ...rows }, false);
}
