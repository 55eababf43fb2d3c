import { type Operation, unary } from '../api/operation.ts';
import * as requests from '../topology/requests.ts';
import type { createTopology } from '../topology/topology.ts';

export interface TopologyHandlers {
  readonly topology: ReturnType<typeof createTopology>;
}

export function topologyOperations({ topology }: TopologyHandlers): readonly Operation[] {
  return [
    unary({
      rpc: 'TopologyService/GetGraph',
      http: 'GET /graph',
      summary: 'Get the dependency graph over a time range.',
      request: requests.getGraphRequest,
      handle: topology.graph,
    }),
    unary({
      rpc: 'TopologyService/ListEnvironments',
      http: 'GET /environments',
      summary: 'List the environments that send telemetry.',
      request: requests.listEnvironmentsRequest,
      handle: topology.environments,
    }),
    unary({
      rpc: 'TopologyService/GetEntity',
      http: 'GET /entities/{service}',
      summary: 'Get the health of a service over a time range.',
      request: requests.getEntityRequest,
      handle: topology.entity,
    }),
    unary({
      rpc: 'TopologyService/DeclareGraph',
      http: 'POST /graph',
      summary: 'Declare dependencies that telemetry does not show.',
      request: requests.declareGraphRequest,
      handle: topology.declare,
    }),
  ];
}
