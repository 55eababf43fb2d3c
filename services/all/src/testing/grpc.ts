/** A gRPC client of the query API built from the .proto files alone, like a client of somebody else. */
import { join } from 'node:path';
import { credentials, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const protos = join(import.meta.dirname, '../../../../protos');
const files = ['faultline/v1/incident.proto', 'faultline/v1/workload.proto'];

/** Calls `Service/Method`. Rejects with the error of the status. */
export async function callGrpc(address: string, rpc: string, request: object): Promise<unknown> {
  const [service = '', method = ''] = rpc.split('/');
  const loaded = loadPackageDefinition(loadSync(files, { includeDirs: [protos] }));
  const services = (loaded['faultline'] as unknown as { v1: Record<string, ServiceClientConstructor> }).v1;
  const Client = services[service];
  if (Client === undefined) throw new Error(`no service ${service}`);
  const client = new Client(address, credentials.createInsecure());
  try {
    return await new Promise((resolve, reject) => {
      const call = client[method]?.bind(client);
      call?.(request, (error: Error | null, answer: unknown) => (error === null ? resolve(answer) : reject(error)));
    });
  } finally {
    client.close();
  }
}
