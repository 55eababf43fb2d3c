/** Runs the query that is shown beside each piece of evidence against the real engine, after simulated faults. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, loadAppConfig, startApp } from '@faultline/all';
import type { Started } from '@faultline/runtime';
import { storeConfig } from '@faultline/store';
import { openTestClient, type TestClient } from '@faultline/store/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EvaluationCase } from '../case/evaluation-case.ts';
import { anyPort } from '../client/any-port.ts';
import { createClient } from '../client/client.ts';
import { alertmanagerRequest } from '../simulator/cases/encoded-case.ts';
import { generateCase } from '../simulator/cases/generate-case.ts';
import type { SentLog, SentPoint } from '../simulator/telemetry/telemetry.ts';
import { type AlertToSend, alertmanagerWebhook } from '../simulator/wire/alertmanager.ts';
import { logRequests, metricRequests } from '../simulator/wire/otlp.ts';
import { runCase } from './run-case.ts';

/** Kinds of evidence that these cases must show together. Queries of other kinds run as well. */
const wanted = [
  ...[
    'alerts',
    'telemetry-gap',
    'caller-side',
    'changes',
    'network-latency',
    'error-lines',
    'lost-calls',
    'mesh-latency',
    'originating-errors',
  ],
  ...[
    'resources',
    'restarts',
    'self-time',
    'service-metrics',
    'failure-domain',
    'uninstrumented-dependency',
    'pattern-shift',
    'traffic',
    'unreachable',
  ],
  ...['no-user-visible-change', 'refuted-test'],
];
/** A small system, for speed. */
const smallSeed = 21;
const families = ['memory', 'dns', 'network', 'blackout', 'traffic', 'node', 'config'];

interface Shown {
  readonly kind: string;
  readonly summary: string;
  readonly before: string;
  readonly during: string;
  readonly query: string;
}

const folder = mkdtempSync(join(tmpdir(), 'faultline-evidence-query-'));
let app: Started<App>;
let asking: TestClient;

beforeAll(async () => {
  const overrides = {
    ...anyPort,
    bus: { folder: `${folder}/log` },
    store: { folder: `${folder}/store` },
    // Traces settle after ten seconds, and no more telemetry comes.
    correlator: { revisionScheduleMs: [12_000, 25_000, 45_000] },
    log: { level: 'error' },
  };
  app = await startApp(loadAppConfig({ overrides }), { only: new Set(['ingest', 'recorder', 'correlator', 'query']) });
  asking = await openTestClient(storeConfig.parse({ folder: `${folder}/store` }));
}, 60_000);

afterAll(async () => {
  await asking.close();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function runOne(subject: EvaluationCase): Promise<readonly Shown[]> {
  const { http, otlpHttp } = app.value.addresses;
  const client = createClient({ http, otlp: otlpHttp, tenant: subject.name });
  await runCase(subject, client, { settleTimeoutMs: 120_000 });
  type Listed = { readonly hypotheses: readonly { readonly evidence: readonly Shown[] }[] };
  const { incidents } = await client.get<{ incidents: readonly Listed[] }>('/api/v1/incidents');
  return incidents.flatMap(({ hypotheses }) => hypotheses.flatMap(({ evidence }) => evidence));
}

it('every kind of evidence has a query that runs and finds rows', { timeout: 300_000 }, async () => {
  const subjects = [...families.map((family) => generateCase(smallSeed, { family: family })), withoutSpans()];
  const shown = (await Promise.all(subjects.map(runOne))).flat();
  expect([...new Set(shown.map(({ kind }) => kind))].sort()).toEqual(expect.arrayContaining(wanted));
  for (const { summary, query } of shown) expect(await asking.select(query), `${summary}\n${query}`).not.toEqual([]);
  await expectSummaryMatches(shown);
});

/** The numbers in the summary must be those of the rows, apart from cut tails and rounded shares. */
async function expectSummaryMatches(shown: readonly Shown[]): Promise<void> {
  const columns = {
    'self-time': 'own_time_mean_ms',
    'originating-errors': 'own_error_percent',
    'network-latency': 'on_the_way_mean_ms',
  };
  for (const [kind, column] of Object.entries(columns))
    for (const { query, before, during, summary } of shown.filter((one) => one.kind === kind)) {
      const rows = await asking.select<Record<string, unknown>>(query);
      const [was, is] = ['before', 'during'].map((side) => rows.find((row) => row['side'] === side)?.[column]);
      for (const [row, predicted] of [
        [was, before],
        [is, during],
      ])
        expect(ratio(Number(row ?? 0), numberIn(String(predicted))), `${summary}\n${query}`).toBeLessThan(1.25);
    }
}

/** How many times as large the larger one is. Differences below half a unit do not count. */
function ratio(a: number, b: number): number {
  return (Math.max(a, b) + 0.5) / (Math.min(a, b) + 0.5);
}

/** In ms, or in percent. */
function numberIn(text: string): number {
  const [number = '', unit = ''] = text.split(' ');
  return Number(number.replace('<', '')) * (unit === 's' ? 1000 : unit === 'us' ? 0.001 : 1);
}

const minute = 60_000;
const harmMs = 80 * minute;
const untilMs = 84 * minute;
const everyMs = 30_000;

/**
 * A system that sends only metrics and logs: web calls api, which gets slow, and stops calling pay. A service mesh
 * reports the calls.
 */
function withoutSpans(): EvaluationCase {
  const points = [
    ...level('api', 'latency.average', 's', [0.1, 0.9]),
    ...level('web', 'latency.average', 's', [0.2, 1]),
    ...level('web', 'requests', '1/s', [20, 20]),
    ...level('pay', 'requests', '1/s', [5, 0]),
    ...level('mesh', 'request.duration', 's', [0.1, 0.9], { source: 'web', destination: 'api', reporter: 'source' }),
  ];
  const lines = Array.from({ length: 40 }, (_, index): SentLog => {
    const atMs = harmMs + index * 5_000;
    return { sender: senderOf('api'), span: null, atMs, severity: 'ERROR', body: 'cannot read the price list' };
  });
  const alert: AlertToSend = {
    name: 'WebSlow',
    severity: 'critical',
    atMs: harmMs + 2 * minute,
    endMs: null,
    labels: { service: 'web' },
    summary: 'web is slow',
  };
  return {
    name: 'without-spans',
    system: 'without-spans',
    truth: null,
    untilMs,
    edges: [
      { from: 'web', to: 'api' },
      { from: 'web', to: 'pay' },
    ],
    streams: (shiftMs) => [
      { signal: 'metrics', requests: inTurn(metricRequests(points, shiftMs)) },
      { signal: 'logs', requests: inTurn(logRequests(lines, shiftMs)) },
    ],
    changes: () => [],
    lateChanges: () => [],
    alerts: (shiftMs) => [alertmanagerRequest(alertmanagerWebhook(alert, 'firing', shiftMs))],
  };
}

function level(
  service: string,
  metric: string,
  unit: string,
  [before, during]: readonly [number, number],
  attributes: Readonly<Record<string, string>> = {},
): SentPoint[] {
  return Array.from({ length: untilMs / everyMs }, (_, index) => {
    const atMs = index * everyMs;
    const value = atMs < harmMs ? before * (1 + 0.01 * (index % 3)) : during;
    return { sender: senderOf(service), metric, unit, kind: 'gauge', atMs, value, attributes };
  });
}

function senderOf(service: string): SentPoint['sender'] {
  return { service, instance: `${service}-0`, node: '', zone: '', cluster: '', version: '' };
}

async function* inTurn(requests: Iterable<object>): AsyncGenerator<object> {
  yield* requests;
}
