import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { expect, it } from 'vitest';
import { ApiError } from '../api/client.ts';
import type { WorkloadList } from '../api/types.ts';
import type { Connection } from '../api/watch.ts';
import { aFinding, aRollout, aSummary, aWorkload } from '../testing/workload.ts';
import { WorkloadsPage } from './list-page.tsx';
import { WorkloadPage } from './page.tsx';
import { poll } from './poll.ts';
import { podsText } from './words.ts';

const nowMs = Date.parse('2026-03-01T14:16:00Z');
const page = (changed: Parameters<typeof aWorkload>[0] = {}) =>
  renderToString(h(WorkloadPage, { workload: aWorkload(changed), nowMs }));

it('says why the rollout does not finish before anything else', () => {
  const html = page();
  const places = ['does not finish', 'Faults', 'Rollouts', 'Other changes'].map((text) => html.indexOf(text));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
});

it('a fault has mechanism, object, field, target, since, who changed it, and a command; the first one is open', () => {
  const html = page({ findings: [aFinding(), aFinding({ fault: { ...aFinding().fault, id: 'f2' } })] });
  for (const text of [
    'secret-missing',
    'Deployment shop/pay',
    'env[DB_URL].valueFrom.secretKeyRef',
    'key url of Secret shop/pay-db',
    'kustomize-controller',
    'CreateContainerConfigError',
    'kubectl -n shop describe secret pay-db',
  ])
    expect(html).toContain(text);
  expect(html.match(/class="finding" open/g)).toHaveLength(1);
  expect(html.match(/class="finding"/g)).toHaveLength(2);
});

it('a rollout has its progress, its differences, and no link that runs a script', () => {
  const html = page({ changes: [aRollout({ id: 'c2', kind: 'config', clusterChange: null })] });
  expect(html).toContain('● stuck');
  expect(html).toContain('1 of 3 updated, 2 available (Late)');
  expect(html).toContain('3 differences');
  expect(html).toContain('absent → <b>3</b>');
  expect(html).not.toContain('javascript:');
});

it('owner, runbook, incidents, commit and what could not be read are there', () => {
  const html = page();
  for (const text of [
    'payers',
    '#payers',
    'https://wiki.example/pay',
    '/incidents/inc-1',
    'abc',
    'the store does not answer',
  ])
    expect(html).toContain(text);
});

it('a healthy workload says that nothing is wrong', () => {
  const health = { state: 'healthy', desired: 3, pods: 3, affected: 0, since: null } as const;
  const html = page({ answer: '', findings: [], summary: aSummary({ health, problem: '', findings: 0 }) });
  expect(html).toContain('No fault is known, and no rollout is under way.');
  expect(html).toContain('verdict-inconclusive');
});

const listOf = (list: WorkloadList | null, search = '') =>
  renderToString(h(WorkloadsPage, { list, search, onSearch: () => {}, problem: '', nowMs }));
const answer = (changed: Partial<WorkloadList>): WorkloadList => ({
  workloads: [],
  total: 0,
  nextPageToken: '',
  clusters: [],
  namespaces: [],
  ...changed,
});

it('the list links each workload, says how many are hidden, and what an empty list means', () => {
  const html = listOf(answer({ workloads: [aSummary()], total: 3 }));
  expect(html).toContain('href="/workloads/east/shop/Deployment/pay"');
  expect(html).toContain('2 more workloads');
  expect(html).toContain('Secret pay-db is missing');
  expect(listOf(null)).toContain('Reading workloads…');
  expect(listOf(answer({}))).toContain('kube.enabled');
  expect(listOf(answer({}), 'x')).toContain('No workload matches the search.');
});

it.each([
  [{ desired: 3, pods: 2 }, '2 of 3 pods'],
  [{ desired: -1, pods: 1 }, '1 pod'],
])('%j reads %s', (health, text) => expect(podsText(health)).toBe(text));

it('a poll tells a lost connection from a refusal, and ends when nobody is signed in', async () => {
  const answers = [
    1,
    new Error('no network'),
    new ApiError(503, 'busy'),
    2,
    new ApiError(404, 'no such'),
    new ApiError(401, 'sign in'),
  ];
  const events: (string | number)[] = [];
  await poll<number>({
    load: async () => {
      const next = answers.shift();
      if (typeof next === 'number') return next;
      throw next;
    },
    onAnswer: (value) => events.push(value),
    onProblem: (message) => events.push(message),
    onConnection: ({ state }: Connection) => events.push(state),
    signal: new AbortController().signal,
    wait: () => Promise.resolve(),
  });
  expect(events).toEqual(['live', 1, 'lost', 'lost', 'live', 2, 'live', 'no such', 'refused']);
});

it('a poll that is left says nothing more', async () => {
  const leaving = new AbortController();
  const events: unknown[] = [];
  await poll<number>({
    load: async () => {
      leaving.abort();
      return 1;
    },
    onAnswer: (value) => events.push(value),
    onProblem: (message) => events.push(message),
    onConnection: (connection) => events.push(connection),
    signal: leaving.signal,
    wait: () => Promise.resolve(),
  });
  expect(events).toEqual([]);
});
