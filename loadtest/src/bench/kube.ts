/**
 * The Kubernetes source with 10,000 pods in 2,000 workloads and 300 changes a minute: how long until a change is on the topic, and what the
 * watcher takes. The API server of the tests runs in the same process, so its share is in the figures.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, createEmbeddedBus } from '@faultline/bus';
import { createKube, kubeConfig } from '@faultline/kube';
import { ApiServer, deployment, kubeconfigOf } from '@faultline/kube/testing';
import { codecs, recordTypeHeader, recordTypes } from '@faultline/model';
import { Health, silentLogger, sleep, systemClock } from '@faultline/runtime';

const workloads = 2000;
const podsEach = 5;
const changesPerMinute = 300;
const seconds = 60;

export async function run(): Promise<void> {
  const server = await ApiServer.start();
  for (let index = 0; index < workloads; index++) addWorkload(server, index);
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-kube-'));
  const log = await createEmbeddedBus({
    folder,
    partitions: { scope: 4, telemetry: 4 },
    maxRecordBytes: 1_000_000,
    logger: silentLogger,
    clock: systemClock,
  }).start();
  const beforeMb = residentMb();
  const health = new Health();
  const beganMs = performance.now();
  const config = kubeConfig.parse({ enabled: true, kubeconfig: kubeconfigOf(server.url) });
  const kube = await createKube({ bus: log.value, config, logger: silentLogger, clock: systemClock, health }).start();
  while (!isReading(health)) await sleep(20);
  const listedMs = Math.round(performance.now() - beganMs);
  const afterMb = residentMb();
  const played = await play(server, log.value);
  console.log(
    JSON.stringify({ pods: workloads * podsEach, workloads, listedMs, residentMb: afterMb - beforeMb, ...played }),
  );
  await kube.stop();
  await log.stop();
  await server.stop();
  rmSync(folder, { recursive: true });
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

/** One change each fifth of a second, and five updates of pods with it. Times are ms from the server's event to the record. */
async function play(server: ApiServer, bus: Bus) {
  const sentMs = new Map<string, number>();
  const latencies: number[] = [];
  const stopping = new AbortController();
  const following = follow(bus, stopping.signal, (image) => {
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
  const { user, system } = process.cpuUsage(cpu);
  for (let waits = 0; sentMs.size > 0 && waits < 100; waits++) await sleep(50);
  stopping.abort();
  await following;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Math.round(latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN);
  return { changes: count, lost: sentMs.size, p50Ms: at(0.5), p99Ms: at(0.99), cores: (user + system) / 1e6 / seconds };
}

async function follow(bus: Bus, signal: AbortSignal, onImage: (image: string) => void): Promise<void> {
  for await (const record of bus.follow('changes', signal)) {
    if ('caughtUp' in record || record.value === null || record.headers[recordTypeHeader] !== recordTypes.change)
      continue;
    const decoded = codecs.change.decode(record.value);
    if (decoded.ok) for (const { to } of decoded.value.cluster?.images ?? []) onImage(to);
  }
}
