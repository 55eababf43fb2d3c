/** For tests: runs main.ts as a process and collects its output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const main = join(import.meta.dirname, '../main.ts');

/** Configuration with free ports. */
export const anyPorts = {
  http: { port: 0 },
  ingest: { otlpHttp: { port: 0 }, otlpGrpc: { port: 0 } },
  query: { port: 0 },
} as const;

export interface Addresses {
  readonly http: string;
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
  readonly queryGrpc: string;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves with stdout once the process is up. Rejects with its output when it ends before. */
  readonly up: Promise<string>;
  readonly ended: Promise<Ended>;
}

export interface RunOptions {
  /** On top of `anyPorts`, section by section. Text is written as it is. */
  readonly config?: object | string;
  readonly folder: string;
  readonly args?: readonly string[];
  /** Command line in front of node, to run it as another user. */
  readonly before?: readonly string[];
}

/** The addresses in the announcement of a process. */
export function addressesIn(announced: string): Addresses {
  const found = announced.matchAll(/(?:http:\/\/)?127\.0\.0\.1:\d+/g);
  const [http = '', otlpGrpc = '', otlpHttp = '', queryGrpc = ''] = [...found].map(([address]) => address);
  return { http, otlpGrpc, otlpHttp, queryGrpc };
}

/** A new temporary folder. */
export function testFolder(): string {
  return mkdtempSync(join(tmpdir(), 'faultline-all-'));
}

/** Runs main.ts on a data folder. The configuration is written to a folder of its own as JSON, which is YAML. */
export function runMainProcess({ config = {}, folder, args = [], before = [] }: RunOptions): Running {
  const file = join(testFolder(), 'faultline.yaml');
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify({ ...anyPorts, ...config }));
  const [command = '', ...rest] = [...before, process.execPath, main, '--config', file, '--data', folder, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  void ended.then(() => rmSync(dirname(file), { recursive: true, force: true }));
  const up = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('query API over gRPC')) resolve(stdout);
    });
    void ended.then((end) => reject(new Error(`ended with ${end.code} before it was up: ${end.stderr}`)));
  });
  // Tests of a failing process do not wait for `up`.
  up.catch(() => {});
  return { process: child, up, ended };
}
