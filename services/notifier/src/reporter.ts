/** Reports outcomes of the channels to health, log and metrics. Decides nothing. */
import type { Clock, Health, Logger } from '@faultline/runtime';
import { metrics } from '@opentelemetry/api';
import type { Channel } from './channel.ts';
import { ChannelError } from './errors.ts';
import type { Outcome } from './outbox/job.ts';
import type { SkipReason } from './stages/decide.ts';

export interface ReporterOptions {
  readonly channels: readonly Channel[];
  readonly health: Health;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Transient failures in a row before a channel counts as unhealthy. Single ones are noise. */
const unhealthyAfter = 3;

export function createReporter({ channels, health, logger, clock }: ReporterOptions) {
  const meter = metrics.getMeter('faultline');
  const sends = meter.createCounter('faultline_notifier_sends', {
    description: 'Tries to send a page, by outcome.',
  });
  const skips = meter.createCounter('faultline_notifier_skips', {
    description: 'Revisions that were not sent to a channel, by reason.',
  });
  const firstPageSeconds = meter.createHistogram('faultline_notifier_first_page_seconds', {
    description: 'Time from the receipt of the first alert to the page.',
    advice: { explicitBucketBoundaries: [0.5, 1, 2, 3, 5, 10, 30, 60, 300] },
  });
  const names = new Map(channels.map(({ target, name }) => [target, name]));
  const failuresInARow = new Map<string, number>();

  const failed = (channel: string, error: unknown) => {
    const failures = (failuresInARow.get(channel) ?? 0) + 1;
    failuresInARow.set(channel, failures);
    const isRefusal = !(error instanceof ChannelError) || error.kind === 'permanent';
    const text = error instanceof Error ? error.message : String(error);
    logger.warn('a page was not sent', {
      channel,
      failures,
      error: text,
      code: error instanceof ChannelError ? error.code : 'bug',
    });
    if (isRefusal || failures >= unhealthyAfter)
      health.set(`notifier/${channel}`, { ok: false, detail: `${failures} failed tries in a row: ${text}` });
  };

  return {
    settled: (outcome: Outcome): void => {
      const { target, action, incident, intended } = outcome.job;
      const channel = names.get(target) ?? target;
      sends.add(1, { channel, action, outcome: outcome.ok ? 'sent' : 'failed' });
      if (!outcome.ok) {
        failed(channel, outcome.error);
        return;
      }
      failuresInARow.set(channel, 0);
      health.set(`notifier/${channel}`, { ok: true, detail: 'the last page was accepted' });
      if (action === 'send' && intended.messageId === '')
        firstPageSeconds.record((clock() - incident.detectedAtMs) / 1000, { channel });
    },
    skipped: (target: string, reason: SkipReason): void =>
      skips.add(1, { channel: names.get(target) ?? target, reason }),
  };
}
