import { expect, it } from 'vitest';
import { namesIn, possibleEntities } from './qualified-names.ts';

const reading = { reason: 'ambiguous', read: ['production', 'staging'], named: [], seen: [], known: [] } as const;
const both = namesIn({ environment: { ...reading, qualified: ['cart'] } });
const one = namesIn({ environment: { ...reading, read: ['default', 'production'] } });

it.each([
  ['a service of both', both, 'cart', 'staging', 'staging/cart'],
  ['a service of one', both, 'web', 'staging', 'web'],
  ['an unknown environment', both, 'cart', '', 'cart'],
  ['a result of one environment', one, 'cart', 'production', 'cart'],
  ['no result', namesIn(null), 'cart', 'production', 'cart'],
] as const)('%s', (_what, names, service, environment, name) => {
  expect(names.ofService(service, environment)).toBe(name);
  expect(names.ofEntities({ service, node: 'n1' }, environment)).toEqual({ service: name, node: 'n1' });
});

it('what names no environment may be in each', () => {
  expect(possibleEntities(both, { service: 'cart', pod: 'p' }, '')).toEqual([
    { service: 'production/cart', pod: 'p' },
    { service: 'staging/cart', pod: 'p' },
  ]);
  expect(possibleEntities(both, { service: 'web' }, '')).toEqual([{ service: 'web' }]);
  expect(possibleEntities(both, { workload: 'cart' }, 'staging')).toEqual([{ workload: 'staging/cart' }]);
  expect(possibleEntities(one, { service: 'cart' }, '')).toEqual([{ service: 'cart' }]);
});
