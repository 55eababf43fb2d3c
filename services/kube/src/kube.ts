/** The component: credentials, election, and the watch. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Bus } from '@faultline/bus';
import { foldEnvironment } from '@faultline/model';
import type { AppError, Clock, Component, Health, Logger } from '@faultline/runtime';
import { readCredentials } from './api/credentials.ts';
import { createTransport, type Transport } from './api/transport.ts';
import type { KubeConfig } from './config.ts';
import { runElected } from './lease/lease.ts';
import { watchCluster } from './watch.ts';

export interface KubeOptions {
  readonly bus: Bus;
  readonly config: KubeConfig;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly health: Health;
  /** Default: by the kubeconfig or the service account. */
  readonly transport?: Transport;
}

export interface Kube {
  /** Rejects when the watch failed for good; resolves on stop. */
  readonly done: Promise<void>;
}

/** Watches one cluster. Starting fails without credentials; an API server that is away is waited for. */
export function createKube(options: KubeOptions): Component<Kube> {
  return {
    start: async () => {
      const { config, health } = options;
      const transport = options.transport ?? (await createTransport(config));
      const stopping = new AbortController();
      const done = run(options, transport, stopping.signal);
      done.catch((error) => health.set('kube', { ok: false, detail: `stopped: ${String(error)}` }));
      return {
        value: { done },
        stop: async () => {
          stopping.abort();
          await done.catch(() => {});
        },
      };
    },
  };
}

/** Rejects with KUBE_NO_CREDENTIALS, as the start would. Sends no request. */
export async function checkKube(config: KubeConfig): Promise<void> {
  await readCredentials(config);
}

function run(options: KubeOptions, transport: Transport, signal: AbortSignal): Promise<void> {
  const { config, logger, clock, health } = options;
  const environment = foldEnvironment(config.environment).environment;
  const identity = { cluster: config.cluster, scope: { tenant: config.tenant, environment } };
  const watch = (term: AbortSignal) => watchCluster({ ...options, transport, identity }, term);
  if (config.leaseNamespace === '') return watch(signal);
  return runElected(
    {
      transport,
      namespace: config.leaseNamespace,
      name: `faultline-kube-${config.cluster}`,
      // Two pods on the network of one node share its name, and each has the process id 1.
      holder: `${hostname()}_${randomUUID()}`,
      durationMs: config.leaseDurationMs,
      clock,
      logger,
      signal,
      onWaiting: (error) => health.set('kube', waitingHealth(config.cluster, error)),
    },
    watch,
  );
}

/** A process that waits for the Lease is well, unless it cannot see who holds it. */
function waitingHealth(cluster: string, error: AppError | null): Parameters<Health['set']>[1] {
  if (error !== null) return { ok: false, detail: `${cluster} is not watched here: ${error.message} [${error.code}]` };
  return { ok: true, detail: `another process watches ${cluster}` };
}
