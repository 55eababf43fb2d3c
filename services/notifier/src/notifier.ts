import type { Bus, PartitionAssignment, Subscription } from '@faultline/bus';
import { consumerGroups, type Incident } from '@faultline/model';
import {
  type Authenticator,
  backoffMs,
  type Clock,
  type Component,
  type Health,
  type Logger,
  noTracer,
  sleep,
  type Tracer,
} from '@faultline/runtime';
import type { FastifyPluginAsync } from 'fastify';
import { callbackRoutes, publish } from './callbacks/routes.ts';
import type { Channel } from './channel.ts';
import { createHttpClient, type HttpClient } from './channels/http-client.ts';
import { createChannel, definitionOf } from './channels/list.ts';
import type { NotifierConfig } from './config.ts';
import { Roster } from './on-call/roster.ts';
import { onCallRoutes } from './on-call/routes.ts';
import { Outbox, type OutboxTarget } from './outbox/outbox.ts';
import { Sender } from './outbox/sender.ts';
import type { PageContext } from './page/context.ts';
import { type Page, renderPage } from './page/page.ts';
import { rawPage } from './page/raw.ts';
import { type Route, runPartition } from './partition.ts';
import { planRules } from './preview.ts';
import { createReporter } from './reporter.ts';
import { dependsOnTime, type PlanRules, planOf } from './stages/plan.ts';

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
  /** Left out: who is on call is shown without a token. */
  readonly authenticator?: Authenticator;
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
      const http = createHttpClient(options.config);
      const roster = new Roster({ ...options, http, schedules: options.config.schedules });
      const refreshing = await startRoster(roster, options, stopping.signal);
      const runTracked = createRunner(options, { http, roster }, stopping.signal);
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
      const listening = listenToChannels(options, stopping.signal);
      return {
        value: { done: subscription.done, routes: routesOf(options, roster) },
        stop: async () => {
          stopping.abort();
          await Promise.allSettled([...partitions, ...listening, refreshing.done]);
          await subscription.stop();
        },
      };
    },
  };
}

/** Connections by which people's acts come back. */
function listenToChannels(options: NotifierOptions, signal: AbortSignal): readonly Promise<void>[] {
  const { config, logger, random01 = Math.random } = options;
  return config.channels.flatMap((channel) => {
    const listening = definitionOf(channel.type).listen?.(channel, {
      publish: (commands) => publish(commands, channel.name, { ...options, channels: config.channels }),
      warn: (text) => logger.warn(text, { channel: channel.name }),
      random01,
      signal,
    });
    return listening ?? [];
  });
}

function routesOf(options: NotifierOptions, roster: Roster): FastifyPluginAsync {
  return async (server) => {
    await server.register(callbackRoutes({ ...options, channels: options.config.channels }));
    await server.register(onCallRoutes({ ...options, roster }));
  };
}

/** Partitions share all but the outbox and the sender. */
function createRunner(
  options: NotifierOptions,
  { http, roster }: { readonly http: HttpClient; readonly roster: Roster },
  stopping: AbortSignal,
): (assignment: PartitionAssignment) => Promise<void> {
  const { bus, config, logger, clock, health, tracer = noTracer, random01 = Math.random } = options;
  const write = options.write ?? ((text: string) => void process.stdout.write(text));
  const channels =
    options.channels ??
    config.channels.map((channel) => createChannel(channel, { clock, write, http, warn: (text) => logger.warn(text) }));
  const rules = rulesOf(channels, config, roster);
  const byTarget = new Map(channels.map((channel) => [channel.target, channel]));
  const reporter = createReporter({ channels, health, logger, clock });
  const outboxOptions = {
    targets: outboxTargets(channels, config),
    render: (incident: Incident, atMs: number) =>
      renderSafely(incident, options, () => planOf(incident, atMs, rules).context),
    maxRefusals: config.maxRefusals,
    maxHeldPerTarget: config.maxHeldPerChannel,
    retryDelayMs: (attempts: number) =>
      backoffMs(attempts, { baseMs: config.retryBaseMs, maxMs: config.retryMaxMs }, random01),
    onSkip: reporter.skipped,
  };
  const targetOf = new Map(channels.map(({ name, target }) => [name, target]));
  const route = (incident: Incident, atMs: number): Route => {
    const plan = planOf(incident, atMs, rules);
    return { ...plan, targets: plan.channels.flatMap((name) => targetOf.get(name) ?? []) };
  };
  const lastRequests = new Map<string, number>();
  return (assignment) =>
    runPartition(assignment, {
      bus,
      outbox: new Outbox(outboxOptions),
      sender: new Sender({ channels: byTarget, clock, tracer, maxInFlightPerTarget, lastRequests }),
      route,
      dependsOnTime: dependsOnTime(rules),
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

/** The levels are those of the channels that run, which a test may have replaced. */
function rulesOf(channels: readonly Channel[], config: NotifierConfig, roster: Roster): PlanRules {
  const levels = new Map(channels.map((channel) => [channel.name, channel.levels]));
  return {
    ...planRules(config, (schedule, atMs) => roster.peopleAt(schedule, atMs)),
    takes: (name, level) => levels.get(name)?.includes(level) === true,
  };
}

/** A bug in the rendering must not lose a page. */
function renderSafely(
  incident: Incident,
  { config, logger, httpUrl }: NotifierOptions,
  contextOf: () => PageContext,
): Page {
  const publicUrl = (config.publicUrl ?? httpUrl()).replace(/\/$/, '');
  const options = { publicUrl, timeZone: config.timeZone };
  try {
    return renderPage(incident, options, contextOf());
  } catch (error) {
    logger.error('a page could not be rendered and is sent raw', { incident: incident.id, error: String(error) });
    return rawPage(incident, options);
  }
}

/** Paging must not wait for a schedule that cannot be read now. */
const longestRosterWaitMs = 5000;

/** Resolves once the schedules were read, or after a while. Health and log say which cannot be read. */
async function startRoster(
  roster: Roster,
  { config, health, logger }: NotifierOptions,
  signal: AbortSignal,
): Promise<{ readonly done: Promise<unknown> }> {
  if (config.schedules.length === 0) return { done: Promise.resolve() };
  let last = '';
  const report = (problems: readonly string[]) => {
    const detail = problems.join('; ');
    if (detail === last) return;
    last = detail;
    if (detail === '') return health.remove('notifier/schedules');
    health.set('notifier/schedules', { ok: false, detail });
    logger.warn('a schedule cannot be read; its last shifts are used', {
      code: 'NOTIFIER_SCHEDULE_UNREADABLE',
      detail,
    });
  };
  const first = roster.refresh(signal).then(report);
  await Promise.race([first, sleep(longestRosterWaitMs, signal)]);
  return { done: Promise.all([first, roster.run(config.scheduleReloadMs, report, signal)]) };
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
