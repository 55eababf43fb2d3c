import type { Bus } from '@faultline/bus';
import type { Clock, Health, Logger, Tracer } from '@faultline/runtime';
import type { StoreWriter } from '@faultline/store';
import type { RecorderConfig } from '../config.ts';
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

/** After an alert, telemetry is recorded without waiting for more of it. */
export interface Urgency {
  /** Epoch ms. */
  untilMs: number;
}

/** Plus what the loops share. */
export interface LoopParts extends RecorderParts {
  readonly urgency: Urgency;
  readonly metrics: RecorderMetrics;
  readonly tracer: Tracer;
}
