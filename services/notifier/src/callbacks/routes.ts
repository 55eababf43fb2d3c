/** `POST /callbacks/NAME`: where receivers report what people do. Each channel verifies its own signature. */
import type { Bus, OutgoingRecord } from '@faultline/bus';
import { type Command, codecs, correlationKey, type Incident } from '@faultline/model';
import type { Clock, Logger } from '@faultline/runtime';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { type ChannelConfig, definitionOf } from '../channels/list.ts';
import { type CallbackAnswer, type CallbackCommand, refusedCallback } from './callback.ts';
import { commandOf, needsIncident } from './commands.ts';
import type { IncidentReference } from './reference.ts';

export interface CallbackRoutesOptions {
  readonly bus: Pick<Bus, 'publish' | 'read' | 'partitionOf'>;
  readonly channels: readonly ChannelConfig[];
  readonly clock: Clock;
  readonly logger: Logger;
}

const maxBodyBytes = 1024 * 1024;

/** A plugin with one route. It answers success only when the log has the commands. */
export function callbackRoutes(options: CallbackRoutesOptions): FastifyPluginAsync {
  return async (server) => {
    server.removeAllContentTypeParsers();
    // The signature covers the very bytes.
    server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    server.get<{ Params: { name: string } }>('/callbacks/:name', (request, reply) => {
      const answer = receive(request.params.name, request, options, 'show');
      return reply.headers(pageHeaders).code(answer.status).type(answer.contentType).send(answer.body);
    });
    server.post<{ Params: { name: string } }>(
      '/callbacks/:name',
      { bodyLimit: maxBodyBytes },
      async (request, reply) => {
        const answer = receive(request.params.name, request, options, 'callback');
        await publish(answer.commands, request.params.name, options);
        return reply.code(answer.status).type(answer.contentType).send(answer.body);
      },
    );
  };
}

/** A page that asks for a confirmation loads nothing, and is in no frame. */
const pageHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

function receive(
  name: string,
  request: FastifyRequest,
  { channels, clock }: CallbackRoutesOptions,
  kind: 'callback' | 'show',
): CallbackAnswer {
  const config = channels.find((channel) => channel.name === name);
  const definition = config === undefined ? undefined : definitionOf(config.type);
  if (config === undefined || definition?.[kind] === undefined)
    return refusedCallback(404, 'no channel of this name has callbacks');
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const query = request.url.split('?').slice(1).join('?');
  return definition[kind](config, { headers: headersOf(request), body, query, nowMs: clock() });
}

/** A repeated header counts once: the first value. */
function headersOf({ headers }: FastifyRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, (Array.isArray(value) ? value[0] : value) ?? '']),
  );
}

/** Writes commands to the log. What no longer applies is logged and left out. */
export async function publish(
  callbacks: readonly CallbackCommand[],
  channel: string,
  options: CallbackRoutesOptions,
): Promise<void> {
  const records: OutgoingRecord[] = [];
  for (const callback of callbacks) {
    const incident = needsIncident(callback.action) ? await findIncident(callback.reference, options.bus) : null;
    const command = commandOf(callback, incident, options.clock());
    const fields = { channel, incident: callback.reference.incidentId, action: callback.action.kind };
    if (command === null) options.logger.warn('an act of a person changes nothing: the incident has moved on', fields);
    else records.push(recordOf(command, channel));
  }
  if (records.length > 0) await options.bus.publish(records);
}

function recordOf(command: Command, channel: string): OutgoingRecord {
  const headers = { source: `notifier/${channel}` };
  return { topic: 'commands', key: correlationKey(command.scope), value: codecs.command.encode(command), headers };
}

/** The latest revision in the log. It reads the partition from its beginning, which a person can wait for. */
async function findIncident(
  { tenant, incidentId }: IncidentReference,
  bus: CallbackRoutesOptions['bus'],
): Promise<Incident | null> {
  const partition = bus.partitionOf('incidents', correlationKey({ tenant }));
  let latest: Incident | null = null;
  for await (const { key, value } of bus.read({ topic: 'incidents', partition, from: 0n })) {
    if (key !== incidentId) continue;
    const decoded = value === null ? null : codecs.incident.decode(value);
    latest = decoded?.ok === true ? decoded.value : null;
  }
  return latest;
}
