/** Whom network policies cut off: what is denied, what another policy or an odd peer opens again, and what nobody can tell. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../api/json.ts';
import { clusterOf, type Draft, inShop, named } from '../testing/faulty-cluster.ts';
import { deployment } from '../testing/objects.ts';

const port = { name: 'http', containerPort: 8080 };
const pay = ['Deployment', deployment('pay', { container: { ports: [port] } })] as const;
const web = ['Deployment', deployment('web')] as const;
const scraper = ['Deployment', deployment('scraper', { namespace: 'monitoring' })] as const;
const payService: readonly [string, Draft] = [
  'Service',
  { metadata: inShop('pay'), spec: { selector: { app: 'pay' }, ports: [{ port: 80, targetPort: 'http' }] } },
];
const namespaces = ['shop', 'monitoring', 'kube-system'].map((name): readonly [string, Draft] => [
  'Namespace',
  { metadata: { name, labels: { 'kubernetes.io/metadata.name': name } } },
]);
const dns: readonly [string, Draft] = [
  'Service',
  {
    metadata: { namespace: 'kube-system', name: 'kube-dns', uid: 'uid-kube-dns' },
    spec: { selector: { 'k8s-app': 'kube-dns' }, ports: [{ port: 53, protocol: 'UDP' }] },
  },
];

const policy = (spec: JsonObject, name = 'pay-policy'): readonly [string, Draft] => [
  'NetworkPolicy',
  { metadata: inShop(name), spec: { podSelector: { matchLabels: { app: 'pay' } }, ...spec } },
];
const from = (...peers: JsonObject[]): JsonObject => ({ ingress: [{ from: peers, ports: [{ port: 8080 }] }] });
const app = (name: string): JsonObject => ({ podSelector: { matchLabels: { app: name } } });

type Objects = readonly (readonly [string, Draft])[];
const faultsOf = (objects: Objects, name = 'pay-policy') =>
  named(clusterOf([pay, web, scraper, payService, ...namespaces, ...objects])('NetworkPolicy', name));

const denied = 'network-policy-denies spec.ingress Deployment pay 8080';
const deniedByRule = 'network-policy-denies spec.ingress[0].from Deployment pay 8080';

describe('a policy that lets nobody in', () => {
  it.each<[string, JsonObject, string]>([
    ['has no rule', {}, denied],
    ['has no rule, and says that it is about ingress', { policyTypes: ['Ingress'], ingress: [] }, denied],
    ['allows a peer that does not exist', from(app('wbe')), deniedByRule],
    ['allows another port only', { ingress: [{ ports: [{ port: 9090 }] }] }, denied],
    ['allows a range of other ports', { ingress: [{ ports: [{ port: 1, endPort: 8079 }] }] }, denied],
    ['allows another protocol', { ingress: [{ ports: [{ port: 8080, protocol: 'UDP' }] }] }, denied],
    [
      'allows a workload in a namespace that does not have it',
      from({ ...app('web'), namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }),
      deniedByRule,
    ],
  ])('and that %s', (_what, spec, expected) => {
    expect(faultsOf([policy(spec)])).toEqual([expected]);
  });

  it('with the policy that allows a peer by a wrong name is the fault, and not the one that closes everything', () => {
    const all = policy({ podSelector: {} }, 'close-all');
    const typo = policy(from(app('wbe')));
    expect(faultsOf([all, typo])).toEqual([deniedByRule]);
    expect(faultsOf([all, typo], 'close-all')).toEqual([]);
  });

  it('is about the workload that suffers, for whoever looks for it', () => {
    const [fault] = clusterOf([pay, payService, policy({})])('NetworkPolicy', 'pay-policy');
    expect(fault?.entities).toMatchObject({ service: 'pay', namespace: 'shop' });
  });
});

describe('no fault', () => {
  it.each<[string, Objects]>([
    ['a rule for everybody', [policy({ ingress: [{}] })]],
    ['a peer that exists', [policy(from(app('web')))]],
    ['a peer of another namespace', [policy(from({ ...app('scraper'), namespaceSelector: {} }))]],
    ['a port by its name', [policy({ ingress: [{ ports: [{ port: 'http' }] }] })]],
    ['a range of ports', [policy({ ingress: [{ ports: [{ port: 8000, endPort: 9000 }] }] })]],
    ['addresses, which may be anybody', [policy(from({ ipBlock: { cidr: '10.0.0.0/8' } }))]],
    ['a second policy that opens it', [policy({}), policy(from(app('web')), 'open')]],
    ['a policy about egress alone', [policy({ policyTypes: ['Egress'], egress: [] })]],
    ['a policy for other pods', [policy({ podSelector: { matchLabels: { app: 'mail' } } })]],
  ])('%s', (_what, objects) => {
    expect(faultsOf(objects)).toEqual([]);
  });

  it('a workload that no Service sends traffic to', () => {
    expect(clusterOf([pay, policy({})])('NetworkPolicy', 'pay-policy')).toEqual([]);
  });

  it('a caller without pods at the moment still is a caller', () => {
    const idle = ['Deployment', deployment('batch', { replicas: 0 })] as const;
    expect(faultsOf([idle, policy(from(app('batch')))])).toEqual([]);
  });
});

describe('egress without DNS', () => {
  const egress = (...rules: JsonObject[]) => policy({ policyTypes: ['Egress'], egress: rules });
  const toWeb = { to: [app('web')], ports: [{ port: 8080 }] };
  const toDns = {
    to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
    ports: [{ port: 53, protocol: 'UDP' }],
  };

  it('cuts off a workload that calls others by name', () => {
    expect(faultsOf([dns, egress(toWeb)])).toEqual(['network-policy-denies spec.egress Deployment pay dns 53/UDP']);
  });

  it.each<[string, Objects]>([
    ['DNS is allowed', [dns, egress(toWeb, toDns)]],
    ['every destination is allowed', [dns, egress({})]],
    ['only addresses are called, which need no name', [dns, egress({ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] })]],
    ['nothing is called', [dns, egress()]],
    ['the cluster has no DNS that is known', [egress(toWeb)]],
  ])('is no fault where %s', (_what, objects) => {
    expect(faultsOf(objects)).toEqual([]);
  });
});
