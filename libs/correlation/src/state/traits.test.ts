import { describe, expect, it } from 'vitest';
import { applicationOf, sharedTrait, traitKeys } from './traits.ts';

it.each([
  ['checkout', 'checkout'],
  ['checkout-api', 'checkout'],
  ['shop/checkout-worker-canary', 'checkout'],
  ['postgresql/checkout', 'checkout'],
  ['checkout_db', 'checkout'],
  ['node-exporter', 'node-exporter'],
  // The prefix of a company is no application.
  ['acme-checkout', 'acme-checkout'],
  ['acme-search', 'acme-search'],
  // Only a role is left, or an abbreviation.
  ['api-gateway', ''],
  ['db', ''],
  ['pg-db', ''],
  ['', ''],
])('%s belongs to %s', (service, application) => expect(applicationOf(service)).toBe(application));

describe('what alerts share without telemetry', () => {
  const alertOf = (name: string, entities: object) => ({ name, entities });
  const shared = (one: ReturnType<typeof alertOf>, other: ReturnType<typeof alertOf>) =>
    sharedTrait(
      new Set([...traitKeys(one), ...Object.entries(one.entities).map(([kind, value]) => `${kind}:${value}`)]),
      other,
    );
  const down = (entities: object) => alertOf('Down', entities);
  const slow = (entities: object) => alertOf('Slow', entities);
  const trait = (kind: string, value: string) => ({ trait: kind, value });

  it.each([
    [
      'the namespace',
      slow({ service: 'a', namespace: 'shop' }),
      down({ service: 'b', namespace: 'shop' }),
      trait('namespace', 'shop'),
    ],
    ['the application', slow({ service: 'pay-api' }), down({ service: 'pay-db' }), trait('application', 'pay')],
    ['the rule', down({ service: 'a' }), down({ service: 'b' }), trait('rule', 'Down')],
    [
      'the rule, where only one names a namespace',
      down({ service: 'a', namespace: 'x' }),
      down({ service: 'b' }),
      trait('rule', 'Down'),
    ],
    [
      'the namespace of one cluster on two nodes',
      slow({ namespace: 'shop', node: 'a' }),
      down({ namespace: 'shop', node: 'b' }),
      trait('namespace', 'shop'),
    ],
  ])('is %s', (_what, one, other, expected) => expect(shared(one, other)).toEqual(expected));

  it.each([
    ['the minute alone', slow({ service: 'a' }), down({ service: 'b' })],
    [
      'a rule that fires in two namespaces',
      down({ service: 'a', namespace: 'x' }),
      down({ service: 'b', namespace: 'y' }),
    ],
    ['a rule that fires on two nodes', down({ node: 'a' }), down({ node: 'b' })],
    [
      'a namespace that has the same name in two clusters',
      slow({ namespace: 'shop', cluster: 'eu' }),
      down({ namespace: 'shop', cluster: 'us' }),
    ],
    [
      'an application of two namespaces',
      slow({ service: 'pay-api', namespace: 'x' }),
      down({ service: 'pay-db', namespace: 'y' }),
    ],
    [
      'the namespace that nobody chose',
      slow({ service: 'a', namespace: 'default' }),
      down({ service: 'b', namespace: 'default' }),
    ],
    ['a cluster', slow({ cluster: 'eu' }), down({ cluster: 'eu' })],
  ])('is not %s', (_what, one, other) => expect(shared(one, other)).toBeNull());
});
