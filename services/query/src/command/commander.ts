/** Commands: published to the log, decided by the correlator, answered when a revision carries their outcome. */
import type { Bus } from '@faultline/bus';
import { type Command, type CommandAction, codecs, contentId, correlationKey, type Incident } from '@faultline/model';
import type { Clock, SpanBegin, TraceHeaders, Tracer } from '@faultline/runtime';
import { actorOf, type Call } from '../api/call.ts';
import { notFound } from '../errors.ts';
import { incidentJson } from '../incident/json.ts';
import type { CommandOutcome, IncidentReadModel } from '../incident/read-model.ts';
import type { CommandRequest } from '../incident/requests.ts';
import { refusalError } from './refusal.ts';

export interface CommanderOptions {
  readonly bus: Bus;
  readonly readModel: IncidentReadModel;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly tracer: Tracer;
}

/** Creates the handler of one kind of command. `actionOf` turns its request into the action. */
export function createCommander(options: CommanderOptions) {
  const { readModel, clock } = options;
  return <Request extends CommandRequest>(actionOf: (request: Request) => CommandAction) =>
    async (request: Request, call: Call) => {
      readModel.requireReady();
      const incident = find(readModel, call.tenant, request.id);
      const action = actionOf(request);
      if (action.kind === 'merge') find(readModel, call.tenant, action.otherIncidentId);
      const command = buildCommand({ incident, request, action, actor: actorOf(call, request.actor), atMs: clock() });
      const known = readModel.outcome(incident.id, command.id);
      if (known !== null) return answer(command, known, incident);
      const outcome = await options.tracer.run(
        () => commandSpan(command),
        async (span) => {
          const decided = await publishAndWait(options, command, { headers: span.headers, signal: call.signal });
          span.set({ 'faultline.command.result': decided?.result ?? 'accepted' });
          return decided;
        },
      );
      return answer(command, outcome, readModel.get(call.tenant, incident.id) ?? incident);
    };
}

/** Covers the time from publishing to the outcome. */
function commandSpan({ action, incidentId }: Command): SpanBegin {
  const attributes = { 'faultline.command': action.kind, 'faultline.incident.id': incidentId };
  return { name: `command ${action.kind}`, kind: 'server', attributes };
}

async function publishAndWait(
  { bus, readModel, timeoutMs }: CommanderOptions,
  command: Command,
  { headers, signal }: { readonly headers: TraceHeaders; readonly signal: AbortSignal },
): Promise<CommandOutcome | null> {
  const outcome = waitForOutcome({ readModel, command, timeoutMs, signal });
  try {
    const record = {
      topic: 'commands',
      key: correlationKey(command.scope),
      value: codecs.command.encode(command),
    } as const;
    await bus.publish([{ ...record, headers: { source: 'query', ...headers } }]);
  } catch (error) {
    outcome.cancel();
    throw error;
  }
  return outcome.promise;
}

function find(readModel: IncidentReadModel, tenant: string, id: string): Incident {
  const incident = readModel.get(tenant, id);
  if (incident === null) throw notFound(`no open or recently resolved incident ${id}`);
  return incident;
}

interface CommandParts {
  readonly incident: Incident;
  readonly request: CommandRequest;
  readonly action: CommandAction;
  readonly actor: string;
  readonly atMs: number;
}

/**
 * The command for the log. Without a key from the caller its id comes from its content and the incident's revision. Two clicks on one
 * button are then one command, and the same action on a later revision is another one.
 */
export function buildCommand({ incident, request, action, actor, atMs }: CommandParts): Command {
  const expectedRevision = request.expectedRevision ?? null;
  const content = JSON.stringify([action, expectedRevision ?? incident.revision, actor]);
  const id = request.idempotencyKey || contentId('command', correlationKey(incident.scope), incident.id, content);
  return { id, scope: incident.scope, incidentId: incident.id, expectedRevision, actor, atMs, action };
}

function answer(command: Command, outcome: CommandOutcome | null, latest: Incident) {
  if (outcome === null) return { commandId: command.id, state: 'accepted', incident: incidentJson(latest) };
  if (outcome.result === 'refused') throw refusalError(outcome, command.action.kind);
  return { commandId: command.id, state: 'done', incident: incidentJson(outcome.incident) };
}

interface Wait {
  readonly readModel: IncidentReadModel;
  readonly command: Command;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Listens from now on, so that no outcome between publishing and waiting is missed. Resolves with null after `timeoutMs`. */
function waitForOutcome({ readModel, command, timeoutMs, signal }: Wait) {
  const { promise, resolve } = Promise.withResolvers<CommandOutcome | null>();
  const cancel = () => resolve(null);
  const timer = setTimeout(cancel, timeoutMs);
  const unlisten = readModel.onChange(() => {
    const outcome = readModel.outcome(command.incidentId, command.id);
    if (outcome !== null) resolve(outcome);
  });
  signal.addEventListener('abort', cancel, { once: true });
  const settled = promise.finally(() => {
    clearTimeout(timer);
    unlisten();
    signal.removeEventListener('abort', cancel);
  });
  return { promise: settled, cancel };
}
