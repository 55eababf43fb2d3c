/**
 * Values of Secrets, ConfigMaps, credentials in pods, annotations and Helm releases are planted in a watched cluster. None may be on a topic, in a
 * table, in a log line, on a page, in an export, in the metrics, or in an answer of the API.
 */

import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync, zstdDecompressSync } from 'node:zlib';
import { createEmbeddedBus } from '@faultline/bus';
import { ApiServer, configMap, deployment, kubeconfigOf, secret } from '@faultline/kube/testing';
import { topics } from '@faultline/model';
import { silentLogger } from '@faultline/runtime';
import { storeConfig } from '@faultline/store';
import { openTestClient } from '@faultline/store/testing';
import { expect, it } from 'vitest';
import { addressesIn, runMainProcess, testFolder } from './testing/child.ts';

/** Each in plain text; a Secret has it in base64, too. */
const planted = [
  'planted-secret-before',
  'planted-secret-after',
  'planted-config-before',
  'planted-config-after',
  'planted-env-password-1',
  'planted-env-password-2',
  'planted-url-password',
  'planted-argument',
  'planted-last-applied',
  'planted-annotation-token',
  'planted-helm-value',
];
/** It must be found: otherwise nothing was searched. */
const visible = 'visible-log-level';

const helmRelease = Buffer.from(
  gzipSync(JSON.stringify({ name: 'pay', config: { password: 'planted-helm-value' } })).toString('base64'),
).toString('base64');
const needles = [...planted.flatMap((value) => [value, base64(value), base64(`{"password":"${value}"}`)]), helmRelease];

function base64(value: string): string {
  // Without the last characters, which differ where more text follows.
  return Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -2);
}

function putCluster(server: ApiServer, step: 1 | 2): void {
  const when = step === 1 ? 'before' : 'after';
  const lastApplied = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"url":"planted-last-applied"}}' };
  const hidden = secret('pay-db', { url: `planted-secret-${when}` });
  server.put('Secret', { ...hidden, metadata: { ...hidden.metadata, annotations: lastApplied } });
  const settings = configMap('pay-settings', { mode: `planted-config-${when}` });
  server.put('ConfigMap', { ...settings, metadata: { ...settings.metadata, annotations: lastApplied } });
  server.put('Secret', {
    metadata: { namespace: 'shop', name: 'sh.helm.release.v1.pay.v1', labels: { owner: 'helm', status: 'deployed' } },
    type: 'helm.sh/release.v1',
    data: { release: helmRelease },
  });
  const env = [
    { name: 'DB_PASSWORD', value: `planted-env-password-${step}` },
    { name: 'DB_URL', value: 'postgres://pay:planted-url-password@db/pay' },
    { name: 'LOG_LEVEL', value: `${visible}-${step}` },
    { name: 'KEY', valueFrom: { secretKeyRef: { name: 'pay-keys', key: 'key' } } },
  ];
  const draft = deployment('pay', {
    image: `pay:${step}`,
    env,
    annotations: { ...lastApplied, 'example.com/token': 'planted-annotation-token' },
    container: { args: ['--password', 'planted-argument', '--token=planted-argument'] },
  });
  server.put('Deployment', { ...draft, metadata: { ...draft.metadata, uid: 'uid-pay' } }, 'argocd-controller');
  server.put('Pod', {
    metadata: {
      namespace: 'shop',
      name: 'pay-0',
      labels: { app: 'pay' },
      ownerReferences: [{ kind: 'Deployment', name: 'pay', uid: 'uid-pay', controller: true }],
    },
    spec: { nodeName: 'n1', containers: [{ name: 'pay', image: `pay:${step}`, env }] },
    status: {
      phase: 'Pending',
      podIPs: [{ ip: '10.1.2.3' }],
      containerStatuses: [
        {
          name: 'pay',
          state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "pay-keys" not found' } },
        },
      ],
    },
  });
}

/** A pager that keeps the bodies of its pages. */
async function startPager(bodies: string[]) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(Buffer.concat(chunks).toString());
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, stop };
}

it('no planted value leaves the cluster', { timeout: 240_000 }, async () => {
  const server = await ApiServer.start(() => Date.now());
  const pages: string[] = [];
  const pager = await startPager(pages);
  const folder = testFolder();
  putCluster(server, 1);
  const running = runMainProcess({
    folder,
    config: {
      log: { level: 'debug', format: 'human' },
      kube: { enabled: true, cluster: 'east', kubeconfig: kubeconfigOf(server.url) },
      notifier: { channels: [{ type: 'webhook', name: 'pager', url: pager.url, secret: 'a-secret-of-the-test' }] },
    },
  });
  const { http } = addressesIn(await running.up);
  const text = async (path: string) => (await fetch(http + path)).text();
  const until = { timeout: 60_000, interval: 200 };
  await expect.poll(() => text('/api/v1/workloads/shop/pay'), until).toContain('secret-missing');
  putCluster(server, 2);
  await expect.poll(() => text('/api/v1/changes'), until).toContain(`${visible}-2`);
  await expect.poll(() => text('/api/v1/changes'), until).toContain('pay-settings');
  const alert = {
    status: 'firing',
    labels: { alertname: 'Down', pod: 'pay-0', severity: 'critical' },
    annotations: {},
  };
  const startsAt = new Date().toISOString();
  await fetch(`${http}/ingest/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: '4', alerts: [{ ...alert, startsAt }] }),
  });
  await expect.poll(() => pages.length, until).toBeGreaterThan(0);
  await expect.poll(() => text('/api/v1/incidents'), until).toContain('secret-missing');
  const [incident] = JSON.parse(await text('/api/v1/incidents')).incidents;
  const paths = ['/metrics', '/healthz', '/api/v1/openapi.json', '/api/v1/workloads', '/api/v1/workloads/shop/pay'];
  const lists = ['changes', 'drift', 'rightsizing', 'incidents', 'environments', 'ledger', 'dead-letters', 'graph'];
  const one = `/api/v1/incidents/${incident.id}`;
  const answers = [
    ...paths,
    ...lists.map((name) => `/api/v1/${name}`),
    one,
    `${one}/alerts`,
    `${one}/export`,
    `${one}/postmortem`,
  ];
  const found = new Map<string, string>();
  for (const path of answers) found.set(path, await text(path));
  found.set('pages', pages.join('\n'));
  running.process.kill('SIGTERM');
  const { stdout, stderr } = await running.ended;
  found.set('log', stdout + stderr);
  await server.stop();
  pager.stop();
  for (const [topic, records] of await recordsIn(folder)) found.set(`topic ${topic}`, records);
  for (const [table, rows] of await rowsIn(folder)) found.set(`table ${table}`, rows);
  rmSync(folder, { recursive: true, force: true });

  const leaks = [...found].flatMap(([where, content]) =>
    needles.filter((needle) => content.includes(needle)).map((needle) => `${needle} in ${where}`),
  );
  expect(leaks).toEqual([]);
  const shown = [...found].filter(([, content]) => content.includes(visible)).map(([where]) => where);
  expect(shown).toEqual(expect.arrayContaining(['/api/v1/changes', 'topic changes', 'topic config', 'table changes']));
  for (const where of ['log', 'pages', '/metrics', `${one}/export`, 'topic journal', 'table workload_findings'])
    expect([where, (found.get(where) ?? '').length > 0]).toEqual([where, true]);
});

/** The bytes of every record as text, with the packed ones unpacked. */
async function recordsIn(folder: string): Promise<readonly (readonly [string, string])[]> {
  const { value: bus, stop } = await createEmbeddedBus({
    folder: `${folder}/log`,
    partitions: { scope: 4, telemetry: 1 },
    maxRecordBytes: 1_000_000,
    clock: Date.now,
    logger: silentLogger,
  }).start();
  const all: [string, string][] = [];
  for (const { name } of topics) {
    const parts: string[] = [];
    for (let partition = 0; partition < bus.partitionCount(name); partition += 1)
      for await (const { key, value, headers } of bus.read({ topic: name, partition, from: 0n })) {
        const bytes = value === null ? Buffer.alloc(0) : Buffer.from(value);
        const plain = headers['encoding'] === 'zstd' ? zstdDecompressSync(bytes) : bytes;
        parts.push(key, JSON.stringify(headers), plain.toString('latin1'));
      }
    all.push([name, parts.join('\n')]);
  }
  await stop();
  return all;
}

/** The rows of every table as JSON. */
async function rowsIn(folder: string): Promise<readonly (readonly [string, string])[]> {
  const client = await openTestClient(storeConfig.parse({ folder: `${folder}/store` }));
  const tables = await client.select<{ readonly name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
  );
  const all: [string, string][] = [];
  for (const { name } of tables) all.push([name, JSON.stringify(await client.select(`SELECT * FROM \`${name}\``))]);
  await client.close();
  return all;
}
