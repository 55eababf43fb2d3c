import { expect, it } from 'vitest';
import { resolveEntities } from './entity-resolution.ts';
import { environmentOf, foldEnvironment } from './environment.ts';
import { plainName } from './plain-name.ts';

it.each([
  ['checkout', 'checkout'],
  [' checkout\n', 'checkout'],
  ['check\u200bout', 'checkout'],
  ['\ufeffcheckout', 'checkout'],
  ['check\u00adout\u202e', 'checkout'],
  ['a\u0000b', 'a b'],
  ['cafe\u0301', 'café'],
  ['kasse-größe', 'kasse-größe'],
  ['\u200b', ''],
])('%j is %j', (name, plain) => expect(plainName(name)).toBe(plain));

it('whatever the source, a name with invisible characters is the name without', () => {
  expect(resolveEntities({ service: 'check\u200bout', namespace: 'shop\u0000' })).toEqual({
    service: 'checkout',
    namespace: 'shop',
  });
  expect(environmentOf({ env: 'pro\u200bd' })).toBe('production');
  expect(foldEnvironment('\ufeffproduction\u0000').environment).toBe('production');
  expect(resolveEntities({ service: '\u200b' })).toEqual({});
});
