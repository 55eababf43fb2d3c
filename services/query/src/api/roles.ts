import type { Role } from '@faultline/runtime';
import type { Operation } from './operation.ts';

/** What a token must be to ask for it. Viewers read, responders also work on incidents, administrators also change what is known of the system. */
type NeededRole = Exclude<Role, 'source'>;

/** The role for each operation, over gRPC and HTTP alike. */
const roles: Readonly<Record<string, NeededRole>> = {
  'IncidentService/ListIncidents': 'viewer',
  'IncidentService/GetIncident': 'viewer',
  'IncidentService/ListIncidentAlerts': 'viewer',
  'IncidentService/ListStageTimes': 'viewer',
  'IncidentService/ExplainAlert': 'viewer',
  'IncidentService/WatchIncidents': 'viewer',
  'IncidentService/Acknowledge': 'responder',
  'IncidentService/Resolve': 'responder',
  'IncidentService/Reopen': 'responder',
  'IncidentService/Split': 'responder',
  'IncidentService/Merge': 'responder',
  'IncidentService/PinCause': 'responder',
  'IncidentService/RejectCause': 'responder',
  'IncidentService/RestoreCause': 'responder',
  'IncidentService/AddNote': 'responder',
  'IncidentService/RecordRemediation': 'responder',
  'HygieneService/GetHygiene': 'viewer',
  'TopologyService/GetGraph': 'viewer',
  'TopologyService/ListEnvironments': 'viewer',
  'TopologyService/GetEntity': 'viewer',
  'TopologyService/DeclareGraph': 'admin',
  'WorkloadService/ListWorkloads': 'viewer',
  'WorkloadService/GetWorkload': 'viewer',
  'WorkloadService/ListDrift': 'viewer',
  'WorkloadService/AcceptDrift': 'responder',
  'WorkloadService/ListRightsizing': 'viewer',
  'WorkloadService/ListChanges': 'viewer',
  'LedgerService/GetLedger': 'viewer',
  // Dead letters hold what came in as it came: nobody knows what is in them.
  'LedgerService/ListDeadLetters': 'admin',
  'LedgerService/ReplayDeadLetters': 'admin',
};

/** The role of an operation. One that is not in the table is for administrators. */
export function roleOf({ service, method }: Pick<Operation, 'service' | 'method'>): NeededRole {
  return roles[`${service}/${method}`] ?? 'admin';
}

/** The operations that the table names, for the test that holds it against the list. */
export const namedOperations: readonly string[] = Object.keys(roles);
