/** The main job through the real ports, for every size: alerts and traces in, one page out, nothing lost. */
import { replayExport } from '@faultline/correlator';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportFromUrl } from '../export-source.ts';
import type { Page } from './pager.ts';
import type { Scenario } from './scenario.ts';
import { alertmanager, shopTraces } from './shop.ts';

const minutes = 60_000;

interface SeenIncident {
  readonly id: string;
  readonly status: string;
  readonly severity: string;
  readonly resolution: string;
  readonly verdict: string;
  readonly alertCount: number;
  readonly hypotheses: readonly { readonly cause: { readonly service: string } }[];
  readonly timeline: readonly { readonly kind: string; readonly text: string }[];
}

export interface MainJob {
  readonly begin: () => Promise<Scenario>;
  readonly timeoutMs: number;
  /** Further checks for this size, after the scenario of the incident with this id. */
  readonly afterwards: (scenario: Scenario, incidentId: string) => Promise<void>;
}

/** Defines the tests. */
export function describeMainJob({ begin, timeoutMs: timeout, afterwards }: MainJob): void {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await begin();
  }, timeout);
  afterEach(() => scenario.end(), timeout);

  const pagesOf = (reason: string) => scenario.pager.pages.filter((page) => page.reason === reason);
  const page = (reason: string) => (): Page | null => pagesOf(reason).at(-1) ?? null;
  const incident = (id: string) => scenario.get<SeenIncident>(`/api/v1/incidents/${id}`);
  const incidentWhere = (id: string, holds: (seen: SeenIncident) => boolean) => async () => {
    const seen = await incident(id);
    return holds(seen) ? seen : null;
  };

  it('an incident from its first alert to its second life, over a restart', { timeout }, async () => {
    const now = scenario.nowMs();
    await scenario.sendTraces(shopTraces({ fromMs: now - 10 * minutes, brokenFromMs: now - minutes, toMs: now }));

    await scenario.post('/ingest/alertmanager', alertmanager('HighErrors', 'checkout', now - 20_000));
    const first = await scenario.between(0, 30, page('first'));
    const { id } = first.incident;
    const known = await scenario.between(
      0,
      20,
      incidentWhere(id, ({ verdict }) => verdict === 'identified'),
    );
    expect(known.hypotheses[0]?.cause.service).toBe('orders-db');
    expect(known.timeline.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['alert', 'onset', 'revision']));

    await scenario.grpc('IncidentService/Acknowledge', { id, actor: 'mira' });
    await scenario.between(0, 40, page('acknowledged'));

    const stale = await scenario.post(`/api/v1/incidents/${id}/resolve`, { resolution: 'no', expectedRevision: 1 });
    expect(stale.status).toBe(409);
    await scenario.post(`/api/v1/incidents/${id}/resolve`, { resolution: 'failed over orders-db', actor: 'mira' });
    const over = await scenario.between(0, 45, page('resolved'));
    expect(over.incident).toMatchObject({ id, status: 'resolved', resolution: 'failed over orders-db' });

    await scenario.restart();
    const sent = scenario.pager.pages.length;
    await scenario.between(
      0,
      60,
      incidentWhere(id, ({ status }) => status === 'resolved'),
    );

    scenario.at(600);
    await scenario.post('/ingest/alertmanager', alertmanager('SlowCheckout', 'checkout', scenario.nowMs()));
    const again = await scenario.between(600, 640, page('reopened'));
    expect(again.incident.id).toBe(id);
    const open = await scenario.between(
      600,
      650,
      incidentWhere(id, ({ status }) => status === 'open'),
    );
    expect(open).toMatchObject({ resolution: '', alertCount: 2 });
    expect(scenario.pager.pages.length).toBeGreaterThan(sent);
    expect(scenario.pager.pages.filter(({ action }) => action === 'send')).toHaveLength(1);

    const live = await exportFromUrl({ url: scenario.url(), token: undefined, tenant: undefined }, id);
    expect(replayExport(live)).toMatchObject({ same: true });
    await afterwards(scenario, id);
  });

  it('what can page PagerDuty triggers, acknowledges and resolves an incident', { timeout }, async () => {
    const event = (action: string) =>
      scenario.post('/v2/enqueue', {
        routing_key: 'any',
        event_action: action,
        dedup_key: 'checkout-5xx',
        payload: { summary: 'checkout fails', source: 'checkout', severity: 'error', component: 'checkout' },
      });
    expect((await event('trigger')).status).toBe(202);
    const { incident: paged } = await scenario.between(0, 30, page('first'));
    expect((await event('acknowledge')).status).toBe(202);
    await scenario.between(0, 35, page('acknowledged'));
    const acknowledged = await scenario.between(
      0,
      40,
      incidentWhere(paged.id, ({ status }) => status === 'acknowledged'),
    );
    expect(acknowledged).toMatchObject({ severity: 'error' });

    expect((await event('resolve')).status).toBe(202);
    await scenario.between(
      0,
      25,
      incidentWhere(paged.id, ({ timeline }) => timeline.some(({ text }) => /resolved/.test(text))),
    );
    // All alerts stayed resolved and no service is degraded: the incident resolves on its own.
    scenario.at(400);
    const over = await scenario.between(400, 440, page('resolved'));
    expect(over.incident.id).toBe(paged.id);
    const ended = await scenario.between(
      400,
      450,
      incidentWhere(paged.id, ({ status }) => status === 'resolved'),
    );
    expect(ended.resolution).toMatch(/no alert fires/);
    expect(scenario.pager.pages.filter(({ action }) => action === 'send')).toHaveLength(1);
  });
}
