/**
 * A story told to a whole Faultline through its real ports, by its own clock: `at` lets time pass up to a moment, `between` says when
 * something has to be seen. The clock goes as fast as the real one and jumps over waits.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Started } from '@faultline/runtime';
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

const lookEveryMs = 20;

/** Starts the process on a fresh folder and a receiver of its pages. `settings` are sections of the configuration, over those of every story. */
export async function beginStory(settings: object = {}): Promise<Story> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-story-'));
  const pager = await startPager();
  const beginMs = Date.now();
  let skippedMs = 0;
  const nowMs = () => Date.now() + skippedMs;
  const start = () =>
    startApp(loadAppConfig({ folder, env: {}, overrides: { ...overrides(pager.url), ...settings } }), { clock: nowMs });
  let app: Started<App> | null = await start();
  const addresses = () => {
    if (app === null) throw new Error('the process is stopped');
    return app.value.addresses;
  };
  const stop = async () => {
    await app?.stop();
    app = null;
  };
  const at = (seconds: number) => {
    skippedMs += Math.max(0, beginMs + seconds * 1000 - nowMs());
  };
  return {
    folder,
    pager,
    nowMs,
    at,
    between: async (from, to, look) => {
      for (;;) {
        const found = await look();
        const seconds = (nowMs() - beginMs) / 1000;
        if (found !== null && seconds >= from) return found;
        if (found !== null) throw new Error(`seen at ${seconds} s already, before ${from} s`);
        if (seconds > to) throw new Error(`not seen by ${to} s: ${look}`);
        await delay(lookEveryMs);
      }
    },
    post: (path, body) => send(addresses().http + path, body),
    get: async <Answer>(path: string) => (await (await fetch(addresses().http + path)).json()) as Answer,
    sendTraces: async (request) => {
      const answer = await send(`${addresses().otlpHttp}/v1/traces`, request);
      if (!answer.ok) throw new Error(await answer.text());
    },
    grpc: (rpc, request) => callGrpc(addresses().queryGrpc ?? '', rpc, request),
    url: () => addresses().http,
    restart: async () => {
      await stop();
      app = await start();
    },
    stop,
    end: async () => {
      await stop();
      await pager.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function overrides(pagerUrl: string): object {
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
