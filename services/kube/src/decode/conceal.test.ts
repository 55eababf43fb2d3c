import { isHashed } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { concealCredentials, concealTexts, createConcealer, hashEach, isCredential, writtenText } from './conceal.ts';

const concealer = createConcealer('salt');

describe('what counts as a credential', () => {
  it.each([
    ['DB_PASSWORD', 'x', true],
    ['API_KEY', 'x', true],
    ['DATABASE_URL', 'postgres://pay:hunter2@db:5432/pay', true],
    ['HEADER', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x', true],
    ['BLOB', 'c2VjcmV0IHZhbHVlIHRoYXQgaXMgbG9uZw9', true],
    ['LOG_LEVEL', 'debug', false],
    ['DATABASE_URL', 'postgres://db:5432/pay', false],
    ['REPLICAS', '3', false],
    ['CONFIG', '/var/lib/pay/config-v2.yaml', false],
  ])('%s=%s: %s', (name, value, expected) => expect(isCredential(name, value)).toBe(expected));
});

describe('a pod template', () => {
  it('keeps the names of Secrets and shows plain settings', () => {
    const spec = {
      env: [
        { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'pay-db', key: 'password' } } },
        { name: 'LEVEL', value: 'debug' },
      ],
      volumes: [{ name: 'tls', secret: { secretName: 'pay-tls' } }],
    };
    expect(concealCredentials(spec, concealer)).toEqual(spec);
  });

  it('hides credentials among variables and arguments', () => {
    const hidden = concealCredentials(
      { env: [{ name: 'TOKEN', value: 'abc' }], args: ['--password', 'abc', '--token=abc', '--level=debug'] },
      concealer,
    );
    expect(JSON.stringify(hidden)).not.toContain('abc');
    expect(JSON.stringify(hidden)).toContain('--level=debug');
  });
});

it('a hash tells values apart, and depends on the salt', () => {
  const { a, b } = hashEach({ a: '1', b: '2' }, concealer);
  expect(a).not.toBe(b);
  expect(hashEach({ a: '1' }, concealer)).toEqual({ a });
  expect(createConcealer('other').hash('1')).not.toBe(a);
});

describe('what only looks like a hash is shown', () => {
  const fake = `hash:${'0a'.repeat(12)}`;
  it.each([
    ['a plain value', { image: fake }],
    ['a part of one', { image: `pay:1@${fake}` }],
    ['a variable', { env: [{ name: 'LEVEL', value: fake }] }],
    ['the name of a variable', { env: [{ name: fake, value: 'x' }] }],
    ['a field beside a variable', { env: [{ name: 'A', value: 'x', note: fake }] }],
    ['an argument', { args: [fake] }],
    ['the value of an argument', { args: [`--level=${fake}`] }],
    ['an object among arguments', { args: [{ a: fake }] }],
    ['a field', { [fake]: 1 }],
    ['an item of a list', { hosts: [fake] }],
  ])('as %s', (_what, body) => expect(isHashed(JSON.stringify(concealCredentials(body, concealer)))).toBe(false));

  it('as an annotation', () => expect(isHashed(JSON.stringify(concealTexts({ note: fake }, concealer)))).toBe(false));

  it('and what is concealed looks like one', () => {
    const hidden = concealCredentials({ env: [{ name: 'TOKEN', value: fake }], args: [`--token=${fake}`] }, concealer);
    expect(JSON.stringify(hidden).match(/"(--token=)?hash:[0-9a-f]{24}"/g)).toHaveLength(2);
    expect(writtenText('hash:beef')).toBe('hash:beef');
  });
});
