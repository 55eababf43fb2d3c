import { expect, it } from 'vitest';
import { distinctAlerts } from './encoded-case.ts';

const entry = (atMs: number, labels: Record<string, string>, name = 'ConsumerLag') => ({
  alert: { name, severity: 'warning', labels, summary: '', atMs, endMs: null },
});

it('alerts with equal names and labels are one, from when the first fired', () => {
  const both = [
    entry(60, { consumergroup: 'billing', job: 'exporter' }),
    entry(45, { job: 'exporter', consumergroup: 'billing' }),
  ];
  expect(distinctAlerts(both)).toEqual([both[1]]);
});

it('others stay apart', () => {
  const all = [entry(60, { pod: 'a' }), entry(60, { pod: 'b' }), entry(60, { pod: 'a' }, 'Other')];
  expect(distinctAlerts(all)).toEqual(all);
});
