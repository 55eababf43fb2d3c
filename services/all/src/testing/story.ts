/**
 * A story told to a whole Faultline through its real ports, by its own clock: `at` lets time pass up to a moment, `between` says when
 * something has to be seen. The clock goes as fast as the real one and jumps over waits.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Started } from '@faultline/runtime';
import { type App, loadAppConfig, startApp } from '../index.ts';
import { callGrpc } from './grpc.ts';
import { type Pager, startPager } from './pager.ts';

export interface Story {
  readonly folder: string;
  readonly pager: Pager;
  /** The clock of the process, epoch ms. */
  nowMs(): number;
  /** Lets the clock come to this many seconds after the beginning. */
  at(seconds: number): void;
  /** Looks until something is found. Fails when that is not so by `to` seconds after the beginning, or so before `from`. */
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

/** What a story is told to: one process, or many. */
export interface Stage {
  start(): Promise<void>;
  /** Safe when it does not run. */
  stop(): Promise<void>;
  /** Base addresses; throws when it does not run. */
  addresses(): StageAddresses;
  /** How much later than told something may be seen, seconds. */
  readonly graceSeconds: number;
}

export interface StageAddresses {
  /** Of webhooks, of the API, and of OTLP over HTTP. */
  readonly ingest: string;
  readonly api: string;
  readonly otlp: string;
  readonly grpc: string;
}

export interface StageOptions {
  readonly folder: string;
  readonly pagerUrl: string;
  /** Jumps over waits: only who is in this process can go by it. */
  readonly clock: Clock;
}

const lookEveryMs = 20;

/** Starts one process on a fresh folder and a receiver of its pages. `settings` are sections of the configuration, over those of every story. */
export function beginStory(settings: object = {}): Promise<Story> {
  return beginStoryOn((options) => appStage(options, settings));
}

/** Starts what is made by `stageOf`, on a fresh folder, and a receiver of its pages. */
export async function beginStoryOn(stageOf: (options: StageOptions) => Stage): Promise<Story> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-story-'));
  const pager = await startPager();
  let skippedMs = 0;
  const nowMs = () => Date.now() + skippedMs;
  const stage = stageOf({ folder, pagerUrl: pager.url, clock: nowMs });
  await stage.start();
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
        if (seconds > to + stage.graceSeconds) throw new Error(`not seen by ${to} s: ${look}`);
        await delay(lookEveryMs);
      }
    },
    post: (path, body) => send(placeOf(stage.addresses(), path) + path, body),
    get: async <Answer>(path: string) =>
      (await (await fetch(placeOf(stage.addresses(), path) + path)).json()) as Answer,
    sendTraces: async (request) => {
      const answer = await send(`${stage.addresses().otlp}/v1/traces`, request);
      if (!answer.ok) throw new Error(await answer.text());
    },
    grpc: (rpc, request) => callGrpc(stage.addresses().grpc, rpc, request),
    url: () => stage.addresses().api,
    restart: async () => {
      await stage.stop();
      await stage.start();
    },
    stop: () => stage.stop(),
    end: async () => {
      await stage.stop();
      await pager.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function placeOf({ ingest, api }: StageAddresses, path: string): string {
  return /^\/(ingest|v2)\//.test(path) ? ingest : api;
}

/** All services in this process. */
function appStage({ folder, pagerUrl, clock }: StageOptions, settings: object): Stage {
  let app: Started<App> | null = null;
  return {
    graceSeconds: 0,
    start: async () => {
      const config = loadAppConfig({ folder, env: {}, overrides: { ...storySettings(pagerUrl), ...settings } });
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

/** The configuration of every story. */
export function storySettings(pagerUrl: string): object {
  return {
    http: { port: 0 },
    log: { level: 'error' },
    // One process has one global meter: it cannot be started a second time.
    telemetry: { enabled: false },
    ingest: { otlpHttp: { port: 0 }, otlpGrpc: { port: 0 } },
    query: { port: 0, consoleFolder: '' },
    notifier: { channels: [{ type: 'webhook', name: 'pager', url: pagerUrl, secret: 'a-secret-of-the-test' }] },
  };
}

function send(url: string, body: object): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
}
