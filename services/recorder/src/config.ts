import { z } from 'zod';

const count = (value: number, text: string) => z.int().positive().default(value).describe(text);

/** The section `recorder` of the configuration. */
export const recorderConfig = z.strictObject({
  settleMs: count(10_000, 'A trace is settled when so much time passes without news of it'),
  maxTraceAgeMs: count(60_000, 'A trace that goes on longer is settled in pieces of this length'),
  lateLogMs: z
    .int()
    .min(0)
    .max(480_000)
    .default(180_000)
    .describe('A log line that comes at most so long after its span still counts for the operation of the span'),
  lateLogItems: count(
    500_000,
    'Spans, and as many lines, that a partition remembers for late lines (about 50 bytes each); read again after a restart',
  ),
  clockSlackMs: z
    .int()
    .min(0)
    .default(1_000)
    .describe("How far the log's clock may be behind ours, or a record may take to appear, before it counts as late"),
  cutMaxAgeMs: count(1_000, 'Telemetry is written to the store at the latest after this time'),
  cutMaxItems: count(10_000, 'Items written to the store at once; more holds up other work of the process for longer'),
  cutMaxBytes: count(16_777_216, 'Bytes of blocks written to the store at once'),
  maxPendingSpans: count(
    1_000_000,
    'Spans and log lines in open traces, in this process; above it all open traces are settled early',
  ),
  storeRetryBaseMs: count(200, 'First wait when the store cannot take rows; doubled each time'),
  storeRetryMaxMs: count(10_000, 'Longest wait when the store cannot take rows'),
});

export type RecorderConfig = z.infer<typeof recorderConfig>;
