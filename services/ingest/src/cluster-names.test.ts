import type { EntityBinding } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { createClusterNames } from './cluster-names.ts';
import { createServiceNames } from './service-names.ts';

const hour = 3_600_000;
const scope = { tenant: 't', environment: '' };

function pod(name: string, over: Partial<EntityBinding> = {}): EntityBinding {
  return {
    scope,
    cluster: 'east',
    object: { kind: 'Pod', namespace: 'shop', name },
    addresses: ['10.1.2.3'],
    entities: {
      service: 'payments',
      workload: 'pay',
      namespace: 'shop',
      pod: name,
      node: 'n1',
      zone: 'z1',
      cluster: 'east',
    },
    fromMs: 0,
    toMs: null,
    ...over,
  };
}

function namesOf(...bindings: readonly EntityBinding[]) {
  const names = createClusterNames(createServiceNames(), () => hour);
  for (const [index, binding] of bindings.entries()) names.take(`key${index}`, binding);
  return names;
}

describe('what a cluster says of a signal', () => {
  const names = namesOf(pod('pay-5d8f7c-x2x9z'));

  it('a pod leads to its workload, service, node and zone', () => {
    expect(
      names.complete(scope, { pod: 'pay-5d8f7c-x2x9z', workload: 'pay-5d8f7c', service: 'pay-5d8f7c' }, {}),
    ).toEqual({
      service: 'payments',
      workload: 'pay',
      namespace: 'shop',
      pod: 'pay-5d8f7c-x2x9z',
      node: 'n1',
      zone: 'z1',
      cluster: 'east',
    });
  });

  it('an address does, and is no node', () => {
    const found = names.complete(scope, { node: '10.1.2.3' }, { instance: '10.1.2.3:8080' });
    expect(found).toMatchObject({ service: 'payments', workload: 'pay', node: 'n1' });
  });

  it('a service that the labels name stays', () => {
    expect(names.complete(scope, { service: 'billing' }, { instance: '10.1.2.3:8080' })).toMatchObject({
      service: 'billing',
      workload: 'pay',
    });
  });

  it('nothing is said of another tenant, namespace or cluster', () => {
    const labels = { instance: '10.1.2.3:8080' };
    expect(names.complete({ tenant: 'u' }, {}, labels)).toEqual({});
    expect(names.complete(scope, { namespace: 'other' }, labels)).toEqual({ namespace: 'other' });
    expect(names.complete(scope, { cluster: 'west' }, labels)).toEqual({ cluster: 'west' });
  });
});

it('an address belongs to whoever had it at the time', () => {
  const before = pod('old', { fromMs: 0, toMs: 5 * hour, entities: { service: 'old', workload: 'old' } });
  const after = pod('new', { fromMs: 5 * hour, entities: { service: 'new', workload: 'new' } });
  const names = namesOf(before, after);
  expect([names.serviceAt(scope, '10.1.2.3', 2 * hour), names.serviceAt(scope, '10.1.2.3:80', 9 * hour)]).toEqual([
    'old',
    'new',
  ]);
});

it('an address of two clusters stands for neither, unless the cluster is named', () => {
  const west = pod('other', { cluster: 'west', entities: { service: 'west', cluster: 'west' } });
  const names = namesOf(pod('pay'), west);
  expect(names.serviceAt(scope, '10.1.2.3', hour)).toBe('');
  expect(names.complete(scope, { cluster: 'west' }, { instance: '10.1.2.3' })).toMatchObject({ service: 'west' });
});

it('what is forgotten says nothing', () => {
  const names = namesOf(pod('pay'));
  names.take('key0', null);
  expect(names.serviceAt(scope, '10.1.2.3', hour)).toBe('');
});

it('teaches which names two namespaces use', () => {
  const serviceNames = createServiceNames();
  const names = createClusterNames(serviceNames, () => hour);
  const ofNamespace = (namespace: string) => pod('p', { entities: { service: 'web', workload: 'web', namespace } });
  names.take('a', ofNamespace('shop'));
  names.take('b', ofNamespace('blog'));
  const place = {
    scope: { tenant: 't', environment: 'default' },
    entities: { service: 'web', namespace: 'shop' },
    serviceNamespace: '',
  };
  expect(serviceNames.qualify(place)).toMatchObject({ service: 'shop/web' });
});
