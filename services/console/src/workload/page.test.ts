import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { expect, it } from 'vitest';
import { ApiError } from '../api/client.ts';
import type { WorkloadList } from '../api/types.ts';
import type { Connection } from '../api/watch.ts';
import { aContainer, aDrift, aFinding, aRollout, aSummary, aWorkload } from '../testing/workload.ts';
import { AcceptForm } from './accept.tsx';
import { dateAfter, endOfDay } from './acceptance.ts';
import { WorkloadsPage } from './list-page.tsx';
import { WorkloadPage } from './page.tsx';
import { poll } from './poll.ts';
import { coresText, memoryText, podsText } from './words.ts';

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

const textOf = (markup: string) => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

it('drift has its path, both values, since when, by whom, its risk and the command that repairs it', () => {
  const html = page({ drift: [aDrift()] });
  const text = textOf(html);
  expect(html).toContain('<code>spec.template.spec.containers[pay].resources.limits.memory</code>');
  expect(text).toMatch(/&quot;128Mi&quot; → &quot;512Mi&quot; in west|"128Mi" → "512Mi" in west/);
  expect(text).toMatch(/risk high: it decides when the kernel kills the container · since .* · by ann/);
  expect(text).toContain('Repair it Copy kubectl -n shop patch deployment pay');
});

it('shows no secret value of a drift, and what was accepted comes last with who accepted it', () => {
  const acceptance = { reason: 'load test', actor: 'bo', at: null, until: '2026-04-01T00:00:00Z' };
  const accepted = aDrift({ id: 'd2', path: 'spec.paused', acceptance, state: 'accepted' });
  const hashed = aDrift({ isHashed: true, value: 'h:1234', expected: '', path: 'env[KEY]' });
  const text = textOf(page({ drift: [accepted, hashed] }));
  expect(text).toContain('a secret value → absent in west');
  expect(text).not.toContain('h:1234');
  expect(text.indexOf('env[KEY]')).toBeLessThan(text.indexOf('spec.paused'));
  expect(text).toMatch(/accepted by bo until .*: load test/);
});

it('requests stand beside use and what is recommended, with the reasons', () => {
  const text = textOf(page({ rightsizing: [aContainer()] }));
  expect(text).toContain('CPU 2 – 250m / 900m 290m');
  expect(text).toContain('Memory 2Gi 2Gi 256Mi / 384Mi 512Mi');
  expect(text).toContain('throttled in 12 % of its periods killed 2 times for memory 95 % of the samples');
});

it('says nothing of drift and use where none is known', () => {
  const text = textOf(page());
  expect(text).not.toContain('Drift');
  expect(text).not.toContain('Requests and use');
});

it.each([
  [0.05, '50m'],
  [1, '1'],
  [1.256, '1.26'],
  [-1, '–'],
])('%d cores: %s', (cores, text) => expect(coresText(cores)).toBe(text));

it.each([
  [64 * 1024 ** 2, '64Mi'],
  [1.5 * 1024 ** 3, '1.5Gi'],
  [-1, '–'],
])('%d bytes: %s', (bytes, text) => expect(memoryText(bytes)).toBe(text));

it('only drift that nobody accepted can be accepted', () => {
  const acceptance = { reason: 'load test', actor: 'bo', at: null, until: '2026-04-01T00:00:00Z' };
  expect(page({ drift: [aDrift()] })).toContain('Accept…');
  expect(page({ drift: [aDrift({ acceptance, state: 'accepted' })] })).not.toContain('Accept…');
});

it('an acceptance needs a reason, and an end between tomorrow and a year', () => {
  const html = renderToString(h(AcceptForm, { nowMs, onSend: async () => {}, onCancel: () => {} }));
  const field = (name: string) => /<input[^>]*>/g.exec(html.slice(html.indexOf(`name="${name}"`) - 7))?.[0] ?? '';
  expect(field('reason')).toContain('required');
  expect(field('until')).toContain(`value="${dateAfter(nowMs, 30)}"`);
  expect(field('until')).toContain(`min="${dateAfter(nowMs, 1)}"`);
  expect(field('until')).toContain(`max="${dateAfter(nowMs, 364)}"`);
  expect(html).toMatch(/<button[^>]*disabled/);
});

it('an acceptance lasts until the end of its last day, less than a year from now', () => {
  expect(dateAfter(new Date(2026, 1, 27, 12).getTime(), 2)).toBe('2026-03-01');
  expect(endOfDay('2026-03-31')).toBe(new Date(2026, 2, 31, 23, 59, 59).toISOString());
  const longest = Date.parse(endOfDay(dateAfter(nowMs, 364)));
  expect(longest).toBeLessThan(nowMs + 365 * 86_400_000);
});
