import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { expect, it } from 'vitest';
import { anIncident } from '../testing/incident.ts';
import { IncidentPage } from './page.tsx';
import { newestFirst } from './timeline.ts';
import { splitHypotheses } from './verdict.ts';

const nowMs = Date.parse('2026-03-01T02:31:00Z');
const html = (changed = {}) =>
  renderToString(h(IncidentPage, { incident: anIncident(changed), nowMs, direction: 'right' }));
const textOf = (markup: string) => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

it('says first what is wrong, how sure it is, since when and whom to call', () => {
  const text = textOf(html());
  const order = [
    'open',
    'critical',
    '14 min ago',
    '40 alerts, 36 firing',
    'Checkout is slow: orders-db is short of disk',
    'Likely cause',
    'orders-db slow or full disk 86 %',
    'Call Storage #storage-oncall',
    'How it spreads',
    'Speaks for it',
    'Speaks against it',
    'What would refute it',
  ].map((words) => text.indexOf(words));
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

it('offers the query of an evidence for copying, and nothing where there is none', () => {
  const page = html();
  expect(textOf(page)).toContain('Query Copy SELECT 1');
  expect(page.match(/class="query"/g)).toHaveLength(1);
});

it('an inconclusive incident names no cause as found', () => {
  expect(textOf(html({ verdict: 'inconclusive' }))).toContain('Inconclusive: best lead');
  const none = textOf(html({ verdict: 'inconclusive', hypotheses: [], evidenceState: 'pending' }));
  expect(none).toContain('Nothing points to one cause so far.');
});

it('tells roles by mark and word, not by colour alone', () => {
  const graph = html().match(/<svg viewBox="0 0 \d.*?<\/svg>/s)?.[0] ?? '';
  expect(textOf(graph)).toMatch(/orders-db cause.*orders affected.*checkout symptom/);
  const marks = [...graph.matchAll(/class="mark"[^>]*>(<(?:path|circle)[^>]*>)/g)].map((match) => match[1]);
  expect(new Set(marks).size).toBe(3);
});

it('the way from cause to symptom is drawn strongest', () => {
  expect(html().match(/class="edge edge-strong"/g)).toHaveLength(2);
});

it('puts the suspect change first, and makes no link of an address that is not of the web', () => {
  const page = html();
  expect(page.indexOf('just before the onset')).toBeLessThan(page.indexOf('pricing did not move'));
  expect(page).not.toContain('javascript:');
});

it('offers what the state allows', () => {
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

it('what a source wrote is text, never markup', () => {
  const page = html({ title: '<img src=x onerror=alert(1)>' });
  expect(page).not.toContain('<img');
});

it('what ended it is said once it is over', () => {
  expect(html({ status: 'resolved', resolution: 'failed over orders-db' })).toContain(
    'It ended: failed over orders-db',
  );
  expect(html({})).not.toContain('It ended:');
});

it('the timeline is told from the newest back, each entry with its kind', () => {
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

it('shows the likely causes at once and folds the others away', () => {
  const [first] = anIncident().hypotheses;
  if (first === undefined) throw new Error('the incident has a hypothesis');
  const hypotheses = [0.7, 0.01, 0.05, 0.001].map((probability, index) => ({ ...first, rank: index + 1, probability }));
  const { likely, lessLikely } = splitHypotheses(hypotheses);
  expect(likely.map(({ rank }) => rank)).toEqual([1, 2, 3]);
  expect(lessLikely.map(({ rank }) => rank)).toEqual([4]);
});
