import { expect, it } from 'vitest';
import { announcementOf } from './announce.ts';
import { parseServiceNames, runningServices, type ServiceName } from './service-list.ts';

const addresses = { http: 'http://127.0.0.1:1', otlpHttp: null, otlpGrpc: null, queryGrpc: null };
const services = (...names: ServiceName[]) => new Set(names);

it.each([
  [services('notifier'), 'health, metrics'],
  [services('ingest'), 'webhooks'],
  [services('query'), 'console, API'],
  [services('query', 'ingest'), 'console, API, webhooks'],
])('says to people what is served: %o', (only, served) => {
  const lines = announcementOf({ addresses, services: only, format: 'auto' }).split('\n');
  expect(lines).toEqual(['Faultline is up.', `  ${served.padEnd(22)}  http://127.0.0.1:1/`, '']);
});

it('says it to programs as one object', () => {
  const line = announcementOf({ addresses, services: services('notifier'), format: 'json' });
  expect(JSON.parse(line)).toEqual({ message: 'Faultline is up', services: ['notifier'], ...addresses });
});

it.each([true, false])('names the Kubernetes source only where it is configured: %s', (enabled) => {
  expect(runningServices(parseServiceNames(undefined), { kube: { enabled } }).has('kube')).toBe(enabled);
});
