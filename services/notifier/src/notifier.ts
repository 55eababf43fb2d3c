import type { Bus, PartitionAssignment, Subscription } from '@faultline/bus';
import { consumerGroups, type Incident } from '@faultline/model';
import {
  backoffMs,
  type Clock,
  type Component,
  type Health,
  type Logger,
  noTracer,
  type Tracer,
} from '@faultline/runtime';
import type { FastifyPluginAsync } from 'fastify';
import { callbackRoutes } from './callbacks/routes.ts';
import type { Channel } from './channel.ts';
import { createHttpClient } from './channels/http-client.ts';
import { createChannel } from './channels/list.ts';
import type { NotifierConfig } from './config.ts';
import { Outbox, type OutboxTarget } from './outbox/outbox.ts';
import { Sender } from './outbox/sender.ts';
import { renderPage } from './page/page.ts';
import { rawPage } from './page/raw.ts';
import { runPartition } from './partition.ts';
import { createReporter } from './reporter.ts';
import { channelsForLevel, routeIncident, type TakesLevel } from './stages/route.ts';

export interface Notifier {
  /** Rejects when no more pages are sent: the process should end and be restarted. Resolves after a stop. */
  readonly done: Promise<void>;
  /** What comes back from the receivers, for the main HTTP server. */
  readonly routes: FastifyPluginAsync;
}

export interface NotifierOptions {
  readonly bus: Bus;
  readonly config: NotifierConfig;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly health: Health;
  /** Default: nothing is traced. */
  readonly tracer?: Tracer;
  /** HTTP address of this process, read for each page. Links begin with it unless `publicUrl` is set. */
  readonly httpUrl: () => string;
  /** Numbers in [0, 1) for jitter. */
  readonly random01?: () => number;
  /** Receives what the console channel prints. Default: stdout. */
  readonly write?: (text: string) => void;
  /** Replaces the configured channels, one for each entry. For tests. */
  readonly channels?: readonly Channel[];
}

const maxInFlightPerTarget = 4;
const stopGraceMs = 5000;

/** The notifier: sends a page for each incident and keeps it up to date. */
export function createNotifier(options: NotifierOptions): Component<Notifier> {
  return {
    start: async () => {
      const stopping = new AbortController();
      const partitions = new Set<Promise<void>>();
      const runTracked = createRunner(options, stopping.signal);
      const subscription = options.bus.subscribe({
        group: consumerGroups.notifier,
        topics: ['incidents'],
        run: async (assignment) => {
          const work = runTracked(assignment);
          partitions.add(work);
          try {
            await work;
          } finally {
            partitions.delete(work);
          }
          await untilAborted(assignment.signal);
        },
      });
      watch(subscription, options);
      return {
        value: { done: subscription.done, routes: callbackRoutes({ ...options, channels: options.config.channels }) },
        stop: async () => {
          stopping.abort();
          await Promise.allSettled(partitions);
          await subscription.stop();
        },
      };
    },
  };
}

/** Partitions share all but the outbox and the sender. */
function createRunner(
  options: NotifierOptions,
  stopping: AbortSignal,
): (assignment: PartitionAssignment) => Promise<void> {
  const { bus, config, logger, clock, health, tracer = noTracer, random01 = Math.random } = options;
  const write = options.write ?? ((text: string) => void process.stdout.write(text));
  const http = createHttpClient(config);
  const channels =
    options.channels ??
    config.channels.map((channel) => createChannel(channel, { clock, write, http, warn: (text) => logger.warn(text) }));
  const byTarget = new Map(channels.map((channel) => [channel.target, channel]));
  const reporter = createReporter({ channels, health, logger, clock });
  const outboxOptions = {
    targets: outboxTargets(channels, config),
    render: (incident: Incident) => renderSafely(incident, options),
    maxRefusals: config.maxRefusals,
    maxHeldPerTarget: config.maxHeldPerChannel,
    retryDelayMs: (attempts: number) =>
      backoffMs(attempts, { baseMs: config.retryBaseMs, maxMs: config.retryMaxMs }, random01),
    onSkip: reporter.skipped,
  };
  const route = createRoute(channels, config);
  const lastRequests = new Map<string, number>();
  return (assignment) =>
    runPartition(assignment, {
      bus,
      outbox: new Outbox(outboxOptions),
      sender: new Sender({ channels: byTarget, clock, tracer, maxInFlightPerTarget, lastRequests }),
      route,
      clock,
      logger,
      onOutcome: reporter.settled,
      stopping,
      graceMs: stopGraceMs,
    });
}

function outboxTargets(channels: readonly Channel[], config: NotifierConfig): ReadonlyMap<string, OutboxTarget> {
  const targetOf = new Map(channels.map(({ name, target }) => [name, target]));
  return new Map(
    channels.map(({ name, target, capabilities, rate }) => {
      const fallback = config.channels.find((channel) => channel.name === name)?.fallback ?? null;
      return [target, { capabilities, rate, fallback: fallback === null ? null : (targetOf.get(fallback) ?? null) }];
    }),
  );
}

function createRoute(channels: readonly Channel[], config: NotifierConfig): (incident: Incident) => readonly string[] {
  const fallbacks = new Set(config.channels.map(({ fallback }) => fallback));
  const defaults = channels.map(({ name }) => name).filter((name) => !fallbacks.has(name));
  const targetOf = new Map(channels.map(({ name, target }) => [name, target]));
  const levelsOf = new Map(channels.map(({ name, levels }) => [name, levels]));
  const takes: TakesLevel = (name, level) => levelsOf.get(name)?.includes(level) === true;
  return (incident) => {
    const routed = routeIncident(incident, config.routes, defaults);
    return channelsForLevel(incident, routed, defaults, takes).flatMap((name) => targetOf.get(name) ?? []);
  };
}

/** A bug in the rendering must not lose a page. */
function renderSafely(incident: Incident, { config, logger, httpUrl }: NotifierOptions) {
  const publicUrl = (config.publicUrl ?? httpUrl()).replace(/\/$/, '');
  const options = { publicUrl, timeZone: config.timeZone };
  try {
    return renderPage(incident, options);
  } catch (error) {
    logger.error('a page could not be rendered and is sent raw', { incident: incident.id, error: String(error) });
    return rawPage(incident, options);
  }
}

function watch(subscription: Subscription, { logger, health }: NotifierOptions): void {
  subscription.done.catch((error: unknown) => {
    const detail = `no more pages are sent: ${error instanceof Error ? error.message : String(error)}; restart Faultline`;
    logger.error(detail);
    health.set('notifier', { ok: false, detail });
  });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
