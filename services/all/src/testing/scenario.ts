/**
 * A scenario for a whole Faultline through its real ports, with its own clock. `at` advances the clock; `between` says when something
 * must be seen. The clock runs as fast as the real one and skips waits.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Started } from '@faultline/runtime';
import { type App, loadAppConfig, startApp } from '../index.ts';
import { callGrpc } from './grpc.ts';
import { type Pager, startPager } from './pager.ts';

export interface Scenario {
  readonly folder: string;
  readonly pager: Pager;
  /** The clock of the process, epoch ms. */
  nowMs(): number;
  /** Advances the clock to this many seconds after the start. */
  at(seconds: number): void;
  /** Looks until something is found. Fails when it is found before `from`, or not by `to`, in seconds after the start. */
  between<Found>(from: number, to: number, look: () => Promise<Found | null> | Found | null): Promise<Found>;
  post(path: string, body: object): Promise<Response>;
  get<Answer>(path: string): Promise<Answer>;
  sendTraces(request: object): Promise<void>;
  grpc(rpc: string, request: object): Promise<unknown>;
  /** The address of the API. */
  url(): string;
  restart(): Promise<void>;
  stop(): Promise<void>;
  end(): Promise<void>;
}

/** What a scenario runs on: one process, or many. */
export interface Environment {
  start(): Promise<void>;
  /** Does nothing when it is stopped. */
  stop(): Promise<void>;
  /** Base addresses. Throws when it is stopped. */
  addresses(): StageAddresses;
  /** Additional seconds until something must be seen. */
  readonly graceSeconds: number;
}

export interface StageAddresses {
  /** Addresses of the webhooks, the API, and OTLP over HTTP. */
  readonly ingest: string;
  readonly api: string;
  readonly otlp: string;
  readonly grpc: string;
}

export interface EnvironmentOptions {
  readonly folder: string;
  readonly pagerUrl: string;
  /** Skips waits, so it works within this process only. */
  readonly clock: Clock;
}

const lookEveryMs = 20;

/** Starts one process on a new folder, and a pager. `settings` are sections on top of `scenarioSettings`. */
export function startScenario(settings: object = {}): Promise<Scenario> {
  return startScenarioOn((options) => appEnvironment(options, settings));
}

/** Starts the environment that `environmentOf` creates, on a new folder, and a pager. */
export async function startScenarioOn(environmentOf: (options: EnvironmentOptions) => Environment): Promise<Scenario> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-scenario-'));
  const pager = await startPager();
  let skippedMs = 0;
  const nowMs = () => Date.now() + skippedMs;
  const environment = environmentOf({ folder, pagerUrl: pager.url, clock: nowMs });
  await environment.start();
  const beginMs = Date.now();
  return {
    folder,
    pager,
    nowMs,
    at: (seconds) => {
      skippedMs += Math.max(0, beginMs + seconds * 1000 - nowMs());
    },
    between: async (from, to, look) => {
      for (;;) {
        const found = await look();
        const seconds = (nowMs() - beginMs) / 1000;
        if (found !== null && seconds >= from) return found;
        if (found !== null) throw new Error(`seen at ${seconds} s already, before ${from} s`);
        if (seconds > to + environment.graceSeconds) throw new Error(`not seen by ${to} s: ${look}`);
        await delay(lookEveryMs);
      }
    },
    post: (path, body) => send(placeOf(environment.addresses(), path) + path, body),
    get: async <Answer>(path: string) =>
      (await (await fetch(placeOf(environment.addresses(), path) + path)).json()) as Answer,
    sendTraces: async (request) => {
      const answer = await send(`${environment.addresses().otlp}/v1/traces`, request);
      if (!answer.ok) throw new Error(await answer.text());
    },
    grpc: (rpc, request) => callGrpc(environment.addresses().grpc, rpc, request),
    url: () => environment.addresses().api,
    restart: async () => {
      await environment.stop();
      await environment.start();
    },
    stop: () => environment.stop(),
    end: async () => {
      await environment.stop();
      await pager.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function placeOf({ ingest, api }: StageAddresses, path: string): string {
  return /^\/(ingest|v2)\//.test(path) ? ingest : api;
}

/** All services in this process. */
function appEnvironment({ folder, pagerUrl, clock }: EnvironmentOptions, settings: object): Environment {
  let app: Started<App> | null = null;
  return {
    graceSeconds: 0,
    start: async () => {
      const config = loadAppConfig({ folder, env: {}, overrides: { ...scenarioSettings(pagerUrl), ...settings } });
      app = await startApp(config, { clock });
    },
    stop: async () => {
      await app?.stop();
      app = null;
    },
    addresses: () => {
      if (app === null) throw new Error('the process is stopped');
      const { http, otlpHttp, queryGrpc } = app.value.addresses;
      return { ingest: http, api: http, otlp: otlpHttp ?? '', grpc: queryGrpc ?? '' };
    },
  };
}

/** The configuration of every scenario. */
export function scenarioSettings(pagerUrl: string): object {
  return {
    http: { port: 0 },
    log: { level: 'error' },
    // The meter is global to the process and cannot start twice.
    telemetry: { enabled: false },
    ingest: { otlpHttp: { port: 0 }, otlpGrpc: { port: 0 } },
    query: { port: 0, consoleFolder: '' },
    notifier: { channels: [{ type: 'webhook', name: 'pager', url: pagerUrl, secret: 'a-secret-of-the-test' }] },
  };
}

function send(url: string, body: object): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
}
