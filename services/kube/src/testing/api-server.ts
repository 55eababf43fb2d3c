/**
 * An API server for tests: lists, watches, bookmarks and Leases over plain HTTP, with the faults of a real one. It keeps each version of each
 * object, so that a test can count what a watcher must have seen.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { at, isObject, type Json, type JsonObject, parseJson, text } from '../api/json.ts';
import { listPath, type ResourceKind, resourceKinds, resourceName } from '../resources/table.ts';

interface StoredEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: string;
  readonly version: number;
  readonly object: JsonObject;
}

/** What is broken. Every field may be changed at any time. */
export interface Faults {
  /** Next requests that are answered with this status. */
  fail: { readonly status: number; count: number } | null;
  /** Resources that answer 403. */
  readonly forbidden: Set<string>;
  /** Resources that are not installed. */
  readonly absent: Set<string>;
  /** Watches at a version below this are answered with 410. */
  oldestVersion: number;
  /** How many of the last events each new watch sends once more. */
  repeat: number;
  /** Wrong answers by resource, as a proxy gives them. */
  readonly wrongAnswers: Map<string, WrongAnswers>;
}

/** Answers in the place of the server. Left out: the server answers. `count` is 1 for the first such request. */
export interface WrongAnswers {
  readonly list?: (response: ServerResponse, count: number) => void;
  readonly watch?: (response: ServerResponse, count: number) => void;
}

/** An answer that is always the same text, or the same pieces one after the other. */
export function always(body: string | Iterable<string>): (response: ServerResponse) => void {
  return (response) => void Readable.from(typeof body === 'string' ? [body] : body).pipe(response);
}

type Draft = JsonObject & { readonly metadata: JsonObject };

export class ApiServer {
  readonly faults: Faults = {
    fail: null,
    forbidden: new Set(),
    absent: new Set(),
    oldestVersion: 0,
    repeat: 0,
    wrongAnswers: new Map(),
  };
  /** Answered requests by path, without their query. */
  readonly requests: string[] = [];
  readonly #wrongAnswers = new Map<string, number>();
  #version = 100;
  #uid = 0;
  #events: StoredEvent[] = [];
  readonly #objects = new Map<string, Map<string, JsonObject>>();
  readonly #leases = new Map<string, JsonObject>();
  readonly #watches = new Set<{ readonly resource: string; readonly response: ServerResponse }>();
  readonly #server: Server;

  readonly #timeOf: (version: number) => number;

  private constructor(timeOf: (version: number) => number) {
    this.#timeOf = timeOf;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** `timeOf` is the time of what a version changed, ms since the epoch. Default: the same in each run. */
  static async start(timeOf = draftTime): Promise<ApiServer> {
    const server = new ApiServer(timeOf);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.breakStreams();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Creates or replaces an object. `generation` rises with the spec, as on a real server. Returns it as it is stored. */
  put(kind: string, draft: Draft, manager = 'kubectl-edit'): JsonObject {
    const resource = resourceOf(kind);
    const key = keyOf(draft);
    const before = this.#all(resource).get(key);
    this.#version += 1;
    const isSpecNew = JSON.stringify(before?.['spec']) !== JSON.stringify(draft['spec']);
    const generation = Number(text(before, 'metadata', 'generation') || 0) + (isSpecNew ? 1 : 0);
    const now = new Date(this.#timeOf(this.#version)).toISOString();
    const metadata = {
      creationTimestamp: now,
      ...at(before, 'metadata'),
      ...draft.metadata,
      uid: text(before, 'metadata', 'uid') || text(draft, 'metadata', 'uid') || `uid-${++this.#uid}`,
      resourceVersion: String(this.#version),
      ...(generation > 0 && draft['spec'] !== undefined && { generation }),
      managedFields: [{ manager, operation: 'Update', time: now }],
    };
    const object = { ...draft, metadata };
    this.#all(resource).set(key, object);
    this.#emit({ type: before === undefined ? 'ADDED' : 'MODIFIED', resource, version: this.#version, object });
    return object;
  }

  /** Replaces fields of an object's status. */
  status(kind: string, namespace: string, name: string, status: JsonObject): void {
    const before = this.#all(resourceOf(kind)).get(`${namespace}/${name}`);
    if (before === undefined) throw new Error(`no ${kind} ${namespace}/${name}`);
    this.put(kind, { ...before, metadata: at(before, 'metadata'), status: { ...at(before, 'status'), ...status } });
  }

  delete(kind: string, namespace: string, name: string): void {
    const resource = resourceOf(kind);
    const before = this.#all(resource).get(`${namespace}/${name}`);
    if (before === undefined) return;
    this.#version += 1;
    this.#all(resource).delete(`${namespace}/${name}`);
    const metadata = { ...at(before, 'metadata'), resourceVersion: String(this.#version) };
    this.#emit({ type: 'DELETED', resource, version: this.#version, object: { ...before, metadata } });
  }

  /** Ends all watches in the middle of a line. */
  breakStreams(): void {
    for (const { response } of this.#watches) {
      response.write('{"type":"MODI');
      response.destroy();
    }
    this.#watches.clear();
  }

  /** Forgets events, so that watches from before are answered with 410. */
  compact(): void {
    this.faults.oldestVersion = this.#version;
    this.#events = [];
  }

  sendBookmarks(): void {
    for (const { resource, response } of this.#watches)
      writeEvent(response, 'BOOKMARK', bookmark(resource, this.#version));
  }

  /** A copy of everything, as a backup of etcd is one. */
  backup(): () => void {
    const objects = [...this.#objects].map(([resource, all]) => [resource, new Map(all)] as const);
    const version = this.#version;
    return () => {
      this.breakStreams();
      this.#objects.clear();
      for (const [resource, all] of objects) this.#objects.set(resource, new Map(all));
      this.#version = version;
      this.#events = [];
      this.faults.oldestVersion = 0;
    };
  }

  /** Somebody writes another holder into a Lease that exists. */
  giveLease(name: string, holderIdentity: string): void {
    const known = this.#leases.get(name);
    if (known === undefined) throw new Error(`no Lease ${name}`);
    this.#version += 1;
    const metadata = { ...at(known, 'metadata'), resourceVersion: String(this.#version) };
    this.#leases.set(name, { ...known, metadata, spec: { ...at(known, 'spec'), holderIdentity } });
  }

  get version(): number {
    return this.#version;
  }

  #all(resource: string): Map<string, JsonObject> {
    const known = this.#objects.get(resource);
    if (known !== undefined) return known;
    const created = new Map<string, JsonObject>();
    this.#objects.set(resource, created);
    return created;
  }

  #emit(event: StoredEvent): void {
    this.#events.push(event);
    for (const { resource, response } of this.#watches)
      if (resource === event.resource) writeEvent(response, event.type, event.object);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const url = new URL(request.url ?? '/', this.url);
    this.requests.push(url.pathname);
    const { fail } = this.faults;
    if (fail !== null && fail.count > 0) {
      fail.count -= 1;
      return sendStatus(response, fail.status, fail.status === 429 ? { 'retry-after': '0' } : {});
    }
    if (url.pathname.includes('/leases')) return this.#answerLease(request, response, url);
    const kind = resourceKinds.find((entry) => listPath(entry) === url.pathname);
    if (kind === undefined || this.faults.absent.has(resourceName(kind))) return sendStatus(response, 404);
    if (this.faults.forbidden.has(resourceName(kind))) return sendStatus(response, 403);
    const isWatch = ['1', 'true'].includes(url.searchParams.get('watch') ?? '');
    const verb = isWatch ? 'watch' : 'list';
    const wrong = this.faults.wrongAnswers.get(resourceName(kind))?.[verb];
    if (wrong !== undefined) return wrong(response, this.#count(`${verb} ${resourceName(kind)}`));
    return isWatch ? this.#watch(response, kind, url) : this.#list(response, kind, url);
  }

  #count(request: string): number {
    const count = (this.#wrongAnswers.get(request) ?? 0) + 1;
    this.#wrongAnswers.set(request, count);
    return count;
  }

  #list(response: ServerResponse, kind: ResourceKind, url: URL): unknown {
    const limit = Number(url.searchParams.get('limit') ?? '500');
    const from = Number(url.searchParams.get('continue') ?? '0');
    const items = [...this.#all(resourceName(kind)).values()];
    const next = from + limit < items.length ? String(from + limit) : '';
    const metadata = { resourceVersion: String(this.#version), ...(next !== '' && { continue: next }) };
    return sendJson(response, 200, { kind: `${kind.kind}List`, metadata, items: items.slice(from, from + limit) });
  }

  #watch(response: ServerResponse, kind: ResourceKind, url: URL): unknown {
    const resource = resourceName(kind);
    const from = Number(url.searchParams.get('resourceVersion'));
    if (from > this.#version) return sendTooLarge(response);
    if (from < this.faults.oldestVersion) {
      response.writeHead(200, { 'content-type': 'application/json' });
      writeEvent(response, 'ERROR', { kind: 'Status', code: 410, reason: 'Expired' });
      response.end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const own = this.#events.filter((event) => event.resource === resource);
    const repeated = own.filter(({ version }) => version <= from).slice(own.length - this.faults.repeat);
    for (const event of this.faults.repeat > 0 ? repeated : []) writeEvent(response, event.type, event.object);
    for (const event of own.filter(({ version }) => version > from)) writeEvent(response, event.type, event.object);
    const watch = { resource, response };
    this.#watches.add(watch);
    const timer = setTimeout(() => response.end(), Number(url.searchParams.get('timeoutSeconds') ?? '300') * 1000);
    response.on('close', () => {
      clearTimeout(timer);
      this.#watches.delete(watch);
    });
  }

  async #answerLease(request: IncomingMessage, response: ServerResponse, url: URL): Promise<unknown> {
    const body = parseJson(await bodyOf(request)) ?? undefined;
    const name = request.method === 'POST' ? text(body, 'metadata', 'name') : (url.pathname.split('/').at(-1) ?? '');
    const known = this.#leases.get(name);
    if (request.method === 'GET')
      return known === undefined ? sendStatus(response, 404) : sendJson(response, 200, known);
    const isStale = text(known, 'metadata', 'resourceVersion') !== text(body, 'metadata', 'resourceVersion');
    if (isStale || !isObject(body)) return sendStatus(response, 409);
    this.#version += 1;
    const lease = { ...body, metadata: { ...at(body, 'metadata'), resourceVersion: String(this.#version) } };
    this.#leases.set(name, lease);
    sendJson(response, 200, lease);
  }
}

/** Versions have times of their own, one second apart. */
function draftTime(version: number): number {
  return 1_780_000_000_000 + version * 1000;
}

function resourceOf(kind: string): string {
  const entry = resourceKinds.find((candidate) => candidate.kind === kind);
  if (entry === undefined) throw new Error(`no kind ${kind}`);
  return resourceName(entry);
}

function keyOf(object: JsonObject): string {
  return `${text(object, 'metadata', 'namespace')}/${text(object, 'metadata', 'name')}`;
}

function bookmark(resource: string, version: number): JsonObject {
  return { kind: resource, metadata: { resourceVersion: String(version) } };
}

function writeEvent(response: ServerResponse, type: string, object: JsonObject): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}

function sendJson(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendStatus(response: ServerResponse, code: number, headers: Record<string, string> = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ kind: 'Status', code, reason: 'Failure' }));
}

/** As `storage.NewTooLargeResourceVersionError` of the real one. */
function sendTooLarge(response: ServerResponse): void {
  const details = { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] };
  sendJson(response, 504, { kind: 'Status', code: 504, reason: 'Timeout', details });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: string[] = [];
  for await (const part of request) parts.push(String(part));
  return parts.join('');
}
