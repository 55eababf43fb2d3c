/**
 * Attributes of spans by what they mean: one line for each name in use, best first. `era`: `stable` is in today's OpenTelemetry semantic
 * conventions, `old` was in earlier ones or in OpenTracing, `vendor` comes from one product.
 */

import { plainName } from './plain-name.ts';
import type { Attributes } from './telemetry.ts';

export const concepts = [
  'resolved-peer',
  'peer-service',
  'destination',
  'destination-address',
  'messaging-operation',
  'messaging-system',
  'peer-address',
  'peer-url',
  'proxy-cluster',
  'function',
  'database-system',
  'database-name',
  'table',
  'bucket',
  'rpc-service',
  'rpc-method',
  'rpc-system',
  'rpc-status',
  'http-status',
  'error',
  'span-kind',
] as const;
export type Concept = (typeof concepts)[number];

export interface Convention {
  readonly concept: Concept;
  readonly attribute: string;
  readonly era: 'stable' | 'old' | 'vendor';
}

const lines = (concept: Concept, era: Convention['era'], attributes: readonly string[]): Convention[] =>
  attributes.map((attribute) => ({ concept, attribute, era }));

export const conventions: readonly Convention[] = [
  // Written by ingest where several namespaces use the peer's name: see docs/adr/0024-service-names.md.
  ...lines('resolved-peer', 'vendor', ['faultline.peer']),

  ...lines('peer-service', 'stable', ['service.peer.name']),
  ...lines('peer-service', 'old', ['peer.service']),

  ...lines('destination', 'stable', ['messaging.destination.name']),
  ...lines('destination', 'old', [
    'messaging.destination',
    // Of consumers, 1.17 to 1.20.
    'messaging.source.name',
    'messaging.source',
    // OpenTracing.
    'message_bus.destination',
  ]),
  ...lines('destination', 'vendor', [
    'messaging.kafka.topic',
    'aws.queue.name',
    'aws.kinesis.stream_name',
    'aws.stream.name',
  ]),
  // URLs and ARNs, whose last part is the name.
  ...lines('destination-address', 'stable', ['aws.sqs.queue.url', 'aws.sns.topic.arn']),
  ...lines('destination-address', 'old', ['messaging.url']),
  ...lines('destination-address', 'vendor', [
    'aws.queue.url',
    'aws.queue_url',
    'messaging.aws_sqs.queue.url',
    'aws.topic.arn',
  ]),

  ...lines('messaging-operation', 'stable', ['messaging.operation.type']),
  ...lines('messaging-operation', 'old', ['messaging.operation']),
  ...lines('messaging-operation', 'stable', ['messaging.operation.name']),
  ...lines('messaging-system', 'stable', ['messaging.system']),

  ...lines('peer-address', 'stable', ['server.address']),
  ...lines('peer-address', 'old', [
    'net.peer.name',
    'net.sock.peer.name',
    'server.socket.domain',
    'http.host',
    'http.server_name',
    // OpenTracing.
    'peer.hostname',
  ]),
  ...lines('peer-address', 'vendor', ['out.host', 'authority', 'http.authority']),
  ...lines('peer-address', 'stable', ['network.peer.address']),
  ...lines('peer-address', 'old', [
    'net.peer.ip',
    'net.sock.peer.addr',
    'server.socket.address',
    'peer.address',
    'peer.ipv4',
    'peer.ipv6',
  ]),
  ...lines('peer-url', 'stable', ['url.full']),
  ...lines('peer-url', 'old', ['http.url']),
  // Envoy, and so Istio.
  ...lines('proxy-cluster', 'vendor', ['upstream_cluster.name', 'upstream_cluster']),
  ...lines('function', 'stable', ['faas.invoked_name']),
  ...lines('function', 'vendor', ['aws.lambda.function_name']),

  ...lines('database-system', 'stable', ['db.system.name']),
  ...lines('database-system', 'old', ['db.system', 'db.type']),
  ...lines('database-name', 'stable', ['db.namespace']),
  ...lines('database-name', 'old', [
    'db.name',
    'db.cassandra.keyspace',
    'db.hbase.namespace',
    'db.elasticsearch.cluster.name',
    'db.redis.database_index',
    // OpenTracing.
    'db.instance',
  ]),
  ...lines('table', 'stable', ['aws.dynamodb.table_names']),
  ...lines('table', 'vendor', ['aws.table.name']),
  ...lines('bucket', 'stable', ['aws.s3.bucket']),
  ...lines('bucket', 'vendor', ['aws.bucket.name']),

  ...lines('rpc-service', 'old', ['rpc.service']),
  ...lines('rpc-method', 'stable', ['rpc.method']),
  ...lines('rpc-system', 'stable', ['rpc.system.name']),
  ...lines('rpc-system', 'old', ['rpc.system']),
  ...lines('rpc-status', 'stable', ['rpc.response.status_code']),
  ...lines('rpc-status', 'old', ['rpc.status_code', 'rpc.grpc.status_code', 'rpc.connect_rpc.error_code']),
  ...lines('rpc-status', 'vendor', ['grpc.status_code', 'grpc.code']),
  ...lines('http-status', 'stable', ['http.response.status_code']),
  ...lines('http-status', 'old', ['http.status_code']),
  // `error.type` is set if and only if the operation failed; `error` is OpenTracing's and Envoy's tag.
  ...lines('error', 'stable', ['error.type']),
  ...lines('error', 'old', ['error']),
  // OpenTracing.
  ...lines('span-kind', 'old', ['span.kind']),
];

const byConcept: ReadonlyMap<Concept, readonly string[]> = new Map(
  concepts.map((concept) => [
    concept,
    conventions.filter((line) => line.concept === concept).map(({ attribute }) => attribute),
  ]),
);

const bitOfConcept: ReadonlyMap<Concept, number> = new Map(concepts.map((concept, index) => [concept, 1 << index]));
const bitOfAttribute: ReadonlyMap<string, number> = new Map(
  conventions.map(({ concept, attribute }) => [attribute, bitOfConcept.get(concept) ?? 0]),
);

/** The attributes of one span by meaning. One pass over them tells which meanings to look for: a span has few attributes, the table many. */
export class SpanAttributes {
  readonly #attributes: Attributes;
  readonly #present: number;

  constructor(attributes: Attributes) {
    let present = 0;
    for (const name in attributes) present |= bitOfAttribute.get(name) ?? 0;
    this.#attributes = attributes;
    this.#present = present;
  }

  /** The best attribute of that meaning; empty when the span has none. */
  first(concept: Concept): string {
    return this.#has(concept) ? attributeOf(this.#attributes, concept) : '';
  }

  /** All values of that meaning, best first. */
  all(concept: Concept): readonly string[] {
    return this.#has(concept) ? attributesOf(this.#attributes, concept) : [];
  }

  #has(concept: Concept): boolean {
    return (this.#present & (bitOfConcept.get(concept) ?? 0)) !== 0;
  }
}

/** The best attribute of that meaning; empty when the span has none. */
export function attributeOf(attributes: Attributes, concept: Concept): string {
  for (const name of byConcept.get(concept) ?? []) {
    const value = attributes[name];
    if (value) return plainName(value);
  }
  return '';
}

function attributesOf(attributes: Attributes, concept: Concept): string[] {
  const values: string[] = [];
  for (const name of byConcept.get(concept) ?? []) {
    const value = attributes[name];
    if (value) values.push(plainName(value));
  }
  return values;
}

/** Old names of `db.system`, and words that tools use, by the stable name of `db.system.name`. */
const databaseSystems: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  pgsql: 'postgresql',
  mssql: 'microsoft.sql_server',
  sqlserver: 'microsoft.sql_server',
  'sql server': 'microsoft.sql_server',
  mongo: 'mongodb',
  dynamodb: 'aws.dynamodb',
  redshift: 'aws.redshift',
  cosmosdb: 'azure.cosmosdb',
  spanner: 'gcp.spanner',
  oracle: 'oracle.db',
  db2: 'ibm.db2',
  informix: 'ibm.informix',
  netezza: 'ibm.netezza',
  hanadb: 'sap.hana',
  maxdb: 'sap.maxdb',
  adabas: 'softwareag.adabas',
  cache: 'intersystems.cache',
  ingres: 'actian.ingres',
  firebird: 'firebirdsql',
  h2: 'h2database',
};

/** The stable name of a database system, so that old and new instrumentation mean one database. */
export function databaseSystemOf(system: string): string {
  const word = system.trim().toLowerCase();
  return Object.hasOwn(databaseSystems, word) ? (databaseSystems[word] ?? word) : word;
}
