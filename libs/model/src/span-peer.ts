/** Names the other side of a call from what the calling span says about it. */
import { databaseSystemOf, SpanAttributes } from './conventions.ts';
import { hostOf, isAddress, isLoopback, isPlaceholder } from './names.ts';
import { serviceOfCluster } from './proxy-cluster.ts';
import type { Attributes, Span } from './telemetry.ts';
import { workloadOfPod } from './workload-name.ts';

type PeerSpan = Pick<Span, 'kind' | 'attributes'>;

/** Which way a span's message flows: `to` the peer, `from` it, or neither, as when a consumer only acknowledges. */
export type PeerFlow = 'to' | 'from' | 'none';

const receives = /^(receive|process|deliver|poll|consume|receivemessage|getrecords)$/;
const settles =
  /^(settle|commit|ack|nack|acknowledge|reject|complete|abandon|deletemessage(batch)?|changemessagevisibility(batch)?)$/;

/** Consumers read from their queue, also those that poll: `receive` and `settle` are spans of kind client. */
export function flowOf({ kind, attributes }: PeerSpan): PeerFlow {
  return flow(kind, new SpanAttributes(attributes));
}

function flow(kind: Span['kind'], attributes: SpanAttributes): PeerFlow {
  if (kind === 'server' || kind === 'internal' || kind === 'unspecified') return 'none';
  const operation = operationOf(attributes);
  if (settles.test(operation)) return 'none';
  if (kind === 'consumer') return 'from';
  return kind === 'client' && receives.test(operation) ? 'from' : 'to';
}

/** The messaging operation, lower case; the AWS SDK tells it as the method of a call to SQS or Kinesis. */
function operationOf(attributes: SpanAttributes): string {
  const operation = attributes.first('messaging-operation').toLowerCase();
  if (operation !== '' || !isAwsCall(attributes)) return operation;
  return (attributes.first('rpc-method').split('/').at(-1) ?? '').toLowerCase();
}

function isAwsCall(attributes: SpanAttributes): boolean {
  return attributes.first('rpc-system') === 'aws-api';
}

/**
 * Whom a client or producer span calls, or which queue a consumer's span reads; empty when it does not say. A queue
 * goes by its own name, so that its producers and consumers meet there. A name is better than a bare IP address, which
 * says nothing on a page. A loopback address is a proxy beside the caller, never a peer.
 */
export function peerOf(span: PeerSpan): string {
  const attributes = new SpanAttributes(span.attributes);
  const way = flow(span.kind, attributes);
  if (way === 'none') return '';
  const queue = () => queueOf(attributes);
  if (way === 'from') return attributes.first('resolved-peer') || queue();
  return (
    attributes.first('resolved-peer') ||
    named(attributes.first('peer-service')) ||
    queue() ||
    cloudResourceOf(attributes) ||
    clusterPeer(attributes) ||
    addressOrKind(attributes)
  );
}

function named(value: string): string {
  return value === '' || isPlaceholder(value, 'service') ? '' : value;
}

function queueOf(attributes: SpanAttributes): string {
  const name = attributes.first('destination');
  if (name !== '') return ofRabbit(name, attributes);
  return lastPart(attributes.first('destination-address'));
}

/** RabbitMQ: producers write `exchange:key`, consumers `exchange:key:queue`. The part that both have is the name. */
function ofRabbit(name: string, attributes: SpanAttributes): string {
  if (attributes.first('messaging-system') !== 'rabbitmq') return name;
  const parts = name.split(':');
  return parts.length === 3 ? parts.slice(0, 2).join(':') : name;
}

/** `https://sqs.eu-west-1.amazonaws.com/1234/orders` and `arn:aws:sns:eu-west-1:1234:orders` are orders. */
function lastPart(address: string): string {
  return address.split(/[/:]/).filter(Boolean).at(-1) ?? '';
}

/** Functions, tables and buckets of a cloud, which all answer at one address. */
function cloudResourceOf(attributes: SpanAttributes): string {
  const invoked = attributes.first('function');
  if (invoked !== '') return lastPart(invoked);
  const table = firstOfList(attributes.first('table'));
  if (table !== '') return `aws.dynamodb/${table}`;
  const bucket = attributes.first('bucket');
  if (bucket !== '') return `s3/${bucket}`;
  return isAwsCall(attributes) ? attributes.first('rpc-service') || awsServiceOf(attributes) : '';
}

/** Attributes are texts: a list is JSON. */
function firstOfList(text: string): string {
  return /^\["([^"]+)"/.exec(text)?.[1] ?? text;
}

/** Today's `rpc.method` of the AWS SDK is `Service/Operation`. */
function awsServiceOf(attributes: SpanAttributes): string {
  const [service, method] = attributes.first('rpc-method').split('/');
  return method === undefined ? '' : (service ?? '');
}

/** The service behind a cluster of Envoy. */
function clusterPeer(attributes: SpanAttributes): string {
  const known = attributes.all('proxy-cluster').map(serviceOfCluster);
  return known.find((name) => name !== '') ?? '';
}

function addressOrKind(attributes: SpanAttributes): string {
  const hosts = hostsOf(attributes);
  const named = hosts.find((host) => !host.isAddress);
  return (
    named?.name ||
    databaseOf(attributes) ||
    attributes.first('messaging-system') ||
    rpcServiceOf(attributes) ||
    (hosts[0]?.name ?? '')
  );
}

interface Host {
  /** Empty for a loopback address. */
  readonly name: string;
  readonly isAddress: boolean;
}

/** Hosts and addresses of the other side, best first, up to the first that is a name. A URL is read only where nothing else is a name. */
function hostsOf(attributes: SpanAttributes): Host[] {
  const found: Host[] = [];
  for (const concept of ['peer-address', 'peer-url'] as const)
    for (const value of attributes.all(concept)) {
      const host = readHost(value);
      if (host.name === '') continue;
      found.push(host);
      if (!host.isAddress) return found;
    }
  return found;
}

const maxHosts = 4096;
const knownHosts = new Map<string, Host>();

/** A system has few addresses and calls them often: what was read is kept, until the table is full and starts anew. */
function readHost(value: string): Host {
  const known = knownHosts.get(value);
  if (known !== undefined) return known;
  const name = hostOf(value);
  const host = { name: isLoopback(name) ? '' : name, isAddress: isAddress(name) };
  if (knownHosts.size >= maxHosts) knownHosts.clear();
  knownHosts.set(value, host);
  return host;
}

/** `system/name`, in the stable name of the system. OpenTracing's type `sql` names no system. */
function databaseOf(attributes: SpanAttributes): string {
  const system = databaseSystemOf(attributes.first('database-system'));
  const name = databaseNameOf(attributes.first('database-name'), system);
  if (system === 'sql' || system === 'other_sql') return name || system;
  return system !== '' && name !== '' ? `${system}/${name}` : system;
}

/** The namespace may hold a schema (`orders|public`) or an instance (`MSSQLSERVER|orders`) beside it. Redis counts from 0 and seldom says so. */
function databaseNameOf(namespace: string, system: string): string {
  const parts = namespace.split('|');
  const name = (system === 'microsoft.sql_server' ? parts.at(-1) : parts[0]) ?? '';
  return system === 'redis' && name === '0' ? '' : name;
}

/** Today's `rpc.method` is fully qualified: `shop.Pay/Charge`. */
function rpcServiceOf(attributes: SpanAttributes): string {
  const service = attributes.first('rpc-service');
  const method = attributes.first('rpc-method');
  return service || (method.includes('/') ? method.slice(0, method.lastIndexOf('/')) : '');
}

/** Who a proxy's span is about: the workload that it stands before, which the mesh writes on the span and not on the resource. */
export interface ProxiedService {
  readonly service: string;
  readonly namespace: string;
}

/** Istio's `istio.canonical_service`; else Envoy's `node_id`, `sidecar~10.1.2.3~cart-7d9f.shop~shop.svc.cluster.local`. Null: no proxy's span. */
export function proxiedServiceOf(attributes: Attributes): ProxiedService | null {
  const service = named(attributes['istio.canonical_service'] ?? '');
  if (service !== '') return { service, namespace: attributes['istio.namespace'] ?? '' };
  const node = /^sidecar~[^~]*~([^~.]+)\.([^~]+)~/.exec(attributes['node_id'] ?? '');
  if (node === null) return null;
  return { service: workloadOfPod(node[1] ?? '') || (node[1] ?? ''), namespace: node[2] ?? '' };
}
