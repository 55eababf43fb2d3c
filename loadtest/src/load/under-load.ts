/**
 * A complete Faultline in this process, over embedded log and store. The store holds more than an hour of a large
 * system, and spans keep coming in.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, loadAppConfig, startApp } from '@faultline/all';
import { fillWindows } from '@faultline/store/bench';
import { anyPort } from '../client/any-port.ts';
import { type SpanLoad, startSpans } from './spans.ts';
import type { SystemShape } from './system-spans.ts';

export interface LoadOptions {
  readonly url: string;
  readonly tenant: string;
  readonly shape: SystemShape;
  readonly spansPerSecond: number;
}

export type LoadRequest =
  | { readonly kind: 'start'; readonly options: LoadOptions }
  | { readonly kind: 'break'; readonly services: readonly number[] }
  | { readonly kind: 'count' };
export interface LoadReply {
  /** Accepted spans and refused requests. */
  readonly accepted: number;
  readonly refused: number;
}

export interface UnderLoad extends Pick<SpanLoad, 'break' | 'count'> {
  readonly app: App;
  stop(): Promise<void>;
}

export const system = { services: 300, instances: 3, operations: 4, callees: 3, callsPerWindow: 32 };
/** The tenant and the environment. */
export const scopeName = 'bench';
const minute = 60_000;
/** Covers the baseline and the time between it and the alert. */
const filledMs = 80 * minute;
/** For metrics: as far back as an evidence query reads. */
const farPastMs = 14 * 24 * 60 * minute;

/**
 * Fills the windows up to now, then starts Faultline and the load. 0 spans: no load. `config` overrides the defaults.
 */
export async function startUnderLoad(spansPerSecond: number, config: object = {}): Promise<UnderLoad> {
  const { folder, folders } = await fillFolder({ filledMs, farPastMs });
  const log = { level: 'error' };
  const app = await startApp(loadAppConfig({ overrides: { ...anyPort, ...folders, log, ...config } }));
  const url = `${app.value.addresses.otlpHttp}/v1/traces`;
  const spans = startSpans({ url, tenant: scopeName, shape: system, spansPerSecond });
  return {
    app: app.value,
    break: spans.break,
    count: spans.count,
    stop: async () => {
      spans.stop();
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Filled {
  /** How far back windows go, and metrics before them, ms. */
  readonly filledMs: number;
  readonly farPastMs: number;
}

/** A folder for a log and a store. The store holds the windows of the system up to now. */
export async function fillFolder({ filledMs, farPastMs }: Filled) {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-load-'));
  const toMs = Math.floor(Date.now() / 10_000) * 10_000;
  const folders = { bus: { folder: join(folder, 'log') }, store: { folder: join(folder, 'store') } };
  await fillWindows(folders.store.folder, { ...system, fromMs: toMs - filledMs, toMs, farPastMs });
  return { folder, folders };
}
