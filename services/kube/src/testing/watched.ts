/** A watcher on a test server and an in-memory log, and what it wrote. */

import { type Bus, createEmbeddedBus } from '@faultline/bus';
import {
  type Change,
  codecs,
  type EntityBinding,
  recordTypeHeader,
  recordTypes,
  type WorkloadFinding,
} from '@faultline/model';
import { Health, type LogFields, silentLogger } from '@faultline/runtime';
import { createTransport } from '../api/transport.ts';
import type { ClusterIdentity } from '../change/subject.ts';
import { readState } from '../cluster/saved.ts';
import { type KubeConfig, kubeConfig } from '../config.ts';
import { watchCluster } from '../watch.ts';
import { kubeconfigOf } from './kubeconfig.ts';

export const identity: ClusterIdentity = { cluster: 'east', scope: { tenant: 't', environment: '' } };

export interface Watched {
  readonly bus: Bus;
  readonly health: Health;
  /** The fields of what it logged at the level `warn`. */
  readonly warnings: readonly LogFields[];
  /** Moves the only clock of the watcher. */
  advance(ms: number): void;
  /** Starts a watcher, or starts it again after `kill`. */
  run(): void;
  /** Ends the watcher, in the middle of whatever it does. */
  kill(): Promise<void>;
  changes(): Promise<readonly Change[]>;
  /** The last version of each finding. */
  findings(): Promise<readonly WorkloadFinding[]>;
  bindings(): Promise<readonly EntityBinding[]>;
  stop(): Promise<void>;
}

const startMs = 1_790_000_000_000;

export async function startWatched(url: string, over: Partial<KubeConfig> = {}): Promise<Watched> {
  let nowMs = startMs;
  const { value: bus, stop } = await createEmbeddedBus({
    folder: ':memory:',
    partitions: { scope: 1, telemetry: 1 },
    maxRecordBytes: 1_000_000,
    clock: () => nowMs,
    logger: silentLogger,
  }).start();
  const config = { ...kubeConfig.parse({ watchMs: 60_000, retryBaseMs: 1, retryMaxMs: 5, listPageSize: 3 }), ...over };
  const transport = await createTransport({ kubeconfig: kubeconfigOf(url), context: '' });
  let stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const health = new Health();
  const warnings: LogFields[] = [];
  const logger = { ...silentLogger, warn: (_: string, fields: LogFields = {}) => void warnings.push(fields) };
  const watched: Watched = {
    bus,
    health,
    warnings,
    advance: (ms) => {
      nowMs += ms;
    },
    run: () => {
      stopping = new AbortController();
      const options = { bus, transport, config, identity, clock: () => nowMs, logger, health };
      running = watchCluster({ ...options, random01: () => 0.5 }, stopping.signal);
    },
    kill: async () => {
      stopping.abort();
      await running;
    },
    changes: async () => {
      const records = await recordsOn(bus, 'changes', recordTypes.change);
      return records.map((value) => expectOk(codecs.change.decode(value)));
    },
    findings: async () => {
      const records = await recordsOn(bus, 'changes', recordTypes.workloadFinding);
      const all = records.map((value) => expectOk(codecs.workloadFinding.decode(value)));
      return [...new Map(all.map((finding) => [finding.id, finding])).values()];
    },
    bindings: async () => [...readState(identity, await read(bus, 'config')).bindings.values()],
    stop: async () => {
      stopping.abort();
      await running;
      await stop();
    },
  };
  return watched;
}

async function read(bus: Bus, topic: 'changes' | 'config') {
  const records = [];
  for await (const record of bus.read({ topic, partition: 0, from: 0n })) records.push(record);
  return records;
}

async function recordsOn(bus: Bus, topic: 'changes', type: string): Promise<Uint8Array[]> {
  const records = await read(bus, topic);
  return records.flatMap(({ value, headers }) => (headers[recordTypeHeader] === type && value !== null ? [value] : []));
}

function expectOk<Value>(
  decoded: { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly reason: string },
): Value {
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}
