import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { expect, it } from 'vitest';
import type { AlertExplanation } from '../api/types.ts';
import { AlertPage } from './page.tsx';

const step = { at: '2026-03-01T14:10:00Z', kind: 'received', text: 'grafana sent Slow: firing', incidentId: '' };
const page = (over: Partial<AlertExplanation> = {}) =>
  renderToString(
    h(AlertPage, {
      fingerprint: 'a/b',
      explanation: { outcome: 'paged', text: 'Paged.', incidentId: 'i/1', steps: [step], nearMatches: [], ...over },
    }),
  );
const textOf = (markup: string) => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

it('says what became of an alert, step by step, and leads to its incident', () => {
  const delivery = { ...step, at: null, kind: 'delivery', text: 'slack has it' };
  const markup = page({ steps: [step, delivery] });
  expect(textOf(markup)).toMatch(
    /Alert a\/b Paged\. Open the incident What became of it .*Received grafana sent Slow: firing Delivery slack has it/,
  );
  expect(markup).toContain('href="/incidents/i%2F1"');
  expect(markup.match(/<time/g)).toHaveLength(1);
});

it('where nothing is known it offers what looks like it, and only there', () => {
  const near = [{ source: 'grafana', fingerprint: 'x/y', name: 'Slow', status: 'firing', receivedAt: step.at }];
  const unheard = { outcome: 'not-heard', text: 'Never heard of.', incidentId: '', steps: [] } as const;
  expect(page({ ...unheard, nearMatches: near })).toContain('href="/alerts/grafana/x%2Fy"');
  expect(textOf(page(unheard))).toContain('Is its source set up?');
  expect(page()).not.toContain('Is its source set up?');
  expect(page(unheard)).not.toContain('/incidents/');
});
