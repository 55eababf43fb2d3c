/** Measures the time from the start of a process to its first page, over a long history. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { sleep } from '@faultline/runtime';
import { freePorts } from '@faultline/servers';

/** Milliseconds since the process was spawned. */
export interface Restarted {
  /** The alert was accepted. */
  readonly acceptedMs: number;
  /** The page of that alert arrived. */
  readonly firstPageMs: number;
  /** All incidents can be read. */
  readonly queryReadyMs: number;
  /** Log lines in which parts report their start. */
  readonly parts: readonly object[];
  readonly residentMb: number;
  /** CPU time of the process with all threads until the first page. Other work on the machine does not change it. */
  readonly cpuMs: number;
  readonly logMb: number;
}

const main = join(import.meta.dirname, '../../../services/all/src/main.ts');
const timeoutMs = 300_000;
const pollMs = 20;

/** Starts Faultline on the folder, posts an alert of an unknown service, waits for its page, and kills the process. */
export async function measureRestart(folder: string): Promise<Restarted> {
  const service = `new-${process.pid}-${Math.round(performance.now())}`;
  const { server, url, paged } = await listen(service);
  const [http = 0, otlpHttp = 0, otlpGrpc = 0, grpc = 0] = await freePorts(4);
  const config = join(folder, 'faultline.yaml');
  const channels = [{ type: 'webhook', name: 'pager', url, secret: 'a-secret-of-the-bench' }];
  const ports = { http: { port: http }, ingest: { otlpHttp: { port: otlpHttp }, otlpGrpc: { port: otlpGrpc } } };
  const log = { level: 'info', format: 'json' };
  writeFileSync(config, JSON.stringify({ ...ports, query: { port: grpc }, notifier: { channels }, log }));
  const logMb = statSync(join(folder, 'log', 'log.sqlite')).size / 1e6;
  const startedAt = performance.now();
  const since = () => performance.now() - startedAt;
  const child = spawn(process.execPath, [main, '--config', config, '--data', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const done = new AbortController();
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => lines.push(data.toString()));
  try {
    const base = `http://127.0.0.1:${http}`;
    await until(child, lines, () => post(`${base}/ingest/alertmanager`, alertBody(service)));
    const acceptedMs = since();
    const ready = until(child, lines, () => fetch(`${base}/api/v1/incidents?pageSize=1`).then(({ ok }) => ok)).then(
      since,
    );
    await Promise.race([paged, failLate(lines, done.signal)]);
    const firstPageMs = since();
    const cpuMs = cpuMsOf(child);
    const queryReadyMs = await ready;
    return {
      acceptedMs,
      firstPageMs,
      cpuMs,
      queryReadyMs,
      logMb,
      residentMb: residentMb(child),
      parts: partsIn(lines.join('')),
    };
  } finally {
    done.abort();
    child.kill('SIGKILL');
    await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(null)));
    server.closeAllConnections();
    server.close();
  }
}

async function failLate(lines: readonly string[], signal: AbortSignal): Promise<void> {
  await sleep(timeoutMs, signal);
  if (!signal.aborted) throw new Error(`no page arrived: ${lines.join('')}`);
}

/** A page receiver that resolves `paged` at the first page about the service. */
async function listen(service: string): Promise<{ server: Server; url: string; paged: Promise<void> }> {
  const { promise: paged, resolve } = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const part of request) chunks.push(part as Buffer);
    response.writeHead(202).end();
    if (Buffer.concat(chunks).includes(service)) resolve();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  return { server, url: `http://127.0.0.1:${port}/`, paged };
}

async function until(child: ChildProcess, lines: string[], check: () => Promise<boolean>): Promise<void> {
  while (!(await check().catch(() => false))) {
    if (child.exitCode !== null) throw new Error(`Faultline ended with ${child.exitCode}: ${lines.join('')}`);
    await sleep(pollMs);
  }
}

async function post(url: string, body: object): Promise<boolean> {
  const headers = { 'content-type': 'application/json', 'x-scope-orgid': 'tenant-0' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).ok;
}

function alertBody(service: string): object {
  const labels = { alertname: 'CheckoutDown', service, severity: 'critical', environment: 'production' };
  const alert = { status: 'firing', labels, annotations: {}, startsAt: new Date().toISOString(), fingerprint: service };
  return { version: '4', groupKey: service, status: 'firing', receiver: 'faultline', alerts: [alert] };
}

/** Clock ticks are hundredths of a second on Linux. */
function cpuMsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentMb({ pid }: ChildProcess): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1000;
}

/** Log lines in which a part reports how long it took to restore its state. */
function partsIn(text: string): object[] {
  return text.split('\n').flatMap((line) => {
    if (!line.includes('"tookMs"')) return [];
    const { time, level, ...rest } = JSON.parse(line) as Record<string, unknown>;
    return [rest];
  });
}
