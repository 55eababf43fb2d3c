import { AppError } from '@faultline/runtime';
import type { LogRecord } from './port.ts';

export interface PoisonOptions {
  /** Handles records together; called again with fewer of them after it threw. Must do nothing lasting when it throws. */
  readonly handle: (records: readonly LogRecord[]) => Promise<void>;
  /** Takes a record whose handling failed twice on its own. */
  readonly deadLetter: (record: LogRecord, error: unknown) => Promise<void>;
}

/**
 * Handles a batch so that one bad record does not stop the rest. Throws on transient errors and on BUS_FENCED (run the batch again); otherwise halves the batch
 * until the record to blame is alone, tries it once more and gives it to `deadLetter`. Order is kept.
 */
export async function handleEach(records: readonly LogRecord[], options: PoisonOptions): Promise<void> {
  if (records.length === 0) return;
  const error = await failureOf(() => options.handle(records));
  if (error === undefined) return;
  const [only] = records;
  if (records.length > 1 || only === undefined) {
    const middle = Math.ceil(records.length / 2);
    await handleEach(records.slice(0, middle), options);
    await handleEach(records.slice(middle), options);
    return;
  }
  const again = await failureOf(() => options.handle(records));
  if (again !== undefined) await options.deadLetter(only, again.cause);
}

async function failureOf(work: () => Promise<void>): Promise<{ cause: unknown } | undefined> {
  try {
    await work();
    return undefined;
  } catch (cause) {
    if (isNotTheRecordsFault(cause)) throw cause;
    return { cause };
  }
}

function isNotTheRecordsFault(error: unknown): boolean {
  return error instanceof AppError && (error.kind === 'transient' || error.code === 'BUS_FENCED');
}
