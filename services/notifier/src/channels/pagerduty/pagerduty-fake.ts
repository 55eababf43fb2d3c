/**
 * A stub of PagerDuty over real HTTP: the Events API v2 and the parts of the REST API that a page uses. It refuses what PagerDuty's
 * documentation says that PagerDuty refuses.
 */
import { z } from 'zod';
import { type ReceivedRequest, type ReceiverAnswer, startReceiver } from '../../testing/receiver.ts';
import { parseObject, textField } from '../json-call.ts';

export const fakeRoutingKey = '0123456789abcdef0123456789abcdef';
export const fakeApiToken = 'u+token-7c1e';

const eventSchema = z
  .strictObject({
    routing_key: z.string().length(32),
    event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
    dedup_key: z.string().min(1).max(255).optional(),
    client: z.string().optional(),
    client_url: z.url().optional(),
    links: z.array(z.strictObject({ href: z.url(), text: z.string().optional() })).optional(),
    images: z.array(z.strictObject({ src: z.url({ protocol: /^https$/ }), href: z.url(), alt: z.string() })).optional(),
    payload: z
      .strictObject({
        summary: z.string().min(1).max(1024),
        source: z.string().min(1),
        severity: z.enum(['critical', 'error', 'warning', 'info']),
        timestamp: z.iso.datetime({ offset: true }).optional(),
        component: z.string().optional(),
        group: z.string().optional(),
        class: z.string().optional(),
        custom_details: z.record(z.string(), z.unknown()).optional(),
      })
      .optional(),
  })
  .refine(({ event_action, payload }) => event_action !== 'trigger' || payload !== undefined, 'payload is missing')
  .refine(({ event_action, dedup_key }) => event_action === 'trigger' || dedup_key !== undefined, 'no dedup_key');

export interface FakeIncident {
  readonly id: string;
  readonly incident_key: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  title: string;
  /** Events of the key, in order. */
  readonly log: Readonly<Record<string, unknown>>[];
  readonly notes: string[];
  readonly fields: Record<string, unknown>;
}

export interface PagerdutyFake {
  readonly url: string;
  readonly incidents: FakeIncident[];
  /** `POST /v2/enqueue` and so on, in order. */
  readonly calls: string[];
  /** Answers to the next calls that begin with this text. `after`: PagerDuty acts first, as when its answer is lost. */
  readonly failures: { call: string; answer: ReceiverAnswer; after?: boolean }[];
  /** Opens an incident as another tool would. */
  open(key: string): FakeIncident;
  close(): Promise<void>;
}

export async function startPagerdutyFake(): Promise<PagerdutyFake> {
  const incidents: FakeIncident[] = [];
  const calls: string[] = [];
  const failures: PagerdutyFake['failures'] = [];
  const open = (key: string, title = 'opened by another tool'): FakeIncident => {
    const id = `P${String(incidents.length).padStart(6, '0')}`;
    const opened: FakeIncident = { id, incident_key: key, status: 'triggered', title, log: [], notes: [], fields: {} };
    incidents.push(opened);
    return opened;
  };
  const receiver = await startReceiver((request) => {
    const call = `${request.method} ${request.path.split('?', 1)[0]}`;
    calls.push(call);
    const failure = failures[0] !== undefined && call.startsWith(failures[0].call) ? failures.shift() : undefined;
    if (failure !== undefined && failure.after !== true) return failure.answer;
    const own = call === 'POST /v2/enqueue' ? takeEvent(request, incidents, open) : takeRest(request, incidents);
    return failure?.answer ?? own;
  });
  return { url: receiver.url, incidents, calls, failures, open, close: () => receiver.close() };
}

function json(status: number, value: object): ReceiverAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function takeEvent(
  { body }: ReceivedRequest,
  incidents: readonly FakeIncident[],
  open: (key: string, title: string) => FakeIncident,
): ReceiverAnswer {
  if (Buffer.byteLength(body) > 512 * 1024) return json(413, { status: 'event too large' });
  const parsed = eventSchema.safeParse(parseObject(body));
  if (!parsed.success)
    return json(400, { status: 'invalid event', message: 'Event object is invalid', errors: [parsed.error.message] });
  const { event_action: action, dedup_key: key = 'generated', payload } = parsed.data;
  const current = incidents.find(({ incident_key, status }) => incident_key === key && status !== 'resolved');
  const target = action === 'trigger' ? (current ?? open(key, payload?.summary ?? '')) : current;
  target?.log.push(parsed.data);
  if (target !== undefined && action === 'acknowledge') target.status = 'acknowledged';
  if (target !== undefined && action === 'resolve') target.status = 'resolved';
  return json(202, { status: 'success', message: 'Event processed', dedup_key: key });
}

function takeRest(
  { method, path, headers, body }: ReceivedRequest,
  incidents: readonly FakeIncident[],
): ReceiverAnswer {
  if (headers.authorization !== `Token token=${fakeApiToken}`) return json(401, { error: { code: 2006 } });
  if (!(headers.accept ?? '').includes('application/vnd.pagerduty+json;version=2')) return json(406, {});
  const url = new URL(path, 'http://fake');
  const [, collection, id, part] = url.pathname.split('/');
  if (collection !== 'incidents') return json(404, {});
  if (id === undefined) {
    const statuses = url.searchParams.getAll('statuses[]');
    const key = url.searchParams.get('incident_key');
    return json(200, {
      incidents: incidents.filter((one) => one.incident_key === key && statuses.includes(one.status)),
      limit: 25,
      offset: 0,
      more: false,
    });
  }
  const found = incidents.find((one) => one.id === id);
  if (found === undefined) return json(404, { error: { code: 2100, message: 'Not Found' } });
  if (method === 'GET' && part === 'notes') return json(200, { notes: found.notes.map((content) => ({ content })) });
  if (headers['from'] === undefined) return json(400, { error: { code: 1008, errors: ['From header is required'] } });
  return change(found, `${method} ${part ?? ''}`, parseObject(body));
}

function change(found: FakeIncident, action: string, body: Readonly<Record<string, unknown>>): ReceiverAnswer {
  switch (action) {
    case 'POST notes': {
      const content = textField(body['note'], 'content');
      if (content === '') return json(400, { error: { code: 2001, errors: ['Content cannot be empty.'] } });
      found.notes.push(content);
      return json(200, { note: { content } });
    }
    case 'PUT custom_fields': {
      const fields = z.strictObject({
        custom_fields: z.array(z.strictObject({ name: z.string(), value: z.string().nullable() })),
      });
      for (const { name, value } of fields.parse(body).custom_fields) found.fields[name] = value;
      return json(200, {});
    }
    case 'PUT ': {
      const incident = z.strictObject({
        id: z.string(),
        type: z.literal('incident_reference'),
        title: z.string().max(255),
      });
      found.title = z.strictObject({ incident }).parse(body).incident.title;
      return json(200, { incident: found });
    }
    default:
      return json(404, {});
  }
}
