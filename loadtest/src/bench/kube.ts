/**
 * The Kubernetes source with 10,000 pods in 2,000 workloads and 300 changes a minute: how long until a change is on the topic, and what the
 * watcher takes. Beside it, in the same run, what an informer takes that only keeps the objects (`makeInformer` of the official client), and
 * what the API server of the tests takes alone: it runs in the same process, so its share is in all figures.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, createEmbeddedBus } from '@faultline/bus';
import { createKube, kubeConfig, resourceKinds } from '@faultline/kube';
import { ApiServer, deployment, kubeconfigOf } from '@faultline/kube/testing';
import { codecs, recordTypeHeader, recordTypes } from '@faultline/model';
import { Health, silentLogger, sleep, systemClock } from '@faultline/runtime';
import { KubeConfig, type KubernetesObject, makeInformer } from '@kubernetes/client-node';

const workloads = 2000;
const podsEach = 5;
const changesPerMinute = 300;
const seconds = 30;

/** What watches the server. Resolves once everything is listed. `onImage` hears of each new image of a Deployment. */
type StartWatcher = (server: ApiServer, onImage: (image: string) => void) => Promise<() => Promise<void>>;

const watchers: Readonly<Record<string, StartWatcher>> = {
  none: async () => async () => {},
  informer: startInformers,
  faultline: startFaultline,
};

export async function run(): Promise<void> {
  const measured = new Map<string, Measures>();
  for (const [watcher, start] of Object.entries(watchers)) {
    const measures = await measure(start);
    measured.set(watcher, measures);
    console.log(JSON.stringify({ watcher, pods: workloads * podsEach, workloads, ...measures }));
  }
  const [alone, informer, faultline] = ['none', 'informer', 'faultline'].map((name) => measured.get(name));
  if (alone === undefined || informer === undefined || faultline === undefined) return;
  const ratio = (of: (measures: Measures) => number) =>
    Number(((of(faultline) - of(alone)) / Math.max(1e-9, of(informer) - of(alone))).toFixed(2));
  const ratios = {
    cpu: ratio(({ cpuSeconds }) => cpuSeconds),
    listCpu: ratio(({ listCpuSeconds }) => listCpuSeconds),
    memory: ratio(({ residentMb: mb }) => mb),
    p99: Number((faultline.p99Ms / Math.max(1, informer.p99Ms)).toFixed(2)),
  };
  console.log(JSON.stringify({ faultlineToInformer: ratios }));
}

interface Measures extends Played {
  readonly listedMs: number;
  readonly listCpuSeconds: number;
  readonly residentMb: number;
}

async function measure(start: StartWatcher): Promise<Measures> {
  const server = await ApiServer.start();
  for (let index = 0; index < workloads; index++) addWorkload(server, index);
  collectGarbage();
  const beforeMb = residentMb();
  const [cpu, beganMs] = [process.cpuUsage(), performance.now()];
  const images = { onImage: (_image: string) => {} };
  const stop = await start(server, (image) => images.onImage(image));
  const listedMs = Math.round(performance.now() - beganMs);
  const listCpuSeconds = cpuSeconds(cpu);
  collectGarbage();
  const afterMb = residentMb();
  const played = await play(server, (listen) => {
    images.onImage = listen;
  });
  await stop();
  await server.stop();
  return { listedMs, listCpuSeconds, residentMb: afterMb - beforeMb, ...played };
}

/** The memory that is in use, and not what waits for a collection: `node --expose-gc`. Without it the figures are upper bounds. */
function collectGarbage(): void {
  globalThis.gc?.();
}

/** One informer for each kind that the source reads, as a program would use that keeps them all. */
async function startInformers(server: ApiServer, onImage: (image: string) => void): Promise<() => Promise<void>> {
  const config = new KubeConfig();
  // The client refuses plain HTTP unless certificates are not checked anyway.
  config.loadFromClusterAndUser({ name: 'test', server: server.url, skipTLSVerify: true }, { name: 'test' });
  const informers = resourceKinds.map(({ group, version, plural, kind }) => {
    const path = group === '' ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
    const informer = makeInformer<KubernetesObject & Imaged>(config, path, () => listAll(`${server.url}${path}`));
    if (kind === 'Deployment')
      informer.on('update', ({ spec }) => onImage(spec?.template.spec.containers[0]?.image ?? ''));
    return informer;
  });
  for (const informer of informers) await informer.start();
  return async () => {
    for (const informer of informers) await informer.stop();
  };
}

interface Imaged {
  readonly spec?: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

async function listAll(url: string) {
  const response = await fetch(`${url}?limit=100000`);
  return (await response.json()) as { items: (KubernetesObject & Imaged)[]; metadata: { resourceVersion: string } };
}

async function startFaultline(server: ApiServer, onImage: (image: string) => void): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-kube-'));
  const log = await createEmbeddedBus({
    folder,
    partitions: { scope: 4, telemetry: 4 },
    maxRecordBytes: 1_000_000,
    logger: silentLogger,
    clock: systemClock,
  }).start();
  const health = new Health();
  const config = kubeConfig.parse({ enabled: true, kubeconfig: kubeconfigOf(server.url) });
  const kube = await createKube({ bus: log.value, config, logger: silentLogger, clock: systemClock, health }).start();
  while (!isReading(health)) await sleep(20);
  const stopping = new AbortController();
  const following = follow(log.value, stopping.signal, onImage);
  return async () => {
    stopping.abort();
    await following;
    await kube.stop();
    await log.stop();
    rmSync(folder, { recursive: true });
  };
}

const residentMb = (): number => Math.round(process.memoryUsage().rss / 1_048_576);

function isReading(health: Health): boolean {
  return health.report().parts['kube']?.detail.startsWith('31 kinds') === true;
}

const nameOf = (index: number) => `service-${index}`;

function addWorkload(server: ApiServer, index: number): void {
  const name = nameOf(index);
  const draft = deployment(name, { namespace: `team-${index % 40}` });
  server.put('Deployment', { ...draft, metadata: { ...draft.metadata, uid: `uid-${name}` } });
  for (let pod = 0; pod < podsEach; pod++) server.put('Pod', podOf(index, pod, 0));
}

function podOf(index: number, pod: number, restarts: number) {
  const name = nameOf(index);
  const running = { state: { running: { startedAt: '2026-11-30T12:00:00Z' } }, ready: true, restartCount: restarts };
  return {
    metadata: {
      namespace: `team-${index % 40}`,
      name: `${name}-${pod}`,
      labels: { app: name },
      ownerReferences: [{ kind: 'Deployment', name, uid: `uid-${name}`, controller: true }],
    },
    spec: { nodeName: `n${pod}`, containers: [{ name, image: `${name}:1`, readinessProbe: {} }] },
    status: {
      phase: 'Running',
      podIPs: [{ ip: `10.${index >> 8}.${index & 255}.${pod + 1}` }],
      containerStatuses: [{ name, ...running }],
    },
  };
}

interface Played {
  readonly changes: number;
  readonly lost: number;
  /** From the server's event until the watcher has it; not a number without a watcher. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuSeconds: number;
}

/** One change each fifth of a second, and five updates of pods with it. */
async function play(server: ApiServer, listen: (onImage: (image: string) => void) => void): Promise<Played> {
  const sentMs = new Map<string, number>();
  const latencies: number[] = [];
  listen((image) => {
    const sent = sentMs.get(image);
    if (sent === undefined) return;
    latencies.push(performance.now() - sent);
    sentMs.delete(image);
  });
  const cpu = process.cpuUsage();
  const count = (changesPerMinute / 60) * seconds;
  for (let change = 0; change < count; change++) {
    const index = (change * 37) % workloads;
    const image = `${nameOf(index)}:${change + 2}`;
    sentMs.set(image, performance.now());
    server.put('Deployment', deployment(nameOf(index), { namespace: `team-${index % 40}`, image }));
    for (let pod = 0; pod < podsEach; pod++) server.put('Pod', podOf(index, pod, change));
    await sleep(60_000 / changesPerMinute);
  }
  const used = cpuSeconds(cpu);
  for (let waits = 0; sentMs.size > 0 && latencies.length > 0 && waits < 100; waits++) await sleep(50);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Math.round(latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN);
  return { changes: count, lost: sentMs.size, p50Ms: at(0.5), p99Ms: at(0.99), cpuSeconds: used };
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return Number(((user + system) / 1e6).toFixed(2));
}

async function follow(bus: Bus, signal: AbortSignal, onImage: (image: string) => void): Promise<void> {
  for await (const record of bus.follow('changes', signal)) {
    if ('caughtUp' in record || record.value === null || record.headers[recordTypeHeader] !== recordTypes.change)
      continue;
    const decoded = codecs.change.decode(record.value);
    if (decoded.ok) for (const { to } of decoded.value.cluster?.images ?? []) onImage(to);
  }
}
