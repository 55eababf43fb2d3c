/** A ClickHouse server that stops while Faultline runs, stays down during a restart, and comes back. */
import { type ClickHouse, startClickHouse } from '@faultline/servers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from './testing/pager.ts';
import { type Scenario, startScenario } from './testing/scenario.ts';
import { alertmanager, shopTraces } from './testing/shop.ts';

interface SeenIncident {
  readonly id: string;
  readonly status: string;
  readonly missingEvidence: readonly string[];
}

const timeout = 120_000;
const minutes = 60_000;
let server: ClickHouse;
let scenario: Scenario;
beforeAll(async () => {
  server = await startClickHouse();
  scenario = await startScenario({ store: { kind: 'server', url: server.url } });
}, timeout);
afterAll(async () => {
  await scenario.end();
  await server.remove();
}, timeout);

const page = (reason: string) => (): Page | null =>
  scenario.pager.pages.findLast((sent) => sent.reason === reason) ?? null;

/** Reads the tables without the API. Null while the server does not answer. */
async function counted(): Promise<{ raw: number; calls: number } | null> {
  const body =
    'SELECT (SELECT toUInt32(count()) FROM otel_traces) AS raw, toUInt32(sum(Calls)) AS calls FROM operation_windows FORMAT JSONEachRow';
  const answer = await fetch(server.url, { method: 'POST', body }).catch(() => null);
  return answer?.ok === true ? ((await answer.json()) as { raw: number; calls: number }) : null;
}

async function firstOfWatch(): Promise<string> {
  const watching = new AbortController();
  const answer = await fetch(`${scenario.url()}/api/v1/incidents:watch`, { signal: watching.signal });
  const { value } = (await answer.body?.getReader().read()) ?? {};
  watching.abort();
  return new TextDecoder().decode(value);
}

const spansOf = (request: object): number => JSON.stringify(request).split('"spanId"').length - 1;
let sentSpans = 0;
async function send(times: Parameters<typeof shopTraces>[0]): Promise<void> {
  const request = shopTraces(times);
  sentSpans += spansOf(request);
  await scenario.sendTraces(request);
}
const allCounted = async () => {
  const seen = await counted();
  return seen?.raw === sentSpans && seen.calls === sentSpans ? seen : null;
};

it('pages, acknowledges and resolves without the store, and counts every span once when it is back', {
  timeout,
}, async () => {
  const now = scenario.nowMs();
  await send({ fromMs: now - 10 * minutes, brokenFromMs: now, toMs: now - minutes });
  await scenario.between(0, 30, allCounted);

  await server.kill();
  await send({ fromMs: now - minutes, brokenFromMs: now - minutes, toMs: now });
  await scenario.post('/ingest/alertmanager', alertmanager('HighErrors', 'checkout', now - 20_000));
  const first = await scenario.between(0, 60, page('first'));
  expect(first.page.text).toContain('evidence could not be read since');
  const { id } = first.incident;
  const incident = () => scenario.get<SeenIncident>(`/api/v1/incidents/${id}`);
  expect((await incident()).missingEvidence).toContain('store: unreachable');
  expect(await scenario.get<object>('/healthz')).toMatchObject({
    parts: { recorder: { ok: false, detail: expect.stringContaining('STORE_UNAVAILABLE') } },
  });
  expect((await scenario.post(`/api/v1/incidents/${id}/acknowledge`, { actor: 'mira' })).status).toBe(200);
  await scenario.between(0, 75, page('acknowledged'));

  await scenario.restart();
  expect(await scenario.get<object>('/readyz')).toEqual({ ready: true });
  expect(await scenario.get<object>('/healthz')).toMatchObject({ parts: { store: { ok: false } } });
  const isListed = async () => {
    const { incidents = [] } = await scenario.get<{ incidents?: readonly SeenIncident[] }>('/api/v1/incidents');
    return incidents.find((listed) => listed.id === id) ?? null;
  };
  expect(await scenario.between(0, 90, isListed)).toMatchObject({ status: 'acknowledged' });
  expect(await firstOfWatch()).toContain(id);
  const past = await fetch(`${scenario.url()}/api/v1/incidents?history=true`);
  expect(past.status).toBe(503);
  expect((await scenario.post(`/api/v1/incidents/${id}/resolve`, { resolution: 'failed over' })).status).toBe(200);
  await scenario.between(0, 100, page('resolved'));

  await server.start();
  expect(await scenario.between(0, 150, allCounted)).toEqual({ raw: sentSpans, calls: sentSpans });
  const inHistory = async () => {
    const { incidents = [] } = await scenario.get<{ incidents?: readonly SeenIncident[] }>(
      '/api/v1/incidents?history=true',
    );
    return incidents.find((listed) => listed.id === id && listed.status === 'resolved') ?? null;
  };
  await scenario.between(0, 160, inHistory);
  expect(scenario.pager.pages.filter(({ action }) => action === 'send')).toHaveLength(1);
});
