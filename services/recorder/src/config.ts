import { z } from 'zod';

const count = (value: number, text: string) => z.int().positive().default(value).describe(text);

/** The section `recorder` of the configuration. */
export const recorderConfig = z.strictObject({
  settleMs: count(10_000, 'A trace session closes when its trace has had no new record for this long, ms'),
  maxTraceAgeMs: count(60_000, 'Longest trace session, ms. A longer trace is split into several sessions'),
  lateLogMs: z
    .int()
    .min(0)
    .max(480_000)
    .default(180_000)
    .describe('How late after its span a log line may arrive and still count for the operation of the span, ms'),
  lateLogItems: count(
    500_000,
    'How many spans, and how many log lines, each partition remembers to match late log lines (about 50 bytes each). They are read again after a restart',
  ),
  clockSlackMs: z
    .int()
    .min(0)
    .default(1_000)
    .describe(
      'How far the clock of the log may be behind ours, or how long a record may take to appear, before it counts as late, ms',
    ),
  cutMaxAgeMs: count(
    1_000,
    'Telemetry is written to the store after this time at the latest, ms. `cutQuietAgeMs` is the limit for quiet times',
  ),
  cutQuietAgeMs: count(
    8_000,
    'While fewer than `cutQuietItems` items wait in a partition and no alert came in the last minute, they may wait this long, ms. Fewer and larger inserts cost less',
  ),
  quietInsertsPerSecond: z
    .number()
    .positive()
    .default(6)
    .describe(
      'About how many inserts a second a process makes at most in quiet times. With many partitions, each of them waits longer than `cutQuietAgeMs` for it, up to 30 s',
    ),
  cutQuietItems: count(5_000, 'Number of waiting items from which on `cutMaxAgeMs` applies'),
  cutMaxItems: count(
    10_000,
    'Most items written to the store at once. More items block other work of the process for longer',
  ),
  cutMaxBytes: count(16_777_216, 'Most bytes of telemetry blocks written to the store at once'),
  maxPendingSpans: count(
    1_000_000,
    'Most spans and log lines in open trace sessions of this process. Above it all open sessions are closed early',
  ),
  storeRetryBaseMs: count(200, 'First wait before an insert is retried, ms. Doubled at each retry'),
  storeRetryMaxMs: count(10_000, 'Longest wait before an insert is retried, ms'),
});

export type RecorderConfig = z.infer<typeof recorderConfig>;
