import { consumerGroups } from '@faultline/model';
import { type Component, noTracer, type Tracer } from '@faultline/runtime';
import type { Store } from '@faultline/store';
import { telemetryTopics } from './checkpoint/state.ts';
import { reportDamage } from './damage/report.ts';
import { historyTopics, runHistoryPartition } from './history/loop.ts';
import { AlertWatch } from './partition/alert-watch.ts';
import { runPartition } from './partition/loop.ts';
import { createRecorderMetrics } from './partition/metrics.ts';
import type { RecorderParts } from './partition/parts.ts';

export interface RecorderOptions extends RecorderParts {
  /** Default: no tracing. */
  readonly tracer?: Tracer;
  /** Says which parts of the store are damaged. Default: none ever is. */
  readonly onDamaged?: Store['onDamaged'];
}

/** A running recorder. */
export interface Recorder {
  /** Resolves after `stop`. Rejects when a loop failed permanently. */
  readonly done: Promise<void>;
}

/**
 * Creates the recorder. `start` resolves at once; the loops first finish what a crash left undone. `stop` waits for the
 * batch that is being inserted, unless the store is unavailable. Then the batch is inserted after the next start.
 */
export function createRecorder(options: RecorderOptions): Component<Recorder> {
  return {
    start: async () => {
      const { tracer = noTracer } = options;
      const parts = { ...options, tracer, metrics: createRecorderMetrics(), alerts: new AlertWatch(options) };
      const pending = { items: 0, partitions: 0 };
      const telemetry = parts.bus.subscribe({
        group: consumerGroups.recorder,
        topics: telemetryTopics,
        run: (assignment) => runPartition(parts, assignment, pending),
      });
      const history = parts.bus.subscribe({
        group: consumerGroups.recorderHistory,
        topics: historyTopics,
        run: (assignment) => runHistoryPartition(parts, assignment),
      });
      const { onDamaged } = options;
      const endReport = onDamaged === undefined ? async () => {} : reportDamage({ ...parts, onDamaged });
      const done = Promise.all([telemetry.done, history.done]).then(() => undefined);
      done.catch((error: unknown) => reportFailure(parts, error));
      parts.health.set('recorder', { ok: true, detail: 'recording' });
      return {
        value: { done },
        stop: async () => {
          await Promise.all([telemetry.stop(), history.stop(), endReport()]);
          parts.health.remove('recorder');
        },
      };
    },
  };
}

function reportFailure({ health, logger }: RecorderParts, error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  health.set('recorder', { ok: false, detail: `the recorder has stopped: ${detail}` });
  logger.error('the recorder has stopped', { reason: detail });
}
