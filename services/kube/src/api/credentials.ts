/** The server and the credentials of one context. Everything that can be found wrong without a request is found here. */
import { accessSync, constants } from 'node:fs';
import { AppError } from '@faultline/runtime';
import type { KubeConfig as Credentials } from '@kubernetes/client-node';

export interface CredentialOptions {
  /** A path. Empty: `KUBECONFIG`, `~/.kube/config`, or the service account of the pod. */
  readonly kubeconfig: string;
  /** Empty: the current one. */
  readonly context: string;
}

export interface ApiAccess {
  readonly server: URL;
  readonly credentials: Credentials;
}

/** Rejects with KUBE_NO_CREDENTIALS, whose message names the file at fault. Sends no request. */
export async function readCredentials({ kubeconfig, context }: CredentialOptions): Promise<ApiAccess> {
  // It takes seconds and much memory to load, which a process that watches nothing must not pay.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const credentials = new KubeConfig();
  const source = kubeconfig || process.env['KUBECONFIG'] || 'the default kubeconfig';
  try {
    if (kubeconfig === '') credentials.loadFromDefault();
    else credentials.loadFromFile(kubeconfig);
  } catch (error) {
    throw noCredentials(`${source} cannot be read: ${describeSystemError(error) ?? 'it is no kubeconfig'}`, error);
  }
  if (isMadeUp(credentials)) throw noCredentials('there is no kubeconfig and no service account');
  if (context !== '') credentials.setCurrentContext(context);
  const server = serverOf(credentials, source);
  for (const file of filesOf(credentials)) checkFile(file, source);
  return { server, credentials };
}

/** The library falls back to `http://localhost:8080` when it finds nothing, and that is Faultline's own port. */
function isMadeUp(credentials: Credentials): boolean {
  const isFallback = credentials.getCurrentContext() === 'loaded-context';
  return isFallback && credentials.getCurrentCluster()?.server === 'http://localhost:8080';
}

function serverOf(credentials: Credentials, source: string): URL {
  const name = credentials.getCurrentContext();
  const server = credentials.getCurrentCluster()?.server;
  if (server === undefined) throw noCredentials(`${source} has no context "${name ?? ''}" with a cluster`);
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw noCredentials(`the server of context "${name}" in ${source} is no http or https URL`);
}

/** The files that each connection needs. */
function filesOf(credentials: Credentials): readonly string[] {
  const user = credentials.getCurrentUser();
  const settings: unknown = user?.authProvider?.config;
  const tokenFile =
    typeof settings === 'object' && settings !== null && 'tokenFile' in settings ? settings.tokenFile : undefined;
  const files = [credentials.getCurrentCluster()?.caFile, user?.certFile, user?.keyFile, tokenFile];
  return files.filter((file): file is string => typeof file === 'string' && file !== '');
}

function checkFile(file: string, source: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const owner = source === 'the default kubeconfig' ? 'the service account or default kubeconfig' : source;
    throw noCredentials(`a file of ${owner} cannot be read: ${describeSystemError(error) ?? file}`, error);
  }
}

function noCredentials(what: string, cause?: unknown): AppError {
  const advice = 'set kube.kubeconfig, or run in a pod with a service account and its token';
  return new AppError('KUBE_NO_CREDENTIALS', `kube: ${what}; ${advice}`, { kind: 'permanent', cause });
}

/** Code and file or address of an error of the system; null for others. Their messages may repeat a token. */
export function describeSystemError(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string') return null;
  const path = 'path' in error && typeof error.path === 'string' ? ` ${error.path}` : '';
  return `${error.code}${path}`;
}
