/** An OpenTelemetry Collector (otlp, batch, kafka exporter) to measure beside Faultline. Built once from Go modules, about four minutes. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '@faultline/servers';
import type { Target } from './target.ts';

const here = import.meta.dirname;
const folder = join(here, '../../../.cache/collector');
const program = join(folder, 'otelcol');
const builder = 'go.opentelemetry.io/collector/cmd/builder@v0.158.0';

/** The program. Throws with the output of the build when it fails. */
function build(): string {
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'builder.yaml');
  writeFileSync(
    config,
    readFileSync(join(here, 'builder.yaml'), 'utf8').replace('dist:', `dist:\n  output_path: ${folder}`),
  );
  console.error('Building an OpenTelemetry Collector; this takes some minutes.');
  const built = spawnSync('go', ['run', builder, `--config=${config}`], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the collector was not built\n${built.stdout}${built.stderr}`);
  return program;
}

const configOf = (ports: { grpc: number; http: number }, { brokers, topic }: CollectorOptions) => `
receivers:
  otlp:
    protocols:
      grpc: { endpoint: 127.0.0.1:${ports.grpc}, max_recv_msg_size_mib: 64 }
      http: { endpoint: 127.0.0.1:${ports.http} }
processors:
  # Kafka takes at most a MB at once.
  batch: { send_batch_size: 2000, send_batch_max_size: 2000 }
exporters:
  kafka:
    brokers: [${brokers}]
    producer: { required_acks: -1 }
    traces: { topic: ${topic} }
service:
  telemetry: { metrics: { level: none }, logs: { level: warn } }
  pipelines:
    traces: { receivers: [otlp], processors: [batch], exporters: [kafka] }
`;

export interface CollectorOptions {
  readonly brokers: string;
  /** Must exist. */
  readonly topic: string;
}

/** Starts it on free ports. */
export async function startCollector(options: CollectorOptions): Promise<Target> {
  const [grpc = 0, http = 0] = await freePorts(2);
  const config = join(folder, 'config.yaml');
  const command = build();
  writeFileSync(config, configOf({ grpc, http }, options));
  const child = spawn(command, [`--config=file:${config}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  while (!(await answers(http))) await delay(100);
  return {
    ...{ name: 'collector', pid: child.pid ?? 0, grpc, http },
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
