/** One fault run: a workload against a cluster with injected faults. */
import { join } from 'node:path';
import { createClient } from '../client/client.ts';
import { type InstanceCounts, type ServiceName, startCluster } from '../cluster/cluster.ts';
import type { FaultInjection } from './fault-injection.ts';
import { judgeRun } from './judge.ts';
import { type Outcome, readOutcome } from './outcome.ts';
import { startPager } from './pager.ts';
import { sendWorkload } from './sender.ts';
import { createRunResources, type Partitions, type SharedServers } from './servers.ts';
import { createWorkload, type Workload, type WorkloadSize } from './workload.ts';

export interface FaultRun {
  readonly name: string;
  /** Processes of each service. Null: one process with all services over an embedded log. */
  readonly instances: Readonly<Record<ServiceName, number>> | null;
  readonly partitions: Partitions;
  readonly inject: FaultInjection;
  /** Number of alerts that crash the failing correlator. */
  readonly poisonAlerts?: number;
}

export interface RunOptions {
  readonly servers: SharedServers;
  readonly size: WorkloadSize;
  /** Event time of the start, epoch ms. The same in the baseline run. */
  readonly startMs: number;
  /** Outcome without injected faults. Null in the baseline run itself. */
  readonly baseline: Outcome | null;
  readonly log: (text: string) => void;
}

export interface RunResult {
  readonly name: string;
  /** Event time of the start, epoch ms. */
  readonly startMs: number;
  /** Empty: the run is correct. */
  readonly problems: readonly string[];
  readonly injected: Readonly<Record<string, number>>;
  readonly processes: Readonly<Record<string, InstanceCounts>>;
  readonly outcome: Outcome;
}

const failingCorrelator = join(import.meta.dirname, '../cluster/failing-correlator.ts');
const settleTimeoutMs = 240_000;

/** Rejects only when a process does not start or a request is refused. */
export async function runFault(run: FaultRun, options: RunOptions): Promise<RunResult> {
  const { servers, baseline, log } = options;
  const { poisonAlerts = 0 } = run;
  const workload = createWorkload({ ...options.size, poisonAlerts }, options.startMs);
  const instances = servers.kafka === null ? null : run.instances;
  const resources = await createRunResources(servers, { ...run, log: instances === null ? 'embedded' : 'kafka' });
  const pager = await startPager();
  const cluster = await startCluster({
    folder: resources.folder,
    instances,
    config: { ...resources.config, ...configOf(workload, pager.url) },
    ...(poisonAlerts === 0 ? {} : { programs: { correlator: failingCorrelator } }),
  });
  try {
    log(`${run.name}: ${cluster.instances.length} processes are up`);
    const done = new AbortController();
    const context = { servers, cluster, seconds: workload.size.seconds, done: done.signal, log };
    const injecting = run.inject(context);
    const sent = await sendWorkload({ workload, ingest: cluster.ingest, onProgress: log }).finally(() => done.abort());
    const injected = await injecting;
    log(`${run.name}: everything is sent; waiting until it settles`);
    const clientOf = (tenant: string) => createClient({ http: cluster.query, otlp: null, tenant });
    const outcome = await readOutcome({ clientOf, ask: resources.ask, pager, workload }, sent, settleTimeoutMs);
    const problems = judgeRun(workload, outcome, baseline);
    return { name: run.name, startMs: options.startMs, problems, injected, processes: cluster.counts(), outcome };
  } finally {
    await cluster.stop();
    await pager.close();
  }
}

/** A gap in event time separates the incidents of one scope. */
function configOf({ size }: Workload, pagerUrl: string): object {
  return {
    log: { level: 'info', format: 'json' },
    telemetry: { enabled: false },
    correlator: { stormGapMs: Math.round((size.seconds * 1000) / size.systems / 3), maxOpenedPerMinute: 0 },
    notifier: { channels: [{ type: 'webhook', name: 'pager', url: pagerUrl, secret: 'a-secret-of-the-runs' }] },
  };
}
