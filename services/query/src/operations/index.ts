/** The table of the API. gRPC, HTTP and the OpenAPI document are built from it. */
import type { Operation } from '../api/operation.ts';
import { type CommandHandlers, commandOperations } from './commands.ts';
import { type HygieneHandlers, hygieneOperations } from './hygiene.ts';
import { type IncidentHandlers, incidentOperations } from './incidents.ts';
import { type LedgerHandlers, ledgerOperations } from './ledger.ts';
import { type TopologyHandlers, topologyOperations } from './topology.ts';
import { type WorkloadHandlers, workloadOperations } from './workloads.ts';

export interface Handlers
  extends IncidentHandlers,
    CommandHandlers,
    TopologyHandlers,
    LedgerHandlers,
    WorkloadHandlers,
    HygieneHandlers {}

/** Every operation of the API. */
export function createOperations(handlers: Handlers): readonly Operation[] {
  return [
    ...incidentOperations(handlers),
    ...commandOperations(handlers),
    ...topologyOperations(handlers),
    ...ledgerOperations(handlers),
    ...workloadOperations(handlers),
    ...hygieneOperations(handlers),
  ];
}
