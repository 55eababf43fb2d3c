/** Faultline's own traces: one trace covers a page from the webhook to the pager. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Collector, type SeenSpan, startCollector } from './testing/collector.ts';
import { type Scenario, startScenario } from './testing/scenario.ts';
import { alertmanager, shopTraces } from './testing/shop.ts';

const timeout = 60_000;
let collector: Collector;
let scenario: Scenario;
beforeEach(async () => {
  collector = await startCollector();
  scenario = await startScenario({
    telemetry: { otlpEndpoint: collector.url, exportIntervalMs: 1000 },
    // The first page must come with evidence, however slow the machine is.
    correlator: { holdBudgetMs: 30_000 },
  });
}, timeout);
afterEach(async () => {
  await scenario.end();
  await collector.close();
}, timeout);

const named = (name: string) => collector.spans.filter((span) => span.name === name);
const pageOf = (reason: string) => () => scenario.pager.pages.find((page) => page.reason === reason) ?? null;

/** Names from the span to the root of its trace. */
function pathOf(span: SeenSpan | undefined): string[] {
  if (span === undefined) return [];
  const parent = collector.spans.find(
    ({ spanId, traceId }) => spanId === span.parentSpanId && traceId === span.traceId,
  );
  return [span.name, ...pathOf(parent)];
}

const parts = [
  'presence',
  'topology',
  'erring',
  'operations',
  'series',
  'edges',
  'watermarks',
  'templates',
  'children',
  'past',
];

it('one trace shows a page from webhook to pager, and what its evidence was read from', { timeout }, async () => {
  const now = scenario.nowMs();
  await scenario.sendTraces(shopTraces({ fromMs: now - 60_000, brokenFromMs: now - 30_000, toMs: now }));
  await scenario.post('/ingest/alertmanager', alertmanager('HighErrors', 'checkout', now - 20_000));
  const { incident } = await scenario.between(0, 30, pageOf('first'));
  await scenario.grpc('IncidentService/Acknowledge', { id: incident.id, actor: 'mira' });
  await scenario.between(0, 40, pageOf('acknowledged'));
  // The stop sends the last spans.
  await scenario.stop();

  const sends = named('send pager');
  const webhook = 'POST /ingest/alertmanager';
  expect(pathOf(sends[0])).toEqual(['send pager', 'take evidence', 'ask evidence', 'process alerts', webhook]);
  expect(sends[0]?.attributes).toMatchObject({
    'faultline.incident.id': incident.id,
    'faultline.page.action': 'send',
    'faultline.page.reason': 'first',
  });
  expect(named(webhook)[0]?.attributes).toMatchObject({ 'http.response.status_code': 200 });
  for (const part of parts) expect(pathOf(named(`SELECT ${part}`)[0])).toContain('ask evidence');
  expect(pathOf(named('wait for recorder')[0])).toContain(webhook);

  const inserted = named('INSERT').find(({ attributes }) =>
    [attributes['faultline.store.tables']].flat().includes('otel_traces'),
  );
  expect(pathOf(inserted)).toEqual(['INSERT', 'process spans', 'POST /v1/traces']);

  const edit = sends.find(({ attributes }) => attributes['faultline.page.reason'] === 'acknowledged');
  expect(pathOf(edit)).toEqual(['send pager', 'process commands', 'command acknowledge']);

  // Spans hold no secrets and no content of alerts or telemetry.
  expect(JSON.stringify(collector.spans)).not.toMatch(/a-secret-of-the-test|HighErrors|checkout|orders-db|mira/);
});
