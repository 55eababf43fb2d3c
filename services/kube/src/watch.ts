/** Watches one cluster: the saved state is read, then each kind has a reflector, and one writer takes what they read. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Bus } from '@faultline/bus';
import { clusterRecordTypes, clusterStateKey } from '@faultline/model';
import type { AppError, Clock, Health, Logger } from '@faultline/runtime';
import { type KindState, runReflector } from './api/reflector.ts';
import type { Transport } from './api/transport.ts';
import type { ClusterIdentity } from './change/subject.ts';
import { type ConfigLog, readConfig } from './cluster/config-log.ts';
import { ClusterEngine } from './cluster/engine.ts';
import { chooseSalt, saltsOf, withoutHashed } from './cluster/salt.ts';
import { readState } from './cluster/saved.ts';
import { Writer } from './cluster/writer.ts';
import type { KubeConfig } from './config.ts';
import { createConcealer } from './decode/conceal.ts';
import { kindsFor, type ResourceKind, resourceName } from './resources/table.ts';
import { ClusterStatus } from './status.ts';

export interface WatchOptions {
  readonly bus: Bus;
  readonly transport: Transport;
  readonly config: KubeConfig;
  readonly identity: ClusterIdentity;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly health: Health;
  /** Numbers in [0, 1) for jitter. Default: `Math.random`. */
  readonly random01?: () => number;
}

/** Runs until the signal is aborted, or until the log fails for good. */
export async function watchCluster(options: WatchOptions, stopping: AbortSignal): Promise<void> {
  const { bus, config, identity, clock, logger } = options;
  const failing = new AbortController();
  const signal = AbortSignal.any([stopping, failing.signal]);
  const log = await readConfig(bus, identity, signal);
  if (signal.aborted) return;
  const read = readState(identity, log.own.values());
  const chosen = chooseSalt(identity, log.own.get(clusterStateKey(identity, clusterRecordTypes.salt))?.value ?? null, {
    configured: config.hashKey?.reveal() ?? null,
    // With one salt the hashes of all clusters can be compared.
    drawn: saltsOf(log.followed)[0] ?? randomBytes(32).toString('hex'),
  });
  if (chosen.record !== null) await bus.publish([chosen.record]);
  const saved = chosen.isNew ? withoutHashed(read) : read;
  const kinds = kindsFor(['changes', 'state', 'names'], config.leftOut);
  const engine = new ClusterEngine({
    identity,
    concealer: createConcealer(chosen.salt),
    saved,
    addressMemoryMs: config.addressMemoryMs,
    positionMs: config.positionMs,
    kinds,
    drift: config.drift.enabled ? { config: config.drift, saltId: chosen.id } : null,
    onProblem: (resource, error) =>
      logger.error('an object of the cluster could not be handled', {
        code: 'KUBE_OBJECT_FAILED',
        resource,
        error: String(error),
      }),
    onUnreadRelease: ({ namespace, name }, unread) =>
      logger.warn('parts of a Helm release are not read: they are too long or no YAML, and have no drift', {
        release: `${namespace}/${name}`,
        documents: unread,
      }),
  });
  const writer = new Writer({ bus, engine, clock, logger, signal, name: `kube-${randomUUID()}` });
  const status = new ClusterStatus({ cluster: identity.cluster, health: options.health, logger });
  if (kinds.length === 0) status.report();
  for (const record of log.followed) engine.follow(record);
  const reflectors = kinds.map((kind) => reflect(options, { kind, engine, writer, signal, status }, saved.positions));
  try {
    await Promise.all([writer.run(), followOthers(log, writer), ...reflectors]);
  } finally {
    failing.abort();
  }
}

/** Drift is looked for again when an object of another cluster changes, or when somebody accepts one. */
async function followOthers({ later }: ConfigLog, writer: Writer): Promise<void> {
  for await (const record of later) await writer.submit({ type: 'followed', record });
}

interface Watched {
  readonly kind: ResourceKind;
  readonly engine: ClusterEngine;
  readonly writer: Writer;
  readonly signal: AbortSignal;
  readonly status: ClusterStatus;
}

function reflect(
  { transport, config, random01 = Math.random }: WatchOptions,
  { kind, engine, writer, signal, status }: Watched,
  positions: ReadonlyMap<string, string>,
): Promise<void> {
  const onState = (state: KindState, error: AppError | null) => {
    // Faults wait for a kind that is late: without its objects they would look as if they had ended.
    if (state === 'unavailable' || state === 'forbidden') engine.skip(kind);
    status.set(kind, state, error);
  };
  return runReflector(
    {
      ...config,
      kind,
      transport,
      signal,
      random01,
      onState,
      sink: {
        listed: (items, resourceVersion) => writer.submit({ type: 'listed', kind, items, resourceVersion }),
        changed: (object) => writer.submit({ type: 'changed', kind, object }),
        deleted: (object) => writer.submit({ type: 'deleted', kind, object }),
        reached: (resourceVersion) => writer.submit({ type: 'reached', kind, resourceVersion }),
      },
    },
    positions.get(resourceName(kind)) ?? '',
  );
}
