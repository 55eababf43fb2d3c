import { describe, expect, it } from 'vitest';
import { routingKey, withoutCredentials, withoutRoutingKey } from './credentials.ts';

const key = 'R0UT1NGK3YR0UT1NGK3YR0UT1NGK3Y00';
const redacted = (body: string): string => withoutRoutingKey(Buffer.from(body)).toString();

describe('a refused body', () => {
  it.each([
    ['JSON', `{"routing_key":"${key}","a":1}`, '{"a":1}'],
    ['a field name with escapes', `{"rout\\u0069ng_key":"${key}","a":1}`, '{"a":1}'],
    ['the key twice', `{"service_key":"${key}","service_key":"other","a":1}`, '{"a":1}'],
    ['a list of events', `[{"routing_key":"${key}"},{"a":1}]`, '[{},{"a":1}]'],
    ['an event in an event', `{"event":{"routing_key":"${key}"},"a":1}`, '{"event":{},"a":1}'],
    ['a key that is no text', '{"routing_key":{"secret":"x"},"a":1}', '{"a":1}'],
    ['a byte order mark', `\ufeff{"routing_key":"${key}","a":1}`, '{"a":1}'],
    ['the key inside another text', `{"routing_key":"${key}","url":"/?k=${key}"}`, '{"url":"/?k=<secret>"}'],
    ['a short key that is part of words', '{"routing_key":"any","summary":"company"}', '{"summary":"company"}'],
  ])('loses the key: %s', (_name, body, left) => {
    expect(redacted(body)).toBe(left);
  });

  it.each([
    ['JSON that breaks off', `{"routing_key":"${key}`],
    ['a form', `routing_key=${key}&event_action=trigger`],
    ['single quotes', `{'routing_key': '${key}'}`],
    ['UTF-16', Buffer.from(`{"routing_key":"${key}"}`, 'utf16le').toString('latin1')],
    ['nothing', ''],
  ])('is withheld when it is not JSON: %s', (_name, body) => {
    const bytes = Buffer.from(body);
    expect(redacted(body)).toBe(`withheld: ${bytes.length} bytes that are not JSON and may hold a routing key`);
  });

  it('is withheld when it is nested too deep to look into', () => {
    const deep = `${'['.repeat(200_000)}{"routing_key":"${key}"}${']'.repeat(200_000)}`;
    expect(redacted(deep)).toMatch(/^withheld/);
  });
});

it('an accepted event keeps everything but its key', () => {
  const event = { routing_key: key, payload: { custom_details: { list: [1, null, 'x'], service_key: key } } };
  expect(withoutCredentials(event)).toEqual({ payload: { custom_details: { list: [1, null, 'x'] } } });
});

it('the key is the token, also behind a byte order mark', () => {
  expect(routingKey(Buffer.from(`\ufeff{"routing_key":"${key}"}`))).toBe(key);
  expect(routingKey(Buffer.from(`{"service_key":"${key}"}`))).toBe(key);
  for (const body of ['{', '[]', '{"routing_key":""}', '{"routing_key":7}'])
    expect(routingKey(Buffer.from(body))).toBeNull();
});
