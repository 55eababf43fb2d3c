import type { Call } from '../api/call.ts';
import { type Json, type Operation, unary } from '../api/operation.ts';
import * as requests from '../workload/requests.ts';

type Handle<Request> = (request: Request, call: Call) => Promise<Json>;

export interface WorkloadHandlers {
  readonly workloads: {
    readonly list: Handle<requests.ListWorkloadsRequest>;
    readonly get: Handle<requests.GetWorkloadRequest>;
    readonly changes: Handle<requests.ListChangesRequest>;
    readonly drift: Handle<requests.ListDriftRequest>;
    readonly acceptDrift: Handle<requests.AcceptDriftRequest>;
    readonly rightsizing: Handle<requests.ListRightsizingRequest>;
  };
}

export function workloadOperations({ workloads }: WorkloadHandlers): readonly Operation[] {
  return [
    unary({
      rpc: 'WorkloadService/ListWorkloads',
      http: 'GET /workloads',
      summary: 'List the workloads of the watched clusters: those with faults first.',
      request: requests.listWorkloadsRequest,
      handle: workloads.list,
    }),
    unary({
      rpc: 'WorkloadService/GetWorkload',
      http: 'GET /workloads/{namespace}/{name}',
      summary: 'Get one workload: health now, rollouts, what is wrong and since when, drift, requests against use.',
      request: requests.getWorkloadRequest,
      handle: workloads.get,
    }),
    unary({
      rpc: 'WorkloadService/ListChanges',
      http: 'GET /changes',
      summary: 'List changes of every source, newest first.',
      request: requests.listChangesRequest,
      handle: workloads.changes,
    }),
    unary({
      rpc: 'WorkloadService/ListDrift',
      http: 'GET /drift',
      summary: 'List differences from other clusters, from the declared state and from the past. Highest risk first.',
      request: requests.listDriftRequest,
      handle: workloads.drift,
    }),
    unary({
      rpc: 'WorkloadService/AcceptDrift',
      http: 'POST /drift/{id}/accept',
      summary: 'Accept a difference until a date.',
      request: requests.acceptDriftRequest,
      handle: workloads.acceptDrift,
    }),
    unary({
      rpc: 'WorkloadService/ListRightsizing',
      http: 'GET /rightsizing',
      summary: 'List requests and limits of containers against their use, with a recommendation.',
      request: requests.listRightsizingRequest,
      handle: workloads.rightsizing,
    }),
  ];
}
