import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { expect, it } from 'vitest';
import { anIncident } from '../testing/incident.ts';
import { IncidentPage } from './page.tsx';
import { newestFirst } from './timeline.ts';
import { splitHypotheses } from './verdict.ts';

const nowMs = Date.parse('2026-03-01T14:16:00Z');
const html = (changed = {}) =>
  renderToString(h(IncidentPage, { incident: anIncident(changed), nowMs, direction: 'right' }));
const textOf = (markup: string) => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

it('starts with what is wrong, how sure it is, since when and whom to call', () => {
  const text = textOf(html());
  const order = [
    'open',
    'critical',
    '14 min ago',
    '40 alerts, 36 firing',
    'HighLatency on checkout',
    'Likely cause',
    'orders-db slow 82 %',
    'Call storage #storage-oncall',
    'How it spreads',
    'Evidence for',
    'Evidence against',
    'Counter-check',
  ].map((words) => text.indexOf(words));
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

it('offers the query of an evidence for copying, and nothing where there is none', () => {
  const page = html();
  expect(textOf(page)).toContain('Query Copy WITH');
  expect(page.match(/class="query"/g)).toHaveLength(1);
});

it('an inconclusive incident names no likely cause', () => {
  expect(textOf(html({ verdict: 'inconclusive' }))).toContain('Cause unclear, best guess');
  const none = textOf(html({ verdict: 'inconclusive', hypotheses: [], evidenceState: 'pending' }));
  expect(none).toContain('No cause yet');
  const settled = textOf(html({ verdict: 'inconclusive', hypotheses: [], evidenceState: 'settled' }));
  expect(settled).toContain('No cause was found');
  expect(settled).not.toContain('No cause yet');
  expect(none).toContain('Cause not known yet, reading the telemetry');
});

it('a store that could not be read is said so, and when it is read again', () => {
  const missing = [{ part: 'store', code: 'unreachable', detail: '' }];
  const evidenceRetry = { since: anIncident().startedAt, withinSeconds: 8 };
  const page = html({ verdict: 'inconclusive', evidenceState: 'pending', hypotheses: [], missing, evidenceRetry });
  expect(textOf(page)).toMatch(/evidence could not be read since .*, next try within 8 s/);
});

it('a guess by alerts alone names no cause in the verdict', () => {
  const [first] = anIncident().hypotheses;
  if (first === undefined) throw new Error('the incident has a hypothesis');
  const evidence = first.evidence.map((one) => ({ ...one, kind: 'alerts' }));
  const page = html({ verdict: 'inconclusive', hypotheses: [{ ...first, evidence }] });
  expect(textOf(/<section class="verdict.*?<\/section>/s.exec(page)?.[0] ?? '')).not.toContain('orders-db');
});

it('other incidents of the same minutes are linked', () => {
  const page = html({ concurrent: { count: 1, incidentIds: ['other'] } });
  expect(page).toContain('<a href="/incidents/other">');
  expect(textOf(page)).toContain('1 other incident began in the same minutes. Nothing known connects it with this one');
});

it('alerts that telemetry knows nothing of are said so', () => {
  const missing = [{ part: 'alerts', code: 'unknown-subject', detail: 'legacy' }];
  expect(textOf(html({ verdict: 'inconclusive', hypotheses: [], missing }))).toContain(
    'telemetry knows nothing of legacy',
  );
});

it('a first guess without telemetry names no cause in the verdict', () => {
  const page = html({ verdict: 'inconclusive', evidenceState: 'pending' });
  const verdict = textOf(/<section class="verdict.*?<\/section>/s.exec(page)?.[0] ?? '');
  expect(verdict).toContain('Nothing points to one cause so far.');
  expect(verdict).not.toContain('orders-db');
});

it('a pinned cause names the person instead of a probability', () => {
  const [first] = anIncident().hypotheses;
  if (first === undefined) throw new Error('the incident has a hypothesis');
  const pin = { kind: 'pinned', entity: '', summary: 'pinned by mira', before: '', during: '', weight: 4, query: '' };
  const page = textOf(html({ hypotheses: [{ ...first, probability: 0.99, evidence: [pin] }] }));
  expect(page).toContain('orders-db slow pinned by mira');
  expect(page).not.toContain('99 %');
});

it('shows roles by mark and word, not by colour alone', () => {
  const graph = html().match(/<svg viewBox="0 0 \d.*?<\/svg>/s)?.[0] ?? '';
  expect(textOf(graph)).toMatch(/orders-db cause.*orders affected.*checkout symptom/);
  const marks = [...graph.matchAll(/class="mark"[^>]*>(<(?:path|circle)[^>]*>)/g)].map((match) => match[1]);
  expect(new Set(marks).size).toBe(3);
});

it('draws the path from cause to symptom strongest', () => {
  expect(html().match(/class="edge edge-strong"/g)).toHaveLength(2);
});

it('puts the suspected change first, and links web addresses only', () => {
  const page = html();
  expect(page.indexOf('3 min before it began')).toBeLessThan(page.indexOf('pricing did not move'));
  expect(page).not.toContain('javascript:');
});

it('offers the commands that the status allows', () => {
  expect(textOf(html())).toMatch(/Acknowledge.*Resolve…/);
  const resolved = textOf(html({ status: 'resolved' }));
  expect(resolved).toContain('Reopen');
  expect(resolved).not.toContain('Acknowledge');
});

it('shows ten alerts and how many there are', () => {
  const page = html();
  expect(page).toContain('Show more (10 of 40)');
  expect(page).toContain('Alert9');
  expect(page).not.toContain('Alert10');
});

it('shows what a source wrote as text, never as markup', () => {
  const page = html({ title: '<img src=x onerror=alert(1)>' });
  expect(page).not.toContain('<img');
});

it('shows the resolution of a resolved incident', () => {
  expect(html({ status: 'resolved', resolution: 'failed over orders-db' })).toContain(
    'Resolution: failed over orders-db',
  );
  expect(html({})).not.toContain('Resolution: failed');
});

it('shows the timeline newest first, each entry with its kind', () => {
  const entry = (at: string, kind: string, text: string) => ({ at: `2026-03-01T02:${at}Z`, kind, text });
  const timeline = [
    entry('15:00', 'change', 'deploy v2: under suspicion'),
    entry('16:00', 'onset', 'it began'),
    entry('18:00', 'revision', 'cause changed from a error (60 %) to b error (80 %)'),
    entry('17:01', 'alert', '10 alerts on 4 services fire'),
  ];
  expect(newestFirst(timeline).map(({ kind }) => kind)).toEqual(['revision', 'alert', 'onset', 'change']);
  expect(html({ timeline })).toContain('cause changed from a error (60 %) to b error (80 %)');
});

it('shows the likely causes at once and folds the others', () => {
  const [first] = anIncident().hypotheses;
  if (first === undefined) throw new Error('the incident has a hypothesis');
  const hypotheses = [0.7, 0.01, 0.05, 0.001].map((probability, index) => ({ ...first, rank: index + 1, probability }));
  const { likely, lessLikely } = splitHypotheses(hypotheses);
  expect(likely.map(({ rank }) => rank)).toEqual([1, 2, 3]);
  expect(lessLikely.map(({ rank }) => rank)).toEqual([4]);
});

it('a change that several tools reported is one line with its tools, and marks the commit that touches what fails', () => {
  const [change] = anIncident().changes;
  if (change === undefined) throw new Error('the incident has a change');
  const report = (source: string) => ({
    changeId: source,
    source,
    actor: '',
    summary: '',
    url: '',
    startedAt: '2026-03-01T14:02:00Z',
  });
  const commit = { id: 'a1b2c3d4', author: 'ana', message: 'Round up', url: 'javascript:alert(1)', touches: [] };
  const touches = [{ reason: 'log', failing: 'TypeError at charge', by: 'src/charge.ts' }];
  const commits = [
    { ...commit, touches },
    { ...commit, id: 'beef0001', message: 'Docs' },
  ];
  const page = html({
    changes: [{ ...change, reports: [report('github'), report('argo-cd')], commits, commitCount: 7 }],
  });
  const text = textOf(page);
  expect(text).toMatch(/Reported by github at \d\d:\d\d(:\d\d)?, argo-cd at/);
  expect(text).toContain('7 commits');
  expect(text).toMatch(/a1b2c3d ?Round up · by ana src\/charge\.ts touches the log line TypeError at charge/);
  expect(page.match(/class="commit-touches"/g)).toHaveLength(1);
  expect(page).not.toContain('javascript:');
  const changes = [{ ...change, reports: [], commits, commitCount: 7 }];
  const suspicion = '7 commits · suspected: no cause is identified';
  expect(text).not.toContain(suspicion);
  expect(textOf(html({ changes, verdict: 'inconclusive' }))).toContain(suspicion);
});

it('says that more incidents may have begun then, where the count has reached its limit', () => {
  const withOthers = (others: number) => textOf(html({ concurrent: { count: others, incidentIds: [] } }));
  expect(withOthers(19)).toContain('19 other incidents began in the same minutes');
  expect(withOthers(20)).toContain('20 or more other incidents began in the same minutes');
});
