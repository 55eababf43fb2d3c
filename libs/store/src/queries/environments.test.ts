/** Where things send telemetry, and which environments an evidence query reads for that reason. */
import type { EvidenceFocus, EvidenceQuery } from '@faultline/model';
import { expect, it } from 'vitest';
import { minute, query } from '../testing/query.ts';
import { baseMs, tenant as ownTenant, trace } from '../testing/rows.ts';
import { useTestStore } from '../testing/use-store.ts';
import { seenByEnvironment } from './environments.ts';

const opened = useTestStore();
const tenant = `${ownTenant}-environments`;
const none: EvidenceFocus = { services: [], instances: [], nodes: [] };

/** Spans of a service in an environment, some of which call a database that sends nothing. */
function spans(service: string, environment: string, over: object = {}) {
  const attributes = { 'deployment.environment.name': `The ${environment}`, 'k8s.namespace.name': `${environment}-ns` };
  const own = { Tenant: tenant, Environment: environment, ServiceName: service, Instance: `${service}-${environment}` };
  return [1, 7, 11].map((at) =>
    trace(baseMs + at * minute, { ...own, Node: `node-${environment}`, ResourceAttributes: attributes, ...over }),
  );
}

async function fill(): Promise<void> {
  await opened.insert('environments/spans', {
    table: 'otel_traces',
    rows: [
      ...spans('checkout', 'production'),
      ...spans('cart', 'production'),
      ...spans('checkout', 'staging'),
      ...spans('worker', 'default', { ResourceAttributes: { 'k8s.cluster.name': 'eu-1' } }),
    ],
  });
}

const ask = (environments: readonly string[], focus: Partial<EvidenceFocus> = {}) => {
  const wanted: EvidenceQuery = {
    ...query,
    scope: { tenant, environment: '' },
    environments,
    focus: { ...none, ...focus },
  };
  return opened.store.answerEvidence(wanted);
};

it.each<[string, readonly string[], Partial<EvidenceFocus>, string, readonly string[], readonly string[]]>([
  ['what is in one', [], { services: ['cart'] }, 'only-one', ['default', 'production'], ['cart', 'checkout', 'worker']],
  ['what is named', ['staging'], { services: ['cart'] }, 'named', ['default', 'staging'], ['checkout', 'worker']],
  [
    'a word that nobody uses',
    ['blue'],
    { services: ['cart'] },
    'elsewhere',
    ['default', 'production'],
    ['cart', 'checkout', 'worker'],
  ],
  [
    'a namespace decides between two',
    [],
    { services: ['checkout'], namespaces: ['staging-ns'] },
    'likeliest',
    ['default', 'staging'],
    ['checkout', 'worker'],
  ],
  ['a node', [], { nodes: ['node-production'] }, 'only-one', ['default', 'production'], ['cart', 'checkout', 'worker']],
  ['a cluster of what names none', [], { clusters: ['eu-1'] }, 'unnamed', ['default'], ['worker']],
  [
    'two, told apart by name',
    [],
    { services: ['checkout'] },
    'ambiguous',
    ['production', 'staging'],
    ['cart', 'production/checkout', 'staging/checkout'],
  ],
])('%s', async (_name, environments, focus, reason, read, services) => {
  await fill();
  const { environment, operations, presence, missing } = await ask(environments, focus);
  expect(environment).toMatchObject({ reason, read });
  expect([...new Set(operations.map(({ service }) => service))].sort()).toEqual(services);
  expect([...new Set(presence.map(({ service }) => service))].sort()).toEqual(services);
  expect(missing).toEqual([]);
});

it('lists the environments with what is in them', async () => {
  await fill();
  const known = await opened.store.environments({ tenant, fromMs: baseMs });
  expect(known).toEqual(
    [
      { environment: 'default', services: 1, clusters: ['eu-1'], namespaces: [], names: [] },
      {
        environment: 'production',
        services: 2,
        clusters: [],
        namespaces: ['production-ns'],
        names: ['The production'],
      },
      { environment: 'staging', services: 1, clusters: [], namespaces: ['staging-ns'], names: ['The staging'] },
    ].map((entry) => ({ ...entry, lastSeenMs: baseMs + 11 * minute })),
  );
  expect(await opened.store.environments({ tenant: 'nobody', fromMs: baseMs })).toEqual([]);
});

it('a query of an older release reads the environment of its scope', async () => {
  await fill();
  const { operations, environment } = await opened.store.answerEvidence({
    ...query,
    scope: { tenant, environment: 'staging' },
  });
  expect(environment).toBeUndefined();
  expect(new Set(operations.map(({ service }) => service))).toEqual(new Set(['checkout']));
});

it('what was given up before the baseline counts only where nothing is newer', () => {
  const rows = [
    { environment: 'prod', name: 'service:cart', lastSeenMs: 5 },
    { environment: 'production', name: 'service:cart', lastSeenMs: 20 },
  ];
  expect(seenByEnvironment(rows, 10)).toEqual([{ environment: 'production', names: ['service:cart'] }]);
  expect(seenByEnvironment(rows, 30)).toHaveLength(2);
});

it('a callee that sends telemetry itself is a service', () => {
  const seen = (name: string) => ({ environment: 'production', name, lastSeenMs: 1 });
  expect(seenByEnvironment([seen('callee:cart'), seen('service:cart'), seen('callee:db')], 0)).toEqual([
    { environment: 'production', names: ['callee:db', 'service:cart'] },
  ]);
});
