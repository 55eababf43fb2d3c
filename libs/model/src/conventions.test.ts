/** One case for each line of the table: an attribute, and what comes of it. */
import { describe, expect, it } from 'vitest';
import { conventions, databaseSystemOf } from './conventions.ts';
import { isFailed } from './span-outcome.ts';
import { flowOf, peerOf, proxiedServiceOf } from './span-peer.ts';
import type { Attributes, SpanKind } from './telemetry.ts';

type PeerCase = readonly [attribute: string, kind: SpanKind, attributes: Attributes, peer: string];

const peers: readonly PeerCase[] = [
  ['faultline.peer', 'client', { 'faultline.peer': 'shop/cart', 'peer.service': 'cart' }, 'shop/cart'],
  ['service.peer.name', 'client', { 'service.peer.name': 'pay', 'server.address': 'x' }, 'pay'],
  ['peer.service', 'client', { 'peer.service': 'pay', 'server.address': 'x' }, 'pay'],
  [
    'messaging.destination.name',
    'producer',
    { 'messaging.destination.name': 'orders', 'server.address': 'b' },
    'orders',
  ],
  ['messaging.destination', 'producer', { 'messaging.destination': 'orders' }, 'orders'],
  ['messaging.source.name', 'consumer', { 'messaging.source.name': 'orders' }, 'orders'],
  ['messaging.source', 'consumer', { 'messaging.source': 'orders' }, 'orders'],
  ['message_bus.destination', 'producer', { 'message_bus.destination': 'orders' }, 'orders'],
  ['messaging.kafka.topic', 'consumer', { 'messaging.kafka.topic': 'orders' }, 'orders'],
  ['aws.queue.name', 'client', { 'aws.queue.name': 'orders' }, 'orders'],
  ['aws.kinesis.stream_name', 'client', { 'aws.kinesis.stream_name': 'clicks' }, 'clicks'],
  ['aws.stream.name', 'client', { 'aws.stream.name': 'clicks' }, 'clicks'],
  [
    'aws.sqs.queue.url',
    'consumer',
    { 'aws.sqs.queue.url': 'https://sqs.eu-west-1.amazonaws.com/1234/orders' },
    'orders',
  ],
  ['aws.sns.topic.arn', 'client', { 'aws.sns.topic.arn': 'arn:aws:sns:eu-west-1:1234:orders' }, 'orders'],
  ['messaging.url', 'consumer', { 'messaging.url': 'https://sqs.eu-west-1.amazonaws.com/1234/orders' }, 'orders'],
  ['aws.queue.url', 'client', { 'aws.queue.url': 'https://sqs.eu-west-1.amazonaws.com/1234/orders' }, 'orders'],
  ['aws.queue_url', 'client', { 'aws.queue_url': 'https://sqs.eu-west-1.amazonaws.com/1234/orders' }, 'orders'],
  ['messaging.aws_sqs.queue.url', 'client', { 'messaging.aws_sqs.queue.url': 'https://sqs.x.com/1/orders' }, 'orders'],
  ['aws.topic.arn', 'client', { 'aws.topic.arn': 'arn:aws:sns:eu-west-1:1234:orders' }, 'orders'],
  ['messaging.system', 'producer', { 'messaging.system': 'kafka' }, 'kafka'],
  ['server.address', 'client', { 'server.address': 'Cart.shop.svc.cluster.local:80' }, 'cart'],
  ['net.peer.name', 'client', { 'net.peer.name': 'api.example.com:443' }, 'api.example.com'],
  ['net.sock.peer.name', 'client', { 'net.sock.peer.name': 'pg', 'net.sock.peer.addr': '10.0.0.3' }, 'pg'],
  ['server.socket.domain', 'client', { 'server.socket.domain': 'pg' }, 'pg'],
  ['http.host', 'client', { 'http.host': 'cart:8080' }, 'cart'],
  ['http.server_name', 'client', { 'http.server_name': 'cart' }, 'cart'],
  ['peer.hostname', 'client', { 'peer.hostname': 'cart' }, 'cart'],
  ['out.host', 'client', { 'out.host': 'cart' }, 'cart'],
  ['authority', 'client', { authority: 'cart.shop.svc.cluster.local:8080' }, 'cart'],
  ['http.authority', 'client', { 'http.authority': 'cart:8080' }, 'cart'],
  ['network.peer.address', 'client', { 'network.peer.address': '10.1.2.3' }, '10.1.2.3'],
  ['net.peer.ip', 'client', { 'net.peer.ip': '10.1.2.3' }, '10.1.2.3'],
  ['net.sock.peer.addr', 'client', { 'net.sock.peer.addr': '10.1.2.3' }, '10.1.2.3'],
  ['server.socket.address', 'client', { 'server.socket.address': '10.1.2.3' }, '10.1.2.3'],
  ['peer.address', 'client', { 'peer.address': 'cart:8080' }, 'cart'],
  ['peer.ipv4', 'client', { 'peer.ipv4': '10.1.2.3' }, '10.1.2.3'],
  ['peer.ipv6', 'client', { 'peer.ipv6': '2001:db8::7' }, '2001:db8::7'],
  ['url.full', 'client', { 'url.full': 'https://pay.example.com/charge' }, 'pay.example.com'],
  ['http.url', 'client', { 'http.url': 'http://cart:8080/items' }, 'cart'],
  [
    'upstream_cluster.name',
    'client',
    { 'upstream_cluster.name': 'outbound_.8080_._.pay.shop.svc.cluster.local' },
    'pay',
  ],
  [
    'upstream_cluster',
    'client',
    { upstream_cluster: 'outbound|8080||pay.shop.svc.cluster.local', 'peer.address': '10.0.0.9' },
    'pay',
  ],
  ['faas.invoked_name', 'client', { 'faas.invoked_name': 'charge', 'rpc.system': 'aws-api' }, 'charge'],
  ['aws.lambda.function_name', 'client', { 'aws.lambda.function_name': 'charge' }, 'charge'],
  ['db.system.name', 'client', { 'db.system.name': 'mysql' }, 'mysql'],
  ['db.system', 'client', { 'db.system': 'mssql' }, 'microsoft.sql_server'],
  ['db.type', 'client', { 'db.type': 'redis' }, 'redis'],
  ['db.namespace', 'client', { 'db.system.name': 'postgresql', 'db.namespace': 'orders|public' }, 'postgresql/orders'],
  ['db.name', 'client', { 'db.system': 'postgres', 'db.name': 'orders' }, 'postgresql/orders'],
  ['db.cassandra.keyspace', 'client', { 'db.system': 'cassandra', 'db.cassandra.keyspace': 'shop' }, 'cassandra/shop'],
  ['db.hbase.namespace', 'client', { 'db.system': 'hbase', 'db.hbase.namespace': 'shop' }, 'hbase/shop'],
  [
    'db.elasticsearch.cluster.name',
    'client',
    { 'db.system': 'elasticsearch', 'db.elasticsearch.cluster.name': 'logs' },
    'elasticsearch/logs',
  ],
  ['db.redis.database_index', 'client', { 'db.system': 'redis', 'db.redis.database_index': '0' }, 'redis'],
  ['db.instance', 'client', { 'db.type': 'sql', 'db.instance': 'orders' }, 'orders'],
  [
    'aws.dynamodb.table_names',
    'client',
    { 'rpc.system': 'aws-api', 'aws.dynamodb.table_names': '["orders"]' },
    'aws.dynamodb/orders',
  ],
  ['aws.table.name', 'client', { 'aws.table.name': 'orders' }, 'aws.dynamodb/orders'],
  ['aws.s3.bucket', 'client', { 'rpc.system': 'aws-api', 'aws.s3.bucket': 'images' }, 's3/images'],
  ['aws.bucket.name', 'client', { 'aws.bucket.name': 'images' }, 's3/images'],
  ['rpc.service', 'client', { 'rpc.service': 'shop.Cart' }, 'shop.Cart'],
  ['rpc.method', 'client', { 'rpc.method': 'shop.Pay/Charge' }, 'shop.Pay'],
  [
    'rpc.system.name',
    'client',
    { 'rpc.system.name': 'aws-api', 'rpc.method': 'KMS/Encrypt', 'server.address': 'kms.x.com' },
    'KMS',
  ],
  ['rpc.system', 'client', { 'rpc.system': 'aws-api', 'rpc.service': 'KMS', 'server.address': 'kms.x.com' }, 'KMS'],
];

type FlowCase = readonly [attribute: string, kind: SpanKind, attributes: Attributes, flow: string];
const flows: readonly FlowCase[] = [
  ['messaging.operation.type', 'client', { 'messaging.operation.type': 'receive' }, 'from'],
  ['messaging.operation.type', 'client', { 'messaging.operation.type': 'settle' }, 'none'],
  ['messaging.operation.type', 'client', { 'messaging.operation.type': 'send' }, 'to'],
  ['messaging.operation', 'client', { 'messaging.operation': 'receive' }, 'from'],
  ['messaging.operation', 'consumer', { 'messaging.operation': 'process' }, 'from'],
  ['messaging.operation.name', 'client', { 'messaging.operation.name': 'commit' }, 'none'],
  ['messaging.operation.name', 'client', { 'messaging.operation.name': 'poll' }, 'from'],
  ['rpc.method', 'client', { 'rpc.system': 'aws-api', 'rpc.service': 'SQS', 'rpc.method': 'ReceiveMessage' }, 'from'],
  ['rpc.method', 'client', { 'rpc.system.name': 'aws-api', 'rpc.method': 'SQS/DeleteMessage' }, 'none'],
  ['rpc.method', 'client', { 'rpc.system': 'grpc', 'rpc.method': 'Receive' }, 'to'],
];

type OutcomeCase = readonly [attribute: string, kind: SpanKind, attributes: Attributes, failed: boolean];
const outcomes: readonly OutcomeCase[] = [
  ['http.response.status_code', 'server', { 'http.response.status_code': '503' }, true],
  ['http.response.status_code', 'server', { 'http.response.status_code': '404' }, false],
  ['http.status_code', 'client', { 'http.status_code': '0', response_flags: 'UF' }, true],
  ['rpc.response.status_code', 'server', { 'rpc.response.status_code': 'UNAVAILABLE' }, true],
  ['rpc.response.status_code', 'server', { 'rpc.response.status_code': '14' }, true],
  ['rpc.response.status_code', 'server', { 'rpc.response.status_code': 'NOT_FOUND' }, false],
  ['rpc.response.status_code', 'client', { 'rpc.response.status_code': 'NOT_FOUND' }, true],
  ['rpc.response.status_code', 'client', { 'rpc.response.status_code': 'OK' }, false],
  ['rpc.status_code', 'server', { 'rpc.status_code': 'INTERNAL' }, true],
  ['rpc.grpc.status_code', 'server', { 'rpc.grpc.status_code': '5' }, false],
  ['rpc.grpc.status_code', 'client', { 'rpc.grpc.status_code': '0' }, false],
  ['rpc.connect_rpc.error_code', 'server', { 'rpc.connect_rpc.error_code': 'unavailable' }, true],
  ['grpc.status_code', 'client', { 'grpc.status_code': '14', 'http.status_code': '200' }, true],
  ['grpc.code', 'client', { 'grpc.code': 'Unavailable' }, true],
  ['error.type', 'client', { 'error.type': 'timeout' }, true],
  ['error', 'client', { error: 'true' }, true],
  ['error', 'client', { error: 'false' }, false],
];

describe('peers', () => {
  it.each(peers)('%s of a %s', (_attribute, kind, attributes, peer) => {
    const operation = kind === 'consumer' ? { 'messaging.operation.type': 'process' } : {};
    expect(peerOf({ kind, attributes: { ...operation, ...attributes } })).toBe(peer);
  });
});
describe('the way of a message', () => {
  it.each(flows)('%s of a %s %j', (_attribute, kind, attributes, flow) => {
    expect(flowOf({ kind, attributes })).toBe(flow);
  });
});
describe('outcomes', () => {
  it.each(outcomes)('%s of a %s %j', (_attribute, kind, attributes, failed) => {
    expect(isFailed({ kind, status: 'unset', attributes })).toBe(failed);
  });
  it('the status of a span overrules its attributes', () => {
    expect(isFailed({ kind: 'server', status: 'ok', attributes: { 'http.status_code': '500', error: 'true' } })).toBe(
      false,
    );
  });
});

it('each line of the table has a case', () => {
  const tried = new Set([...peers, ...flows, ...outcomes].map(([attribute]) => attribute));
  // Read by ingest, which has a test of its own.
  tried.add('span.kind');
  expect(conventions.map(({ attribute }) => attribute).filter((attribute) => !tried.has(attribute))).toEqual([]);
});

describe('a peer that is none', () => {
  it.each([
    ['localhost', { 'server.address': 'localhost', 'server.port': '5432' }, ''],
    ['a loopback address', { 'net.peer.ip': '127.0.0.1' }, ''],
    [
      'localhost before a database',
      { 'server.address': 'localhost', 'db.system': 'mysql', 'db.name': 'search' },
      'mysql/search',
    ],
    ['a placeholder', { 'peer.service': 'unknown', 'server.address': 'cart' }, 'cart'],
    ['an inbound cluster', { upstream_cluster: 'inbound|8080||', 'server.address': 'cart' }, 'cart'],
    [
      'traffic that leaves the mesh',
      { upstream_cluster: 'PassthroughCluster', 'http.url': 'https://api.example.com' },
      'api.example.com',
    ],
    ['a settled message', { 'messaging.destination.name': 'orders', 'messaging.operation.type': 'settle' }, ''],
  ])('%s', (_what, attributes: Attributes, peer) => expect(peerOf({ kind: 'client', attributes })).toBe(peer));
});

describe('an Envoy cluster is the service behind it', () => {
  it.each([
    ['outbound|8080|v1|pay.shop.svc.cluster.local', 'pay'],
    ['outbound_.8080_.v1_.pay.shop.svc.cluster.local', 'pay'],
    ['shop/pay/8080/da39a3ee5e', 'pay'],
    ['pay', 'pay'],
  ])('%s', (cluster, peer) => expect(peerOf({ kind: 'client', attributes: { upstream_cluster: cluster } })).toBe(peer));
});

it('one queue of RabbitMQ has one name at both ends', () => {
  const system = { 'messaging.system': 'rabbitmq' };
  const sent = { ...system, 'messaging.destination.name': 'shop:order' };
  const read = { ...system, 'messaging.destination.name': 'shop:order:billing', 'messaging.operation.type': 'process' };
  expect(peerOf({ kind: 'consumer', attributes: read })).toBe(peerOf({ kind: 'producer', attributes: sent }));
});

it.each([
  ['postgres', 'postgresql'],
  ['POSTGRESQL', 'postgresql'],
  ['mssql', 'microsoft.sql_server'],
  ['dynamodb', 'aws.dynamodb'],
  ['mariadb', 'mariadb'],
  ['constructor', 'constructor'],
])('the database system %s is %s', (system, name) => expect(databaseSystemOf(system)).toBe(name));

it('a proxy’s span names the workload before which it stands', () => {
  expect(proxiedServiceOf({ 'istio.canonical_service': 'cart', 'istio.namespace': 'shop' })).toEqual({
    service: 'cart',
    namespace: 'shop',
  });
  const node_id = 'sidecar~10.1.2.3~cart-579f59597d-wc2lz.shop~shop.svc.cluster.local';
  expect(proxiedServiceOf({ node_id })).toEqual({ service: 'cart', namespace: 'shop' });
  expect(proxiedServiceOf({})).toBeNull();
});
