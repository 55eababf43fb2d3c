import type { Bus } from '@faultline/bus';
import type { Clock, Health, Logger, Tracer } from '@faultline/runtime';
import type { StoreWriter } from '@faultline/store';
import type { RecorderConfig } from '../config.ts';
import type { AlertWatch } from './alert-watch.ts';
import type { RecorderMetrics } from './metrics.ts';

/** What the recorder's loops depend on. */
export interface RecorderParts {
  readonly bus: Bus;
  readonly store: StoreWriter;
  readonly config: RecorderConfig;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly health: Health;
}

/** Plus what the loops share. */
export interface LoopParts extends RecorderParts {
  readonly alerts: AlertWatch;
  readonly metrics: RecorderMetrics;
  readonly tracer: Tracer;
}

/** What all partitions of the process hold together. */
export interface PendingCount {
  /** Spans and log lines in open sessions. */
  items: number;
  /** Partitions that are being recorded. */
  partitions: number;
}
