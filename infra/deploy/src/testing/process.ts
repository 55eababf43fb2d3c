/** For tests: a Faultline process as a deployment file starts it, with the configuration that it would load. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AppConfig, loadAppConfig, parseServiceNames, type ServiceName } from '@faultline/all';
import { isLoopback } from '@faultline/runtime';
import { makeSecrets } from '../secrets.ts';

export interface DeployedProcess {
  readonly name: string;
  readonly args: readonly string[];
  /** Contents by absolute path in the container. */
  readonly files: Readonly<Record<string, string>>;
  /** Absolute paths of its secrets. */
  readonly secretFiles: readonly string[];
}

interface LoadedProcess {
  readonly config: AppConfig;
  readonly only: ReadonlySet<ServiceName>;
}

/** The variables that `npm run secrets` writes. */
export function tokenEnvironment(): Readonly<Record<string, string>> {
  const { 'tokens.env': text = '' } = makeSecrets();
  return Object.fromEntries(text.split('\n').flatMap((line) => (line === '' ? [] : [line.split('=', 2)])));
}

/** Writes the files of the process to a folder and loads its configuration from there. Throws like `loadAppConfig`. */
export function loadProcess({ args, files, secretFiles }: DeployedProcess): LoadedProcess {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-deploy-'));
  try {
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    for (const [path, text] of Object.entries(files))
      write(path, text.replaceAll('/run/secrets/', `${folder}/run/secrets/`));
    for (const path of secretFiles) write(path, 'a secret');
    const given = flagsOf(args);
    const file = (given['config'] ?? []).map((path) => join(folder, path));
    const config = loadAppConfig({ file, env: tokenEnvironment() });
    return { config, only: parseServiceNames(given['only']?.[0]) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Parses `--config=a --config b` as config: [a, b]. */
function flagsOf(args: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const words = args.flatMap((arg) => (arg.startsWith('--') && arg.includes('=') ? splitFlag(arg) : [arg]));
  const flags: Record<string, string[]> = {};
  for (let at = 0; at < words.length; at += 2) {
    const name = (words[at] ?? '').replace(/^--/, '');
    flags[name] = [...(flags[name] ?? []), words[at + 1] ?? ''];
  }
  return flags;
}

function splitFlag(arg: string): [string, string] {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}

/** The ports that the process opens to others, by the port names of the deployment files. */
export function openPorts({ config, only }: LoadedProcess): Readonly<Record<string, number>> {
  const listeners = [
    { name: 'http', host: config.http.host, port: config.http.port, is: true },
    { name: 'otlp-grpc', ...config.ingest.otlpGrpc, is: only.has('ingest') },
    { name: 'otlp-http', ...config.ingest.otlpHttp, is: only.has('ingest') },
    { name: 'grpc', host: config.query.host, port: config.query.port, is: only.has('query') },
  ];
  const open = listeners.filter(({ is, host }) => is && !isLoopback(host));
  return Object.fromEntries(open.map(({ name, port }) => [name, port]));
}
