/**
 * Makes every fault on a real API server, records what it sends, and asks a running Faultline what each alert was about. By hand: it needs a
 * control plane, which tests do not have.
 *
 *   node loadtest/src/workloads/real/main.ts --kubeconfig FILE [--faultline URL] [--out FILE] [--only TEXT]
 *                                              [--pause MS] [--each]
 */
import { parseArgs } from 'node:util';
import type { JsonObject } from '@faultline/kube/engine';
import { sleep } from '@faultline/runtime';
import { createApi, pathOf } from './api.ts';
import { manifest, type RealFault, realFaults } from './faults.ts';
import { Kubelets, writeStatus } from './kubelet.ts';
import { record } from './recorder.ts';
import { type RecordedLine, writeRecording } from './recording.ts';

const { values } = parseArgs({
  options: {
    kubeconfig: { type: 'string' },
    faultline: { type: 'string', default: '' },
    out: { type: 'string', default: 'out/kube.jsonl.gz' },
    only: { type: 'string', default: '' },
    /** Between two faults, ms. */
    pause: { type: 'string', default: '4000' },
    /** Alert of each fault before the next one is made. Otherwise all alerts come at the end. */
    each: { type: 'boolean', default: false },
  },
});
if (values.kubeconfig === undefined)
  throw new Error('--kubeconfig is needed: a file with the rights of an administrator');
/** The field managers: who installs the workloads, who prepares them for their faults, and who makes the faults. */
const [installer, preparer, breaker] = ['installer', 'platform', 'kustomize-controller'];
const api = createApi(values.kubeconfig);
const faults = realFaults.filter(({ name }) => name.includes(values.only));
const kubelets = new Kubelets(api);
const stopping = new AbortController();

await kubelets.register();
await setUp();
const serving = serve();
await settled();
const lines: RecordedLine[] = [];
await record(api, lines, stopping.signal);
await askFaultline('/healthz').then((health) => console.info(JSON.stringify(health)));
for (const fault of faults) {
  console.info(`${new Date().toISOString()} ${fault.name}`);
  await make(fault);
  await sleep(Number(values.pause));
  if (values.each) await alert(fault);
}
await sleep(75_000);
if (!values.each) for (const fault of faults) await alert(fault);
await sleep(values.faultline === '' ? 0 : 60_000);
stopping.abort();
await serving;
writeRecording(
  values.out,
  lines.toSorted((a, b) => a.atMs - b.atMs),
);
console.info(`${lines.length} lines recorded in ${values.out}`);
if (values.faultline !== '') await printIncidents();

async function setUp(): Promise<void> {
  for (const { name, isRemoval } of faults) {
    await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, '', installer);
    for (const object of manifest('base')) await api.apply(object, name, installer);
    await applyAll(manifest(`${name}.before`), name, isRemoval === true ? breaker : preparer);
  }
}

async function applyAll(objects: readonly JsonObject[], namespace: string, manager: string): Promise<void> {
  for (const object of objects) await api.apply(object, namespace, manager);
}

/** The kubelets work until the end of the run. */
async function serve(): Promise<void> {
  while (!stopping.signal.aborted) {
    await kubelets.step();
    await sleep(500);
  }
}

/** Waits until every Deployment has its pods. */
async function settled(): Promise<void> {
  for (let round = 0; round < 300; round += 1) {
    const all = (await api.items('/apis/apps/v1/deployments')) as readonly {
      readonly spec: JsonObject;
      readonly status: JsonObject;
    }[];
    const missing = all.filter(({ spec, status }) => (status['availableReplicas'] ?? 0) !== spec['replicas']);
    if (missing.length === 0) return;
    await sleep(1000);
  }
  throw new Error('some Deployments did not become available');
}

async function make(fault: RealFault): Promise<void> {
  kubelets.activate(fault);
  await applyAll(manifest(fault.name), fault.name, breaker);
  if (fault.isRestarted === true) await api.send('DELETE', `/api/v1/namespaces/${fault.name}/pods`);
  const { objectStatus } = fault;
  if (objectStatus === undefined) return;
  const [object] = manifest(fault.name).filter(({ kind }) => kind === objectStatus.kind);
  if (object !== undefined) await writeStatus(api, pathOf(object, fault.name), objectStatus.status);
}

async function askFaultline(path: string, body?: unknown): Promise<unknown> {
  if (values.faultline === '') return null;
  const sent =
    body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${values.faultline}${path}`, sent);
  return response.ok ? await response.json().catch(() => null) : `${response.status} ${await response.text()}`;
}

/** As the rules of kube-prometheus alert: the kind's label, and the namespace. */
async function alert({ name, expected: { object } }: RealFault): Promise<void> {
  const label = { Job: 'job_name', Certificate: 'name' }[object.kind] ?? object.kind.toLowerCase();
  const labels = {
    alertname: `Kube${object.kind}Problem`,
    severity: 'critical',
    fault: name,
    [label]: object.name,
    ...(object.namespace !== '' && { namespace: object.namespace }),
  };
  const alerts = [{ status: 'firing', labels, annotations: {}, startsAt: new Date().toISOString() }];
  const answer = await askFaultline('/ingest/alertmanager', { version: '4', alerts });
  if (typeof answer === 'string') console.error(answer);
}

interface Incident {
  readonly id: string;
  readonly verdict: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
  readonly hypotheses: readonly JsonObject[];
}

async function printIncidents(): Promise<void> {
  const answer = (await askFaultline('/api/v1/incidents?view=full')) as {
    readonly incidents: readonly Incident[];
  };
  for (const fault of faults) {
    const incident = answer.incidents.find(({ alerts }) => alerts.some(({ labels }) => labels['fault'] === fault.name));
    console.info(
      JSON.stringify({
        fault: fault.name,
        verdict: incident?.verdict,
        alerts: incident?.alerts.length,
        best: incident?.hypotheses[0],
      }),
    );
  }
}
