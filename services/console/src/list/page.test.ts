import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { expect, it } from 'vitest';
import { anIncident } from '../testing/incident.ts';
import { isMatch, ListPage } from './page.tsx';

const nowMs = Date.parse('2026-03-01T02:31:00Z');
const html = (count: number, complete = true) =>
  renderToString(
    h(ListPage, {
      incidents: Array.from({ length: count }, (_, index) => anIncident({ id: `inc-${index}` })),
      complete,
      nowMs,
    }),
  );

it('says what an empty list means', () => {
  expect(html(0, false)).toContain('Reading incidents…');
  expect(html(0)).toContain('No open incidents');
});

it('shows at most fifty incidents at once, with a filter', () => {
  expect(html(3)).not.toContain('type="search"');
  const page = html(60);
  expect(page.match(/class="row /g)).toHaveLength(50);
  expect(page).toContain('Show 10 more');
  expect(page).toContain('type="search"');
});

it.each([
  ['', true],
  ['orders-db CRITICAL', true],
  ['production disk', true],
  ['orders-db staging', false],
])('the filter %j matches: %s', (filter, expected) => {
  expect(isMatch(anIncident(), filter)).toBe(expected);
});

it('a first guess without telemetry names no cause', () => {
  const guess = anIncident({ verdict: 'inconclusive', evidenceState: 'pending' });
  const page = renderToString(h(ListPage, { incidents: [guess], complete: true, nowMs }));
  expect(page).toContain('Cause not known yet');
  expect(page).not.toContain('86 %');
});
