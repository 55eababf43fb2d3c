import { expect, it } from 'vitest';
import { routeOf, testContext, testRequest, testSource } from '../../testing/source.ts';
import { cdEventOf } from './cdevents.ts';
import { cloudevents } from './index.ts';

const path = '/ingest/cloudevents';
const contentType = 'application/cloudevents+json';
const data = {
  context: { id: 'e1', source: '/ci', type: 'dev.cdevents.service.deployed.0.3.0', timestamp: '2026-03-01T11:55:00Z' },
  subject: {
    id: 'shop/cart',
    type: 'service',
    content: {
      environment: { id: 'prod' },
      artifactId: 'pkg:oci/cart@sha256%3Aab12?repository_url=r.example.com&tag=1.4.2',
    },
  },
  customData: { actor: 'kim', previousVersion: '1.4.1' },
};
const event = { specversion: '1.0', id: 'e1', source: '/ci', type: 'dev.cdevents.service.deployed.0.3.0', data };
const deployed = {
  scope: { tenant: 'acme', environment: 'production' },
  kind: 'deploy',
  entities: { service: 'cart' },
  version: '1.4.2',
  previousVersion: '1.4.1',
  actor: 'kim',
  startedAtMs: Date.UTC(2026, 2, 1, 11, 55),
};
const typed = (type: string, subject: object) => ({ ...event, type, data: { ...data, subject } });
const binary = { 'ce-specversion': '1.0', 'ce-id': 'e%201', 'ce-source': '/ci', 'ce-type': event.type };

testSource(cloudevents, [
  { name: 'structured', path, contentType, body: event, records: { changes: [deployed] } },
  {
    name: 'batch',
    path,
    contentType: 'application/cloudevents-batch+json',
    body: [event, { specversion: '1.0' }, { ...event, id: 'e2' }],
    records: { changes: [deployed, deployed] },
    badCount: 1,
  },
  {
    name: 'binary',
    path,
    contentType: 'application/json',
    headers: binary,
    body: data,
    records: { changes: [deployed] },
  },
  {
    name: 'a rollback of another version of CDEvents',
    path,
    contentType,
    body: typed('dev.cdevents.service.rolledback.9.1.0-draft', data.subject),
    records: { changes: [{ kind: 'rollback', summary: 'Rolled back shop/cart 1.4.2' }] },
  },
  {
    name: 'an environment',
    path,
    contentType,
    body: typed('dev.cdevents.environment.modified.0.3.0', { id: 'staging', content: {} }),
    records: { changes: [{ kind: 'infrastructure', scope: { environment: 'staging' } }] },
  },
  {
    name: 'an environment with its cluster in one name',
    path,
    contentType,
    body: typed('dev.cdevents.service.deployed.0.3.0', {
      id: 'cart',
      content: { environment: { id: 'production-eu-1' } },
    }),
    records: {
      changes: [
        { scope: { tenant: 'acme', environment: 'production' }, entities: { service: 'cart', cluster: 'eu-1' } },
      ],
    },
  },
  {
    name: 'a merged change, for every environment',
    path,
    contentType,
    body: typed('dev.cdevents.change.merged.0.2.0', { id: 'pr-7', content: { repository: { id: 'shop' } } }),
    records: { changes: [{ kind: 'other', scope: { environment: '' }, summary: 'Merged change pr-7' }] },
  },
  {
    name: 'an event of another kind',
    path,
    contentType,
    body: { ...event, type: 'com.example.x' },
    records: { changes: [] },
  },
  { name: 'no id', path, contentType, body: { ...event, id: '' }, status: 400, reason: 'id: expected a text' },
  {
    name: 'a structured event sent as plain JSON',
    path,
    contentType: 'application/json',
    body: event,
    records: { changes: [{ kind: 'deploy' }] },
  },
  {
    name: 'a batch sent as plain JSON',
    path,
    contentType: 'application/json',
    body: [event],
    records: { changes: [{ kind: 'deploy' }] },
  },
  {
    name: 'data that is a text of JSON',
    path,
    contentType: 'application/cloudevents+json',
    body: { ...event, data: JSON.stringify(event.data) },
    records: { changes: [{ kind: 'deploy' }] },
  },
  {
    name: 'plain JSON that is no event',
    path,
    contentType: 'application/json',
    body: { hello: 'world' },
    status: 400,
    reason: 'specversion',
  },
  {
    name: 'an unknown format',
    path,
    contentType: 'application/cloudevents+avro',
    body: event,
    status: 415,
    reason: 'Content-Type',
  },
]);

it('a repeat is the same change, however it was sent', () => {
  const idOf = (request: Parameters<typeof testRequest>[0]) => {
    const result = routeOf(cloudevents, path).accept(testRequest(request), testContext());
    return result.ok && result.records.changes?.[0]?.id;
  };
  const structured = idOf({ contentType, body: { ...event, id: 'e 1' } });
  expect(structured).toBe(idOf({ contentType: 'application/json', headers: binary, body: data }));
  expect(structured).not.toBe(idOf({ contentType, body: { ...event, id: 'e2' } }));
});

it('says which events are not used', () => {
  const result = routeOf(cloudevents, path).accept(
    testRequest({ contentType, body: { ...event, type: 'com.example.x' } }),
    testContext(),
  );
  expect(result).toMatchObject({
    ok: true,
    notes: ['events of type com.example.x are not used: the type is not known'],
  });
});

it.each([
  ['dev.cdevents.service.deployed.0.3.0', 'service.deployed'],
  ['dev.cdevents.service.deployed', 'service.deployed'],
  ['dev.cdevents.service.deployed.0.3.0-draft', 'service.deployed'],
  ['dev.cdevents.service', ''],
  ['com.example.service.deployed', ''],
])('%s is %s', (type, expected) => {
  expect(cdEventOf(type)).toBe(expected);
});
