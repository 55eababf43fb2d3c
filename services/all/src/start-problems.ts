/**
 * Finds what would stop a start: open addresses, ports in use, folders that cannot be written, certificates and
 * credentials that cannot be read, and topics without a cluster.
 */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { checkClusterCredentials } from '@faultline/bus';
import { checkKube } from '@faultline/kube';
import { type BindAddress, bindError, checkBindAddress, readServerTls, type TlsConfig } from '@faultline/runtime';
import type { AppConfig } from './app-config.ts';
import type { ServiceName } from './service-list.ts';

/** One line for each problem. Sections that are missing are not checked. */
export async function findStartProblems(
  config: Partial<AppConfig>,
  services: ReadonlySet<ServiceName>,
): Promise<readonly string[]> {
  const addresses = listenersOf(config, services);
  const ports = await Promise.all(addresses.map(portProblem));
  return [
    ...addresses.flatMap((address) => openAddressProblem(address, config)),
    ...sharedPortProblems(addresses),
    ...ports.flat(),
    ...foldersOf(config, services).flatMap(folderProblem),
    ...addresses.flatMap(tlsProblem),
    ...kafkaProblems(config, services),
    ...(await credentialProblem(config, services)),
  ];
}

interface Listener extends BindAddress {
  readonly tls: TlsConfig;
}

function listenersOf(config: Partial<AppConfig>, services: ReadonlySet<ServiceName>): readonly Listener[] {
  const { http } = config;
  const ingest = services.has('ingest') ? config.ingest : undefined;
  const query = services.has('query') ? config.query : undefined;
  return [
    ...(http === undefined ? [] : [{ section: 'http', ...http }]),
    ...(ingest === undefined ? [] : [{ section: 'ingest.otlpHttp', ...ingest.otlpHttp }]),
    ...(ingest === undefined ? [] : [{ section: 'ingest.otlpGrpc', ...ingest.otlpGrpc }]),
    ...(query === undefined ? [] : [{ section: 'query', ...query }]),
  ];
}

function openAddressProblem(address: BindAddress, { auth }: Partial<AppConfig>): readonly string[] {
  if (auth === undefined) return [];
  return messageOf(() => checkBindAddress(address, { enabled: auth.tokens.length > 0 }));
}

/** Port 0 takes any free port, so it never collides. */
function sharedPortProblems(addresses: readonly BindAddress[]): readonly string[] {
  const byPort = Map.groupBy(
    addresses.filter(({ port }) => port !== 0),
    ({ port }) => port,
  );
  return [...byPort].flatMap(([port, sharing]) => {
    const names = sharing.map(({ section }) => section);
    return names.length < 2 ? [] : [`${names.join(', ')}: all use port ${port}; give each its own`];
  });
}

function portProblem(address: BindAddress): Promise<readonly string[]> {
  const { host, port } = address;
  if (port === 0) return Promise.resolve([]);
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', (error) => done([bindError(error, address).message]));
    probe.listen(port, host, () => probe.close(() => done([])));
  });
}

interface Named {
  readonly name: string;
  readonly path: string;
}

function foldersOf({ bus, store }: Partial<AppConfig>, services: ReadonlySet<ServiceName>): readonly Named[] {
  const needsStore = (['recorder', 'correlator', 'query'] as const).some((service) => services.has(service));
  return [
    ...(bus?.kind === 'embedded' && bus.folder !== ':memory:' ? [{ name: 'bus.folder', path: bus.folder }] : []),
    ...(store?.kind === 'embedded' && needsStore ? [{ name: 'store.folder', path: store.folder }] : []),
  ];
}

/** A missing folder will be made, so its nearest existing parent counts. */
function folderProblem({ name, path }: Named): readonly string[] {
  let existing = resolve(path);
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  if (!statSync(existing).isDirectory()) return [`${name}: ${existing} is not a folder`];
  return messageOf(() => accessSync(existing, constants.W_OK | constants.X_OK)).length === 0
    ? []
    : [`${name}: ${existing} cannot be written: check its owner and mode, or configure another folder`];
}

function tlsProblem({ section, tls }: Listener): readonly string[] {
  return tls === null ? [] : messageOf(() => readServerTls({ section, tls }));
}

function kafkaProblems({ bus, ingest }: Partial<AppConfig>, services: ReadonlySet<ServiceName>): readonly string[] {
  const topics = ingest === undefined || !services.has('ingest') ? [] : ingest.kafka;
  return [
    ...(bus?.kind === 'kafka' ? clusterProblem('bus.kafka', bus.kafka) : []),
    ...topics.flatMap(({ topic, cluster }, index) => {
      const path = `ingest.kafka[${index}].cluster`;
      if (cluster !== null) return clusterProblem(path, cluster);
      return bus?.kind === 'embedded'
        ? [
            `${path}: expected the brokers of the topic ${topic}, found null; only with \`bus.kind: kafka\` may it be left out`,
          ]
        : [];
    }),
  ];
}

function clusterProblem(path: string, cluster: Parameters<typeof checkClusterCredentials>[0]): readonly string[] {
  return messageOf(() => checkClusterCredentials(cluster)).map((message) => `${path}.${message}`);
}

async function credentialProblem(
  { kube }: Partial<AppConfig>,
  services: ReadonlySet<ServiceName>,
): Promise<readonly string[]> {
  if (kube === undefined || !kube.enabled || !services.has('kube')) return [];
  return await checkKube(kube).then(
    () => [],
    (error: unknown) => [error instanceof Error ? error.message : String(error)],
  );
}

/** The message of what `act` throws. Empty when it does not throw. */
function messageOf(act: () => unknown): readonly string[] {
  try {
    act();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
