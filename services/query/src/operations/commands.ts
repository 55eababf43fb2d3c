import { type Operation, unary } from '../api/operation.ts';
import type { createCommander } from '../command/commander.ts';
import * as incident from '../incident/requests.ts';

export interface CommandHandlers {
  readonly command: ReturnType<typeof createCommander>;
}

export function commandOperations({ command }: CommandHandlers): readonly Operation[] {
  return [
    unary({
      rpc: 'IncidentService/Acknowledge',
      http: 'POST /incidents/{id}/acknowledge',
      summary: 'Acknowledge an incident: somebody works on it.',
      request: incident.commandRequest,
      handle: command(() => ({ kind: 'acknowledge' })),
    }),
    unary({
      rpc: 'IncidentService/Resolve',
      http: 'POST /incidents/{id}/resolve',
      summary: 'Resolve an incident and say what fixed it.',
      request: incident.resolveRequest,
      handle: command(({ resolution }: incident.ResolveRequest) => ({ kind: 'resolve', resolution })),
    }),
    unary({
      rpc: 'IncidentService/Reopen',
      http: 'POST /incidents/{id}/reopen',
      summary: 'Reopen a resolved incident.',
      request: incident.commandRequest,
      handle: command(() => ({ kind: 'reopen' })),
    }),
    unary({
      rpc: 'IncidentService/Split',
      http: 'POST /incidents/{id}/split',
      summary: 'Move alerts into an incident of their own.',
      request: incident.splitRequest,
      handle: command(({ alertFingerprints }: incident.SplitRequest) => ({ kind: 'split', alertFingerprints })),
    }),
    unary({
      rpc: 'IncidentService/Merge',
      http: 'POST /incidents/{id}/merge',
      summary: 'Merge another incident into this one.',
      request: incident.mergeRequest,
      handle: command(({ otherIncidentId }: incident.MergeRequest) => ({ kind: 'merge', otherIncidentId })),
    }),
    unary({
      rpc: 'IncidentService/PinCause',
      http: 'POST /incidents/{id}/pin-cause',
      summary: 'Pin the cause. The pinned cause outranks the evidence.',
      request: incident.pinCauseRequest,
      handle: command(({ service, kind }: incident.PinCauseRequest) => ({
        kind: 'pin-cause',
        service,
        causeKind: kind,
      })),
    }),
    unary({
      rpc: 'IncidentService/RejectCause',
      http: 'POST /incidents/{id}/reject-cause',
      summary: 'Not this cause: the next hypothesis ranks first, or the verdict is inconclusive.',
      request: incident.causeRequest,
      handle: command(({ service }: incident.CauseRequest) => ({ kind: 'reject-cause', service })),
    }),
    unary({
      rpc: 'IncidentService/RestoreCause',
      http: 'POST /incidents/{id}/restore-cause',
      summary: 'Take the rejection of a cause back.',
      request: incident.causeRequest,
      handle: command(({ service }: incident.CauseRequest) => ({ kind: 'restore-cause', service })),
    }),
    unary({
      rpc: 'IncidentService/RecordRemediation',
      http: 'POST /incidents/{id}/remediations',
      summary: 'Say what was done, and whether it helped. Pages of similar incidents show it.',
      request: incident.recordRemediationRequest,
      handle: command(({ kind, target, worked }: incident.RecordRemediationRequest) => ({
        kind: 'record-remediation',
        remediation: kind,
        target,
        worked,
      })),
    }),
    unary({
      rpc: 'IncidentService/AddNote',
      http: 'POST /incidents/{id}/notes',
      summary: 'Add a note to the timeline.',
      request: incident.addNoteRequest,
      handle: command(({ text }: incident.AddNoteRequest) => ({ kind: 'note', text })),
    }),
  ];
}
