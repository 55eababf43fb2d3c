/** One fault run: a play against a cluster that is disturbed meanwhile, and what became of it. */
import { join } from 'node:path';
import { createClient } from '../client/client.ts';
import { type InstanceCounts, type ServiceName, startCluster } from '../cluster/cluster.ts';
import type { Disturbance } from './disturbance.ts';
import { judgeRun } from './judge.ts';
import { type Outcome, readOutcome } from './outcome.ts';
import { startPager } from './pager.ts';
import { createPlay, type Play, type PlaySize } from './play.ts';
import { sendPlay } from './sender.ts';
import { openPlace, type Partitions, type World } from './world.ts';

export interface FaultRun {
  readonly name: string;
  /** Processes of each service; null: one process with all of them, over an embedded log. */
  readonly instances: Readonly<Record<ServiceName, number>> | null;
  readonly partitions: Partitions;
  readonly disturb: Disturbance;
  /** So many alerts that the correlators, made to fail, cannot bear. */
  readonly unbearable?: number;
}

export interface RunOptions {
  readonly world: World;
  readonly size: PlaySize;
  /** When the play begins, event time: the same in the quiet run. */
  readonly beganMs: number;
  /** The outcome of the undisturbed run; null in that run itself. */
  readonly quiet: Outcome | null;
  readonly say: (text: string) => void;
}

export interface RunResult {
  readonly name: string;
  /** Event time at which its play began, epoch ms. */
  readonly beganMs: number;
  /** Empty: all promises kept. */
  readonly problems: readonly string[];
  readonly disturbed: Readonly<Record<string, number>>;
  readonly processes: Readonly<Record<string, InstanceCounts>>;
  readonly outcome: Outcome;
}

const failingCorrelator = join(import.meta.dirname, '../cluster/failing-correlator.ts');
const settlePatienceMs = 240_000;

/** Rejects only when a process does not come up or a sender is refused. */
export async function runFault(run: FaultRun, options: RunOptions): Promise<RunResult> {
  const { world, quiet, say } = options;
  const { unbearable = 0 } = run;
  const play = createPlay({ ...options.size, unbearable }, options.beganMs);
  const instances = world.kafka === null ? null : run.instances;
  const place = await openPlace(world, { ...run, log: instances === null ? 'embedded' : 'kafka' });
  const pager = await startPager();
  const cluster = await startCluster({
    folder: place.folder,
    instances,
    config: { ...place.config, ...configOf(play, pager.url) },
    ...(unbearable === 0 ? {} : { programs: { correlator: failingCorrelator } }),
  });
  try {
    say(`${run.name}: ${cluster.instances.length} processes are up`);
    const over = new AbortController();
    const scene = { world, cluster, seconds: play.size.seconds, over: over.signal, say };
    const disturbing = run.disturb(scene);
    const sent = await sendPlay({ play, ingest: cluster.ingest, onProgress: say }).finally(() => over.abort());
    const disturbed = await disturbing;
    say(`${run.name}: sent, now settling`);
    const client = createClient({ http: cluster.query, otlp: null, tenant: 'default' });
    const outcome = await readOutcome({ client, ask: place.ask, pager, play }, sent, settlePatienceMs);
    const problems = judgeRun(play, outcome, quiet);
    return { name: run.name, beganMs: options.beganMs, problems, disturbed, processes: cluster.counts(), outcome };
  } finally {
    await cluster.stop();
    await pager.close();
  }
}

/** Storms are told apart by event time: the incidents of one scope begin a round apart. */
function configOf({ size }: Play, pagerUrl: string): object {
  return {
    log: { level: 'info', format: 'json' },
    telemetry: { enabled: false },
    correlator: { stormGapMs: Math.round((size.seconds * 1000) / size.shops / 3) },
    notifier: { channels: [{ type: 'webhook', name: 'pager', url: pagerUrl, secret: 'a-secret-of-the-runs' }] },
  };
}
