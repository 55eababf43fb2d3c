import { expect, it } from 'vitest';
import { createPlay, type PlaySize } from './play.ts';

const size: PlaySize = { seconds: 20, spans: 8_000, alerts: 200, scopes: 2, shops: 2 };
const beganMs = Date.parse('2026-03-01T10:00:00Z');

it('two plays with one beginning are the same to the byte', () => {
  const [one, other] = [createPlay(size, beganMs), createPlay(size, beganMs)];
  expect([...one.telemetry()]).toEqual([...other.telemetry()]);
  expect([...one.alerts(1)]).toEqual([...other.alerts(1)]);
  expect([...createPlay(size, beganMs + 10_000).alerts(1)]).not.toEqual([...one.alerts(1)]);
});

it('holds what its size says, in the order of its times', () => {
  const play = createPlay(size, beganMs);
  const telemetry = [...play.telemetry()].flat();
  const spans = telemetry.filter(({ signal }) => signal === 'spans').reduce((sum, { items }) => sum + items, 0);
  expect(spans).toBe(size.spans);
  expect([...play.spansByService.values()].reduce((sum, count) => sum + count, 0)).toBe(size.spans);
  const alerts = [0, 1].flatMap((scope) => [...play.alerts(scope)]);
  expect(alerts.reduce((sum, { items }) => sum + items, 0)).toBe(size.alerts);
  const times = telemetry.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(play.incidents).toBe(4);
});

it('a storm names every service of its shop in its first request', () => {
  const [first] = createPlay(size, beganMs).alerts(0);
  const { alerts } = JSON.parse(new TextDecoder().decode(first?.body)) as { alerts: { labels: { service: string } }[] };
  expect(new Set(alerts.map(({ labels }) => labels.service))).toEqual(new Set(['front-0', 'cart-0', 'stock-0']));
});
