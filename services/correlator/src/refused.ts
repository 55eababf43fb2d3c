/** What follows when the log refuses a commit as too large, and when a record was not taken: smaller records, a red part of health, a log line. */
import type { Commit, LogRecord } from '@faultline/bus';
import { parseScope } from '@faultline/model';
import { AppError, type Clock, type Logger } from '@faultline/runtime';
import type { RefusedRecord } from './batch.ts';
import { correlatorErrors } from './errors.ts';
import type { Failures } from './failures.ts';
import type { PartitionHealth } from './partition-health.ts';
import type { SizeLimit } from './size-limit.ts';

interface RefusedOptions {
  readonly config: { readonly batchRecords: number };
  readonly failures: Failures;
  readonly health: PartitionHealth;
  readonly sizeLimit: SizeLimit;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface RefusedRound {
  readonly partition: number;
  readonly commit: Commit;
  readonly records: readonly LogRecord[];
}

/** The error that ends the loop. After a commit that is too large the next run tries a smaller one, so the error is transient. */
export function refusedCommit(
  error: unknown,
  { partition, commit, records }: RefusedRound,
  { config, failures, health, sizeLimit, clock, logger }: RefusedOptions,
): unknown {
  if (!(error instanceof AppError) || error.code !== 'BUS_RECORD_TOO_LARGE') return error;
  const { maxRecordBytes } = sizeLimit;
  const largest = largestOf(commit);
  const next = sizeLimit.refused(records.length, config.batchRecords);
  const [record] = records;
  const reason = `the log refused a commit with a record of ${largest.bytes} bytes for topic ${largest.topic}, key ${largest.key}`;
  if (next === 'refuse' && record !== undefined)
    failures.refuse(record, { code: 'CORRELATOR_INPUT_TOO_LARGE', reason });
  const inputs =
    records.length === 0 ? 'no input' : `${records.length} inputs from ${records.slice(0, 1).map(inputText)}`;
  health.refused(partition, `${reason}; ${inputs}`, clock());
  logger.error('the log refused a commit as too large', {
    code: 'CORRELATOR_COMMIT_TOO_LARGE',
    partition,
    inputs,
    ...largest,
    triedBytes: maxRecordBytes,
    nextBytes: sizeLimit.maxRecordBytes,
    next,
    whatToDo: correlatorErrors.CORRELATOR_COMMIT_TOO_LARGE,
  });
  return new AppError('CORRELATOR_COMMIT_TOO_LARGE', reason, { kind: 'transient', cause: error });
}

/** After the commit: what was paged without correlation, or not at all, is seen in health. */
export function reportRefusals(
  refusals: readonly RefusedRecord[],
  partition: number,
  { health, clock, logger }: Pick<RefusedOptions, 'health' | 'clock' | 'logger'>,
): void {
  for (const { record, reason } of refusals)
    logger.error('a record cannot be taken and becomes a dead letter', { input: inputText(record), reason });
  const last = refusals.at(-1);
  if (last === undefined) return;
  const others = refusals.length === 1 ? '' : `, and ${refusals.length - 1} more`;
  health.refused(partition, `${inputText(last.record)} became a dead letter: ${cut(last.reason)}${others}`, clock());
}

function inputText({ topic, partition, offset, key, value }: LogRecord): string {
  const tenant = parseScope(key)?.tenant ?? 'unknown';
  return `${topic}/${partition}/${offset} of tenant ${cut(tenant)} (${value?.length ?? 0} bytes)`;
}

function largestOf({ records }: Commit): { readonly topic: string; readonly key: string; readonly bytes: number } {
  const sized = records.map(({ topic, key, value }) => ({
    topic,
    key: cut(key),
    bytes: Buffer.byteLength(key) + (value?.length ?? 0),
  }));
  return sized.reduce((a, b) => (b.bytes > a.bytes ? b : a), { topic: '', key: '', bytes: 0 });
}

const maxChars = 200;

function cut(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1)}…`;
}
