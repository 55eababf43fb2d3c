/** Triage and the refusal of a cause, through the real ports: what is noise, what pages, and what a person may correct. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Scenario, startScenario } from './testing/scenario.ts';
import { alertmanager, shopTraces } from './testing/shop.ts';

const minutes = 60_000;

interface SeenIncident {
  readonly id: string;
  readonly verdict: string;
  readonly triage: { readonly level: string; readonly text: string };
  readonly hypotheses: readonly { readonly cause: { readonly service: string } }[];
  readonly rejectedCauses: readonly { readonly service: string; readonly actor: string }[];
  readonly timeline: readonly { readonly text: string }[];
}

let scenario: Scenario;
beforeEach(async () => {
  scenario = await startScenario();
}, 60_000);
afterEach(() => scenario.end());

const listed = (triage: string) => async () =>
  (await scenario.get<{ incidents: SeenIncident[] }>(`/api/v1/incidents?triage=${triage}`)).incidents[0] ?? null;

/** Telemetry that is not recorded yet would make the impact unknown, which pages. */
const hasRecorded = async () => {
  const { nodes = [] } = await scenario.get<{ nodes?: readonly object[] }>('/api/v1/graph');
  return nodes.length > 1 ? true : null;
};

it('a mild alert on a healthy service is listed and pages nobody, until it grows; a cause may be refused', {
  timeout: 90_000,
}, async () => {
  const now = scenario.nowMs();
  const beginMs = now - 10 * minutes;
  await scenario.sendTraces(shopTraces({ fromMs: beginMs, brokenFromMs: now, toMs: now }));
  await scenario.between(0, 30, hasRecorded);
  await scenario.post('/ingest/alertmanager', alertmanager('DiskFilling', 'orders-db', now, 'warning'));
  const noise = await scenario.between(0, 30, listed('log'));
  expect(noise.triage.text).toBe('log entry: severity warning, and telemetry sees no harm');
  expect(scenario.pager.pages).toEqual([]);

  const brokenMs = scenario.nowMs();
  scenario.at(90);
  await scenario.sendTraces(shopTraces({ fromMs: brokenMs, brokenFromMs: brokenMs, toMs: scenario.nowMs() }));
  await scenario.post('/ingest/alertmanager', alertmanager('HighErrors', 'orders-db', brokenMs + 20_000, 'critical'));
  const page = await scenario.between(90, 120, () => scenario.pager.pages[0] ?? null);
  expect(page).toMatchObject({ reason: 'first', incident: { id: noise.id } });
  expect(page.page.text).toContain('\nPaged: ');
  const paged = await scenario.between(90, 125, listed('page'));
  expect(paged.timeline.map(({ text }) => text)).toContain('the log entry became a page');

  const named = await scenario.between(90, 180, async () => {
    const seen = await scenario.get<SeenIncident>(`/api/v1/incidents/${noise.id}`);
    return seen.verdict === 'identified' ? seen : null;
  });
  const cause = named.hypotheses[0]?.cause.service ?? '';
  expect(cause).toBe('orders-db');
  const judge = async (verb: string): Promise<SeenIncident> => {
    const answer = await scenario.post(`/api/v1/incidents/${noise.id}/${verb}`, { service: cause, actor: 'mira' });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { incident: SeenIncident }).incident;
  };
  const refused = await judge('reject-cause');
  expect(refused.verdict === 'identified' ? refused.hypotheses[0]?.cause.service : '').not.toBe(cause);
  expect(refused.rejectedCauses).toMatchObject([{ service: cause, actor: 'mira' }]);
  const restored = await judge('restore-cause');
  expect([restored.verdict, restored.hypotheses[0]?.cause.service]).toEqual(['identified', cause]);
});

it('without telemetry a page says so, and acquits no change that was made shortly before', {
  timeout: 60_000,
}, async () => {
  const now = scenario.nowMs();
  const startedAt = new Date(now - 20_000).toISOString();
  const change = { kind: 'deploy', service: 'orders-db', version: 'v2', summary: 'orders-db v2', startedAt };
  await scenario.post('/ingest/json', { changes: [change] });
  await scenario.post('/ingest/alertmanager', alertmanager('Down', 'orders-db', now, 'critical'));
  const page = await scenario.between(0, 30, () => scenario.pager.pages[0] ?? null);
  const read = await scenario.between(0, 40, async () => {
    const path = `/api/v1/incidents/${page.incident.id}`;
    const seen = await scenario.get<SeenIncident & { changes: readonly { verdict: string; reason: string }[] }>(path);
    return seen.triage.text.includes('no telemetry') && seen.changes.length > 0 ? seen : null;
  });
  expect(read.triage.text).toMatch(/^paged: severity critical; impact not known, as no telemetry /);
  expect(read.changes).toMatchObject([
    { verdict: 'possible', reason: expect.stringContaining('before the first alert') },
  ]);
});
