/** Writes objects to a real API server: server-side apply, status patches and deletes. Reading is the recorder's. */
import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { type JsonObject, resourceKinds } from '@faultline/kube/engine';
import { KubeConfig } from '@kubernetes/client-node';

export interface Api {
  /** Throws with the server's message on any status of 300 and above, unless it is in `allowed`. */
  send(
    method: string,
    path: string,
    body?: JsonObject | string,
    type?: string,
    allowed?: readonly number[],
  ): Promise<JsonObject>;
  /** The items of a list, in whatever shape the server has them. */
  items(path: string): Promise<readonly unknown[]>;
  /** Server-side apply. Objects without a namespace that need one get `namespace`. */
  apply(object: JsonObject, namespace: string, manager: string): Promise<JsonObject>;
  /** Opens a list or watch and calls back with each line. Resolves when the server ends it. */
  lines(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
}

export const mergePatch = 'application/merge-patch+json';
export const strategicPatch = 'application/strategic-merge-patch+json';

interface Place {
  readonly apiVersion: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
}

const clusterKinds: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'StorageClass',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
]);
const morePlurals: Readonly<Record<string, string>> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  CustomResourceDefinition: 'customresourcedefinitions',
  Lease: 'leases',
};

function placeOf(object: JsonObject): Place {
  const kind = String(object['kind']);
  const known = resourceKinds.find((entry) => entry.kind === kind);
  const plural = known?.plural ?? morePlurals[kind];
  if (plural === undefined) throw new Error(`no path is known for the kind ${kind}`);
  return { apiVersion: String(object['apiVersion']), plural, isNamespaced: !clusterKinds.has(kind) };
}

export function pathOf(object: JsonObject, namespace: string): string {
  const { apiVersion, plural, isNamespaced } = placeOf(object);
  const metadata = object['metadata'] as JsonObject;
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const space = isNamespaced ? `/namespaces/${String(metadata['namespace'] ?? namespace)}` : '';
  return `${base}${space}/${plural}/${String(metadata['name'])}`;
}

export function createApi(kubeconfig: string): Api {
  const credentials = new KubeConfig();
  credentials.loadFromFile(kubeconfig);
  const server = new URL(credentials.getCurrentCluster()?.server ?? '');
  const open = async (method: string, path: string, body: string | undefined, type: string, signal?: AbortSignal) => {
    const options: RequestOptions = {};
    await credentials.applyToHTTPSOptions(options);
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = {
        ...options.headers,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': type }),
      };
      const { hostname, port } = server;
      const outgoing = requestHttps(
        { ...options, hostname, port, method, path, headers, ...(signal && { signal }) },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  };
  const api: Api = {
    send: async (method, path, body, type = 'application/json', allowed = []) => {
      const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
      const response = await open(method, path, text, type);
      let answer = '';
      for await (const chunk of response.setEncoding('utf8')) answer += String(chunk);
      const status = response.statusCode ?? 0;
      if (status >= 300 && !allowed.includes(status)) throw new Error(`${method} ${path}: ${status} ${answer}`);
      return status === 404 ? {} : (JSON.parse(answer) as JsonObject);
    },
    items: async (path) => {
      const items: unknown = (await api.send('GET', path))['items'];
      return Array.isArray(items) ? items : [];
    },
    apply: (object, namespace, manager) => {
      const path = `${pathOf(object, namespace)}?fieldManager=${manager}&force=true`;
      return api.send('PATCH', path, object, 'application/apply-patch+yaml');
    },
    lines: async (path, onLine, signal) => {
      const response = await open('GET', path, undefined, '', signal);
      let rest = '';
      for await (const chunk of response.setEncoding('utf8')) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      }
    },
  };
  return api;
}
