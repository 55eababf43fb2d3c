import { expect, it } from 'vitest';
import { correlatorConfig } from './config.ts';
import { suppressionOf } from './suppression.ts';

const { suppress } = correlatorConfig.parse({
  suppress: [{ name: 'load test', match: { alertname: 'Slow', service: 'cart' }, fromMs: 100, untilMs: 200 }],
});
const alert = (name: string, startsAtMs: number, labels = {}) => ({
  name,
  source: 'grafana',
  labels,
  entities: { service: 'cart' },
  startsAtMs,
  url: '',
});

it.each([
  ['in the window of a rule', alert('Slow', 150), { rule: 'load test', isHeartbeat: false }],
  ['before it', alert('Slow', 99), null],
  ['a heartbeat', alert('Watchdog', 150), { rule: 'heartbeat', isHeartbeat: true }],
  [
    'a severity that means nothing',
    alert('Other', 1, { severity: 'none' }),
    { rule: 'severity-none', isHeartbeat: true },
  ],
])('%s', (_name, told, expected) => {
  expect(suppressionOf({ suppress }, told)).toEqual(expected);
});
