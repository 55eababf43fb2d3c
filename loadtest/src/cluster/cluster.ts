/** Faultline on several machines: a number of processes of each service, over one log and one store. */
import { mkdirSync } from 'node:fs';
import { createInstance, type Instance, type InstanceCounts } from './instance.ts';

export type { Instance, InstanceCounts } from './instance.ts';

import { freePorts } from '@faultline/servers';

export const serviceNames = ['notifier', 'correlator', 'recorder', 'query', 'ingest'] as const;
export type ServiceName = (typeof serviceNames)[number];

interface ClusterOptions {
  /** For configurations and logs of the processes. */
  readonly folder: string;
  /** Number of processes of each service. Null: one process with all services. */
  readonly instances: Readonly<Record<ServiceName, number>> | null;
  /** Shared by all processes: log, store, channels. */
  readonly config: object;
  /** Programs that replace Faultline's main. */
  readonly programs?: Partial<Record<ServiceName, string>>;
}

/** Base addresses of a process. */
export interface InstanceAddresses {
  readonly http: string;
  readonly otlpHttp: string;
}

export interface Cluster {
  readonly instances: readonly Instance[];
  /** The processes of one service, including those that joined later. */
  of(service: ServiceName): readonly Instance[];
  /** Base addresses of all ingest processes, and of one query process. */
  readonly ingest: readonly InstanceAddresses[];
  readonly query: string;
  /** Adds a process of a service. Resolves when it is up. */
  join(service: ServiceName): Promise<Instance>;
  counts(): Readonly<Record<string, InstanceCounts>>;
  /** Stops all processes, ingest first. */
  stop(): Promise<void>;
}

interface Member {
  readonly service: ServiceName | 'all';
  readonly instance: Instance;
  readonly addresses: InstanceAddresses;
}

/** Starts the processes. Resolves when all are up. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  mkdirSync(options.folder, { recursive: true });
  const members: Member[] = [];
  const add = async (service: ServiceName | 'all'): Promise<Member> => {
    const number = members.filter((member) => member.service === service).length;
    const member = await createMember(options, service, number);
    members.push(member);
    return member;
  };
  const wanted = options.instances === null ? (['all'] as const) : wantedOf(options.instances);
  for (const service of wanted) await add(service);
  const stop = () => stopAll(members);
  try {
    await Promise.all(members.map(({ instance }) => instance.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  const having = (service: ServiceName) =>
    members.filter((member) => member.service === service || member.service === 'all');
  return {
    get instances() {
      return members.map(({ instance }) => instance);
    },
    of: (service) => having(service).map(({ instance }) => instance),
    ingest: having('ingest').map(({ addresses }) => addresses),
    query: having('query')[0]?.addresses.http ?? '',
    join: async (service) => {
      const { instance } = await add(service);
      await instance.start();
      return instance;
    },
    counts: () => Object.fromEntries(members.map(({ instance }) => [instance.name, instance.counts()])),
    stop,
  };
}

function wantedOf(instances: Readonly<Record<ServiceName, number>>): ServiceName[] {
  return serviceNames.flatMap((service) => Array.from({ length: instances[service] }, () => service));
}

async function createMember(
  { folder, config, programs = {} }: ClusterOptions,
  service: ServiceName | 'all',
  number: number,
): Promise<Member> {
  const [http, otlpHttp, otlpGrpc, grpc] = await freePorts(4);
  const listeners = {
    http: { port: http },
    ingest: { otlpHttp: { port: otlpHttp }, otlpGrpc: { port: otlpGrpc } },
    query: { port: grpc, consoleFolder: '' },
  };
  const program = service === 'all' ? undefined : programs[service];
  const instance = createInstance({
    name: `${service}-${number}`,
    only: service === 'all' ? null : service,
    config: { ...listeners, ...config },
    folder,
    ...(program === undefined ? {} : { program }),
  });
  const addresses = { http: `http://127.0.0.1:${http}`, otlpHttp: `http://127.0.0.1:${otlpHttp}` };
  return { service, instance, addresses };
}

/** Ingest first, so that no new input comes in while the others finish. */
async function stopAll(members: readonly Member[]): Promise<void> {
  for (const service of ['ingest', ...serviceNames, 'all'] as const)
    await Promise.all(members.filter((member) => member.service === service).map(({ instance }) => instance.stop()));
}
