/** A whole Faultline: one rollout that several tools report, and a test alert from the sources page. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Scenario, startScenario } from './testing/scenario.ts';
import { alertmanager } from './testing/shop.ts';

interface SeenIncident {
  readonly title: string;
  readonly environments: readonly string[];
  readonly changes: readonly {
    readonly actor: string;
    readonly reports: readonly { readonly source: string }[];
    readonly commitCount: number;
  }[];
}

const commit = 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d0';

let scenario: Scenario;
beforeEach(async () => {
  scenario = await startScenario();
}, 60_000);
afterEach(() => scenario.end());

it('a script, a pipeline and a push are one change of the incident, with its tools, people and commits', {
  timeout: 60_000,
}, async () => {
  const now = scenario.nowMs();
  const at = (ageMs: number) => new Date(now - ageMs).toISOString();
  const common = { service: 'orders-db', repository: 'shop/orders-db', commit };
  const commits = [{ id: commit, author: 'ana', message: 'Round up', files: ['src/round.sql'] }];
  await scenario.post('/ingest/json', {
    changes: [
      { ...common, key: 'b', kind: 'deploy', version: '1.4.2', summary: 'helm', actor: 'helm', startedAt: at(20_000) },
      { ...common, key: 'c', kind: 'other', summary: 'push', actor: 'ana', startedAt: at(600_000), commits },
    ],
  });
  await scenario.post('/ingest/cloudevents', {
    specversion: '1.0',
    id: 'e1',
    source: '/ci',
    type: 'dev.cdevents.service.deployed.0.3.0',
    time: at(10_000),
    data: {
      subject: { id: 'orders-db', content: { artifactId: 'pkg:oci/orders-db@1.4.2' } },
      customData: { actor: 'bo' },
    },
  });
  await scenario.post('/ingest/alertmanager', alertmanager('Down', 'orders-db', now, 'critical'));
  const page = await scenario.between(0, 30, () => scenario.pager.pages[0] ?? null);
  const [change] = await scenario.between(0, 40, async () => {
    const { changes } = await scenario.get<SeenIncident>(`/api/v1/incidents/${page.incident.id}`);
    return changes.length > 0 ? changes : null;
  });
  expect(change?.reports.map(({ source }) => source)).toEqual(['json', 'json', 'cloudevents']);
  expect(change).toMatchObject({ actor: 'helm, bo', commitCount: 1 });
});

it('a test from the sources page opens a page of its own that is marked, beside a real one', {
  timeout: 60_000,
}, async () => {
  await scenario.post('/ingest/alertmanager', alertmanager('Down', 'orders-db', scenario.nowMs(), 'critical'));
  const answer = await scenario.post('/api/v1/sources/test', {});
  const { service } = (await answer.json()) as { service: string };
  const both = await scenario.between(0, 40, async () => {
    const { incidents } = await scenario.get<{ incidents: SeenIncident[] }>('/api/v1/incidents');
    return incidents.length === 2 ? incidents : null;
  });
  const isTest = ({ title }: SeenIncident) => title.includes(service);
  expect(both.filter(isTest).map(({ environments }) => environments)).toEqual([['faultline-test']]);
  const headlines = await scenario.between(0, 40, () => {
    const sent = scenario.pager.pages.filter(({ action }) => action === 'send').map(({ page }) => page.headline);
    return sent.length === 2 ? sent : null;
  });
  expect(headlines.map((headline) => headline.startsWith('TEST ')).sort()).toEqual([false, true]);
  expect(headlines.find((headline) => headline.startsWith('TEST '))).toContain('faultline-test');
  const { sources } = await scenario.get<{ sources: { name: string }[] }>('/api/v1/sources');
  expect(sources.length).toBeGreaterThan(30);
});
