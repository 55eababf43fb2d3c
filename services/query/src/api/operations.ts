/** The table of the API: every operation with its gRPC name, its HTTP place, its request and its handler. Both servers and OpenAPI read it. */
import type { createCommander } from '../command/commander.ts';
import { unavailable, unimplemented } from '../errors.ts';
import type { createIncidentReader } from '../incident/read.ts';
import * as incident from '../incident/requests.ts';
import type { createWatcher } from '../incident/watch.ts';
import type { createDeadLetterList } from '../ledger/dead-letters.ts';
import type { createPendingCounter } from '../ledger/pending.ts';
import * as ledger from '../ledger/requests.ts';
import type { LedgerBook } from '../ledger/totals.ts';
import * as topology from '../topology/requests.ts';
import type { createTopology } from '../topology/topology.ts';
import { type Operation, stream, unary } from './operation.ts';

export interface Handlers {
  readonly reader: ReturnType<typeof createIncidentReader>;
  readonly watch: ReturnType<typeof createWatcher>;
  readonly command: ReturnType<typeof createCommander>;
  readonly topology: ReturnType<typeof createTopology>;
  readonly ledger: LedgerBook;
  readonly pending: ReturnType<typeof createPendingCounter>;
  readonly deadLetters: ReturnType<typeof createDeadLetterList>;
}

/** Every operation there is. */
export function createOperations(handlers: Handlers): readonly Operation[] {
  return [...reads(handlers), ...commands(handlers), ...topologyOperations(handlers), ...ledgerOperations(handlers)];
}

function reads({ reader, watch }: Handlers): readonly Operation[] {
  return [
    unary({
      rpc: 'IncidentService/ListIncidents',
      http: 'GET /incidents',
      summary: 'Incidents, newest first.',
      request: incident.listIncidentsRequest,
      handle: reader.list,
    }),
    unary({
      rpc: 'IncidentService/GetIncident',
      http: 'GET /incidents/{id}',
      summary: 'One incident with its first 100 alerts.',
      request: incident.getIncidentRequest,
      handle: reader.get,
    }),
    unary({
      rpc: 'IncidentService/ListIncidentAlerts',
      http: 'GET /incidents/{id}/alerts',
      summary: 'Every alert of an incident, by start.',
      request: incident.listIncidentAlertsRequest,
      handle: reader.listAlerts,
    }),
    stream({
      rpc: 'IncidentService/WatchIncidents',
      http: 'GET /incidents:watch',
      summary: 'What stands now, then each revision as it comes (server-sent events over HTTP).',
      request: incident.watchIncidentsRequest,
      handle: watch,
    }),
  ];
}

function commands({ command }: Handlers): readonly Operation[] {
  return [
    unary({
      rpc: 'IncidentService/Acknowledge',
      http: 'POST /incidents/{id}/acknowledge',
      summary: 'Somebody is on it.',
      request: incident.commandRequest,
      handle: command(() => ({ kind: 'acknowledge' })),
    }),
    unary({
      rpc: 'IncidentService/Resolve',
      http: 'POST /incidents/{id}/resolve',
      summary: 'It is over, and this fixed it.',
      request: incident.resolveRequest,
      handle: command(({ resolution }: { resolution: string } & incident.CommandRequest) => ({
        kind: 'resolve',
        resolution,
      })),
    }),
    unary({
      rpc: 'IncidentService/Reopen',
      http: 'POST /incidents/{id}/reopen',
      summary: 'It is not over.',
      request: incident.commandRequest,
      handle: command(() => ({ kind: 'reopen' })),
    }),
    unary({
      rpc: 'IncidentService/Split',
      http: 'POST /incidents/{id}/split',
      summary: 'These alerts are another incident.',
      request: incident.splitRequest,
      handle: command(({ alertFingerprints }: { alertFingerprints: string[] } & incident.CommandRequest) => ({
        kind: 'split',
        alertFingerprints,
      })),
    }),
    unary({
      rpc: 'IncidentService/Merge',
      http: 'POST /incidents/{id}/merge',
      summary: 'The other incident is this one.',
      request: incident.mergeRequest,
      handle: command(({ otherIncidentId }: { otherIncidentId: string } & incident.CommandRequest) => ({
        kind: 'merge',
        otherIncidentId,
      })),
    }),
    unary({
      rpc: 'IncidentService/PinCause',
      http: 'POST /incidents/{id}/pin-cause',
      summary: 'This is the cause.',
      request: incident.pinCauseRequest,
      handle: command(({ service, kind }: { service: string; kind: string } & incident.CommandRequest) => ({
        kind: 'pin-cause',
        service,
        causeKind: kind,
      })),
    }),
    unary({
      rpc: 'IncidentService/AddNote',
      http: 'POST /incidents/{id}/notes',
      summary: 'A line for the timeline.',
      request: incident.addNoteRequest,
      handle: command(({ text }: { text: string } & incident.CommandRequest) => ({ kind: 'note', text })),
    }),
  ];
}

function topologyOperations({ topology: handlers }: Handlers): readonly Operation[] {
  return [
    unary({
      rpc: 'TopologyService/GetGraph',
      http: 'GET /graph',
      summary: 'Who calls whom, over a time range.',
      request: topology.getGraphRequest,
      handle: handlers.graph,
    }),
    unary({
      rpc: 'TopologyService/GetEntity',
      http: 'GET /entities/{service}',
      summary: "A service's health.",
      request: topology.getEntityRequest,
      handle: handlers.entity,
    }),
    unary({
      rpc: 'TopologyService/DeclareGraph',
      http: 'POST /graph',
      summary: 'Declares edges that telemetry does not show.',
      request: topology.declareGraphRequest,
      handle: handlers.declare,
    }),
  ];
}

function ledgerOperations({ ledger: book, pending, deadLetters }: Handlers): readonly Operation[] {
  return [
    unary({
      rpc: 'LedgerService/GetLedger',
      http: 'GET /ledger',
      summary: 'Where every accepted item went.',
      request: ledger.getLedgerRequest,
      handle: async () => {
        if (!book.ready) throw unavailable('still reading the ledger; try again in a moment');
        return { sources: book.rows(await pending()) };
      },
    }),
    unary({
      rpc: 'LedgerService/ListDeadLetters',
      http: 'GET /dead-letters',
      summary: 'What was refused, newest first.',
      request: ledger.listDeadLettersRequest,
      handle: deadLetters,
    }),
    unary({
      rpc: 'LedgerService/ReplayDeadLetters',
      http: 'POST /dead-letters/replay',
      summary: 'Not offered yet: send the payload again to the source that it came to.',
      request: ledger.replayDeadLettersRequest,
      handle: async () => {
        throw unimplemented('replay is not offered yet; list the dead letter and send its payload again to its source');
      },
    }),
  ];
}
