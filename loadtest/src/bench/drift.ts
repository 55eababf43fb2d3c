/**
 * Drift between three clusters of 2,000 workloads and 10,000 pods each. The watchers start one after the other from the lists of their
 * clusters; the last two are compared with those before. 60 differences are planted, and must be the ones that are found.
 */
import { deployment, Fleet, type Listed } from '@faultline/kube/testing';

const clusters = ['ap', 'eu', 'us'] as const;
const workloads = 2000;
const podsEach = 5;
const planted = 60;

export async function run(): Promise<void> {
  const fleet = new Fleet();
  const starts: Took[] = [];
  for (const cluster of clusters) starts.push(timed(() => fleet.start(cluster, objectsOf(cluster))));
  const found = fleet.present().map(({ cluster, object, path }) => `${cluster} ${object.name} ${path}`);
  const missed = expectedPaths().filter((one) => !found.includes(one)).length;
  const restart = timed(() => fleet.start('eu'));
  const oneChange = timed(() => fleet.put('us', workload('us', 1000, 'level-2')));
  const reports = fleet.reports.length;
  console.log(
    JSON.stringify({
      clusters: clusters.length,
      workloads,
      pods: workloads * podsEach,
      planted,
      found: found.length,
      missed,
      starts,
      restart,
      oneChange,
      reports,
      residentMb: Math.round(process.memoryUsage().rss / 1_048_576),
    }),
  );
}

interface Took {
  readonly ms: number;
  /** Processor time. On a busy machine it says more. */
  readonly cpuMs: number;
}

function timed(work: () => void): Took {
  const beganMs = performance.now();
  const cpu = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: Math.round(performance.now() - beganMs), cpuMs: Math.round((user + system) / 1000) };
}

const nameOf = (index: number) => `service-${index}`;

/** Every 33rd workload of `us` has another level. */
const isPlanted = (cluster: string, index: number) => cluster === 'us' && index % 33 === 0 && index / 33 < planted;

function expectedPaths(): readonly string[] {
  return Array.from({ length: planted }, (_, at) => nameOf(at * 33)).map(
    (name) => `us ${name} spec.template.spec.containers[${name}].env[LEVEL].value`,
  );
}

function objectsOf(cluster: string): readonly Listed[] {
  return Array.from({ length: workloads }, (_, index) => index).flatMap((index): Listed[] => {
    const pods = Array.from({ length: podsEach }, (_, pod) => podOf(index, pod));
    return [workload(cluster, index, isPlanted(cluster, index) ? 'level-1' : 'level-0'), configOf(index), ...pods];
  });
}

function workload(cluster: string, index: number, level: string): Listed {
  const name = nameOf(index);
  const env = Array.from({ length: 10 }, (_, at) => ({ name: `SETTING_${at}`, value: `value-${at}` }));
  const probe = { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };
  const container = {
    resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '512Mi' } },
    readinessProbe: probe,
    livenessProbe: probe,
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    volumeMounts: [{ name: 'config', mountPath: '/etc/service' }],
  };
  const pod = { volumes: [{ name: 'config', configMap: { name } }], terminationGracePeriodSeconds: 30 };
  const spec = { namespace: namespaceOf(index), env: [{ name: 'LEVEL', value: level }, ...env], container, pod };
  return ['Deployment', deployment(name, { ...spec, labels: { cluster } })];
}

const namespaceOf = (index: number) => `team-${index % 40}`;

function configOf(index: number): Listed {
  const data = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`key-${at}`, `value ${at} of ${index}`]));
  return ['ConfigMap', { metadata: { namespace: namespaceOf(index), name: nameOf(index) }, data }];
}

function podOf(index: number, pod: number): Listed {
  const name = nameOf(index);
  const namespace = namespaceOf(index);
  const ownerReferences = [{ kind: 'Deployment', name, uid: `uid-Deployment-${namespace}-${name}`, controller: true }];
  const metadata = { namespace, name: `${name}-${pod}`, labels: { app: name }, ownerReferences };
  const podIPs = [{ ip: `10.${index >> 8}.${index & 255}.${pod + 1}` }];
  return ['Pod', { metadata, spec: { nodeName: `n${pod}` }, status: { phase: 'Running', podIPs } }];
}
