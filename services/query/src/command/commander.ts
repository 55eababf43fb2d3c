/** Commands: written to the log, decided by the correlator, answered when a revision tells how they ended. */
import type { Bus } from '@faultline/bus';
import { type Command, type CommandAction, codecs, contentId, type Incident, scopeKey } from '@faultline/model';
import type { Clock, SpanBegin, TraceHeaders, Tracer } from '@faultline/runtime';
import type { Call } from '../api/call.ts';
import { notFound } from '../errors.ts';
import type { CommandOutcome, IncidentBook } from '../incident/book.ts';
import { incidentJson } from '../incident/json.ts';
import type { CommandRequest } from '../incident/requests.ts';
import { refusalError } from './refusal.ts';

export interface CommanderOptions {
  readonly bus: Bus;
  readonly book: IncidentBook;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly tracer: Tracer;
}

/** Gives the handler of one kind of command: what it asks of the incident is in `actionOf`. */
export function createCommander(options: CommanderOptions) {
  const { book, clock } = options;
  return <Request extends CommandRequest>(actionOf: (request: Request) => CommandAction) =>
    async (request: Request, call: Call) => {
      book.requireReady();
      const incident = find(book, call.tenant, request.id);
      const action = actionOf(request);
      if (action.kind === 'merge') find(book, call.tenant, action.otherIncidentId);
      const command = buildCommand({ incident, request, action, actor: request.actor || call.actor, atMs: clock() });
      const known = book.outcome(incident.id, command.id);
      if (known !== null) return answer(command, known, incident);
      const outcome = await options.tracer.run(
        () => commandSpan(command),
        async (span) => {
          const decided = await publishAndWait(options, command, { headers: span.headers, signal: call.signal });
          span.set({ 'faultline.command.result': decided?.result ?? 'accepted' });
          return decided;
        },
      );
      return answer(command, outcome, book.get(call.tenant, incident.id) ?? incident);
    };
}

/** From the log taking it to its outcome being seen. */
function commandSpan({ action, incidentId }: Command): SpanBegin {
  const attributes = { 'faultline.command': action.kind, 'faultline.incident.id': incidentId };
  return { name: `command ${action.kind}`, kind: 'server', attributes };
}

async function publishAndWait(
  { bus, book, timeoutMs }: CommanderOptions,
  command: Command,
  { headers, signal }: { readonly headers: TraceHeaders; readonly signal: AbortSignal },
): Promise<CommandOutcome | null> {
  const outcome = waitForOutcome({ book, command, timeoutMs, signal });
  try {
    const record = { topic: 'commands', key: scopeKey(command.scope), value: codecs.command.encode(command) } as const;
    await bus.publish([{ ...record, headers: { source: 'query', ...headers } }]);
  } catch (error) {
    outcome.cancel();
    throw error;
  }
  return outcome.promise;
}

function find(book: IncidentBook, tenant: string, id: string): Incident {
  const incident = book.get(tenant, id);
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
 * The command as it goes to the log. Without a key from the caller its id is made from what it says and the revision it is said of: two
 * clicks on one button are one command, and the same act after the incident has moved on is another.
 */
export function buildCommand({ incident, request, action, actor, atMs }: CommandParts): Command {
  const expectedRevision = request.expectedRevision ?? null;
  const said = JSON.stringify([action, expectedRevision ?? incident.revision, actor]);
  const id = request.idempotencyKey || contentId('command', scopeKey(incident.scope), incident.id, said);
  return { id, scope: incident.scope, incidentId: incident.id, expectedRevision, actor, atMs, action };
}

function answer(command: Command, outcome: CommandOutcome | null, latest: Incident) {
  if (outcome === null) return { commandId: command.id, state: 'accepted', incident: incidentJson(latest) };
  if (outcome.result === 'refused') throw refusalError(outcome, command.action.kind);
  return { commandId: command.id, state: 'done', incident: incidentJson(outcome.incident) };
}

interface Wait {
  readonly book: IncidentBook;
  readonly command: Command;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Listens from now on, so that nothing is missed between publishing and waiting. Gives null after `timeoutMs`. */
function waitForOutcome({ book, command, timeoutMs, signal }: Wait) {
  const { promise, resolve } = Promise.withResolvers<CommandOutcome | null>();
  const cancel = () => resolve(null);
  const timer = setTimeout(cancel, timeoutMs);
  const unlisten = book.onChange(() => {
    const outcome = book.outcome(command.incidentId, command.id);
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
