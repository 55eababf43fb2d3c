import { expect, it } from 'vitest';
import { urlsOf } from './config.ts';

it.each([
  ['http://proxy.example/prod', 'http://proxy.example/prod/v2/enqueue'],
  ['http://proxy.example/prod/', 'http://proxy.example/prod/v2/enqueue'],
  [null, 'https://events.eu.pagerduty.com/v2/enqueue'],
])('events go below %s', (eventsUrl, expected) => {
  const { events } = urlsOf({ region: 'eu', eventsUrl, apiUrl: null });
  expect(new URL('v2/enqueue', events).href).toBe(expected);
});
