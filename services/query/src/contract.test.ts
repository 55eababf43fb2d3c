import { anIncident, incidentRecord } from '@faultline/model/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json, Operation } from './api/operation.ts';
import { loadContract } from './api/proto.ts';
import { routeOf } from './http/routes.ts';
import { flappingHistory } from './hygiene/testing/history.ts';
import { createOperations } from './operations/index.ts';
import { aDrift, aFinding, aRollout, driftRecord, findingRecord, workloadRecord } from './testing/cluster.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const contract = loadContract();
const unused = () => () => Promise.reject(new Error('only the table is read'));
const operations = createOperations({
  reader: { list: unused(), get: unused(), listAlerts: unused(), listStageTimes: unused() },
  topology: { graph: unused(), entity: unused(), declare: unused() },
  watch: async function* () {},
  explainAlert: unused(),
  command: unused,
  deadLetters: unused(),
  replayDeadLetters: unused(),
  pending: unused(),
  ledger: {},
  hygiene: unused(),
  workloads: {},
} as never);

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({
    config: { commandTimeoutMs: 0 },
    prepare: (bus) =>
      bus.publish([
        incidentRecord(anIncident()),
        workloadRecord('pay', { rollout: {} }),
        findingRecord(aFinding()),
        driftRecord(aDrift()),
      ]),
  });
  const team = { team: 'shop', service: 'cart', kind: 'cpu' };
  const times = { incidents: 2, meanSeconds: 1.5, p90Seconds: 2.5 };
  harness.history.changeRows = [aRollout('pay')];
  harness.history.stageRows = [{ month: '2026-03', ...team, stage: 'paged', ...times }];
  harness.history.alertRows = flappingHistory();
  harness.history.graphRows = { services: [], edges: anIncident().graph.edges };
}, 60_000);
afterAll(() => harness.stop());

it('the table and the protos name the same operations', () => {
  const inTable = operations.map(({ service, method }) => `faultline.v1.${service}/${method}`);
  expect(inTable.sort()).toEqual([...contract.methods].sort());
});

it.each(operations)('$method reads the fields that its proto message has', ({ service, method, request }) => {
  const { message } = contract.method(service, method).input;
  expect(Object.keys(request.shape).sort()).toEqual(message.fields.map((field) => field.jsonName).sort());
});

/** One request for each operation that has an answer, as both ways take it. */
const requests: Readonly<Record<string, Json>> = {
  ListIncidents: { status: ['open'], pageSize: 10 },
  GetIncident: { id: 'inc-1' },
  ListIncidentAlerts: { id: 'inc-1' },
  ListStageTimes: { from: '2026-03-01T00:00:00Z' },
  ExplainAlert: { fingerprint: 'f0000' },
  Acknowledge: { id: 'inc-1', idempotencyKey: 'k1', expectedRevision: 3 },
  Resolve: { id: 'inc-1', idempotencyKey: 'k2', resolution: 'rolled back' },
  Reopen: { id: 'inc-1', idempotencyKey: 'k3' },
  Split: { id: 'inc-1', idempotencyKey: 'k4', alertFingerprints: ['f0000'] },
  Merge: { id: 'inc-1', idempotencyKey: 'k5', otherIncidentId: 'inc-1' },
  PinCause: { id: 'inc-1', idempotencyKey: 'k6', service: 'orders-db', kind: 'disk' },
  RejectCause: { id: 'inc-1', idempotencyKey: 'k8', service: 'orders-db' },
  RestoreCause: { id: 'inc-1', idempotencyKey: 'k9', service: 'orders-db' },
  RecordRemediation: { id: 'inc-1', idempotencyKey: 'k10', kind: 'restarted', target: 'orders', worked: true },
  GetHygiene: { from: '2026-03-01T00:00:00Z' },
  AddNote: { id: 'inc-1', idempotencyKey: 'k7', text: 'looking' },
  GetGraph: { environment: 'production' },
  ListEnvironments: { since: '2026-03-01T02:00:00Z' },
  GetEntity: { service: 'orders-db', from: '2026-03-01T02:00:00Z' },
  DeclareGraph: { environment: 'production', source: 'me', edges: [{ from: 'a', to: 'b' }] },
  ListWorkloads: { search: 'pay', state: ['failing'] },
  GetWorkload: { namespace: 'shop', name: 'pay', cluster: 'east' },
  ListRightsizing: { namespace: 'shop' },
  ListDrift: { state: ['open', 'accepted'] },
  AcceptDrift: { id: 'd-1', reason: 'load test', until: '2026-04-01T00:00:00Z', actor: 'ann' },
  ListChanges: { cluster: 'east', from: '2026-03-01T00:00:00Z' },
  GetLedger: {},
  ListDeadLetters: { pageSize: 5 },
  ReplayDeadLetters: { ids: ['none'], mapping: '$', headers: { 'x-event': 'push' } },
};
const answered = operations.filter(({ method }) => requests[method] !== undefined);

it('every operation but the stream is compared', () => {
  const left = operations.filter((operation) => !answered.includes(operation)).map(({ method }) => method);
  expect(left).toEqual(['WatchIncidents']);
});

it.each(answered)('$method says the same over gRPC and HTTP', async (operation) => {
  const request = requests[operation.method] ?? {};
  const response = await overHttp(harness, operation, request);
  expect(response.statusCode, response.body).toBe(200);
  const { output } = contract.method(operation.service, operation.method);
  const overGrpc = await harness.grpc(`${operation.service}/${operation.method}`, request);
  // Through the message and back: HTTP's JSON is proto3 JSON of the message, with nothing that the message cannot hold.
  expect(output.decode(output.encode(response.json()))).toEqual(overGrpc);
});

it.each([
  ['GetIncident', { id: 'nobody' }, 404, 'NOT_FOUND', 5, null],
  ['ListIncidents', { pageSize: 5000 }, 400, 'INVALID_ARGUMENT', 3, 'pageSize'],
  ['ListIncidents', { pageToken: 'x' }, 400, 'INVALID_ARGUMENT', 3, 'pageToken'],
  ['ListIncidents', { history: true, pageToken: 'x' }, 400, 'INVALID_ARGUMENT', 3, 'pageToken'],
  ['DeclareGraph', { edges: [{ from: 'a', to: 'a' }] }, 400, 'INVALID_ARGUMENT', 3, 'edges.0.to'],
  ['PinCause', { id: 'inc-1', service: 'a', kind: 'gremlins' }, 400, 'INVALID_ARGUMENT', 3, 'kind'],
  ['GetEntity', { service: 'nobody' }, 404, 'NOT_FOUND', 5, null],
  ['GetWorkload', { namespace: 'shop', name: 'nobody' }, 404, 'NOT_FOUND', 5, null],
  ['AcceptDrift', { id: 'nothing', reason: 'x', until: '2026-04-01T00:00:00Z' }, 404, 'NOT_FOUND', 5, null],
  ['AcceptDrift', { id: 'd-1', reason: 'x' }, 400, 'INVALID_ARGUMENT', 3, 'until'],
  ['ListChanges', { pageToken: 'x' }, 400, 'INVALID_ARGUMENT', 3, 'pageToken'],
  ['ReplayDeadLetters', { ids: [] }, 400, 'INVALID_ARGUMENT', 3, 'ids'],
] as const)('%s %j is refused the same way by both', async (method, request, httpStatus, status, grpcCode, field) => {
  const operation = operationNamed(method);
  const response = await overHttp(harness, operation, request);
  expect(response.statusCode).toBe(httpStatus);
  expect(response.json()).toMatchObject(field === null ? { status } : { status, field });
  const error = await harness.grpc(`${operation.service}/${method}`, request).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: grpcCode, details: response.json().message });
});

it('OpenAPI has each operation, and each reference in it leads somewhere', async () => {
  const response = await harness.http.inject('/api/v1/openapi.json');
  const document = response.json();
  for (const { path, verb, method } of operations)
    expect(document.paths[`/api/v1${path}`][verb.toLowerCase()].operationId).toBe(method);
  for (const [, name] of response.body.matchAll(/#\/components\/schemas\/(\w+)/g))
    expect(document.components.schemas).toHaveProperty(name ?? '');
});

function operationNamed(method: string): Operation {
  const found = operations.find((operation) => operation.method === method);
  if (found === undefined) throw new Error(`no operation ${method}`);
  return found;
}

function overHttp({ http }: Harness, operation: Operation, request: Json) {
  const fields = new Map(Object.entries(request));
  const url = routeOf(operation)
    .replaceAll('::', ':')
    .replace(/\/:(\w+)/g, (_, name: string) => {
      const value = String(fields.get(name));
      fields.delete(name);
      return `/${value}`;
    });
  if (operation.verb === 'POST') return http.inject({ method: 'POST', url, payload: Object.fromEntries(fields) });
  return http.inject({ url, query: Object.fromEntries([...fields].map(([name, value]) => [name, String(value)])) });
}
