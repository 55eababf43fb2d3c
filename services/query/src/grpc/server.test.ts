import { silentLogger } from '@faultline/runtime';
import { Client, credentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadContract } from '../api/proto.ts';
import { queryConfig } from '../config.ts';
import { type Harness, openToAll, startHarness } from '../testing/harness.ts';
import { startGrpcServer } from './server.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

it('answers health for each service', async () => {
  const method = (loadSync(healthProto)['grpc.health.v1.Health'] as never)['Check'] as HealthMethod;
  const client = new Client(`127.0.0.1:${harness.grpcPort}`, credentials.createInsecure());
  const answer = await new Promise((resolve, reject) => {
    const request = { service: 'faultline.v1.IncidentService' };
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      (error, reply) => (error === null ? resolve(reply) : reject(error)),
    );
  });
  client.close();
  expect(answer).toMatchObject({ status: 1 });
});

it('a port in use is told with what to do', async () => {
  const address = { section: 'query', host: '127.0.0.1', port: harness.grpcPort };
  const options = {
    address,
    operations: [],
    tls: null,
    contract: loadContract(),
    authenticator: openToAll,
    logger: silentLogger,
  };
  await expect(startGrpcServer(options)).rejects.toMatchObject({ code: 'RUNTIME_ADDRESS_IN_USE' });
});

it('an address that others can reach is refused without tokens', async () => {
  const address = { section: 'query', host: '0.0.0.0', port: 0 };
  const options = {
    address,
    operations: [],
    tls: null,
    contract: loadContract(),
    authenticator: openToAll,
    logger: silentLogger,
  };
  await expect(startGrpcServer(options)).rejects.toMatchObject({ code: 'RUNTIME_OPEN_ADDRESS' });
});

it('every setting has a default', () => {
  expect(queryConfig.parse({})).toMatchObject({ host: '127.0.0.1', port: 50051, commandTimeoutMs: 5000 });
});

interface HealthMethod {
  readonly path: string;
  requestSerialize(request: object): Buffer;
  responseDeserialize(bytes: Buffer): object;
}
