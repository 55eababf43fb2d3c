/** The route of a source whose body a mapping reads. */
import { type ParsedJson, parseJson } from '../json.ts';
import {
  type Decoded,
  defineRoute,
  jsonReply,
  type Outcome,
  type Prepared,
  type Problem,
  type Route,
  refuse,
  type SourceContext,
  type SourceRequest,
} from '../source.ts';
import { type MappedItem, readMapped } from './mapped.ts';
import { recordsOfMapped } from './mapped-records.ts';
import { checkRequired, type RequiredParts } from './required.ts';

export interface MappingRouteOptions
  extends Pick<Route, 'signature' | 'tokenPlaces'>,
    Partial<Pick<Route, 'replyAccepted'>> {
  readonly source: string;
  readonly path: string;
  /** JSONata. */
  readonly expression: string;
  readonly signal: 'alerts' | 'changes';
  /** Whether bodies are stored with their items and with refusals. Default: true. False where they may hold secrets. */
  readonly keepsBody?: boolean;
  /** What a body must have. Default: nothing. */
  readonly required?: RequiredParts;
}

export function mappingRoute(options: MappingRouteOptions): Route {
  const { source, expression: _expression, required: _required, ...rest } = options;
  return defineRoute<readonly MappedItem[]>({
    replyAccepted,
    ...rest,
    limit: 'alert',
    prepare: (request, context) => prepare(request, context, options),
    decode,
    normalise: (items, request, context) => recordsOfMapped(items, { source, request, context }),
  });
}

async function prepare(
  request: SourceRequest,
  context: SourceContext,
  { expression, signal, keepsBody = true, required = {} }: MappingRouteOptions,
): Promise<Prepared> {
  // Many tools send JSON as text or as a form, so only what is certainly something else is refused.
  if (/^(image|video|audio|multipart)\//.test(request.contentType))
    return refuse(415, 'INGEST_CONTENT_TYPE', 'Content-Type: expected application/json');
  const json = bodyJson(request, context);
  if (!json.ok) return json;
  const { headers, parameters = {}, tenant } = request;
  const checked = checkRequired(required, { headers, body: json.value });
  if (!checked.ok) return refuse(400, checked.problem.code, checked.problem.reason);
  // Without the byte order mark, which the parser has accepted.
  const body = JSON.stringify(json.value);
  const evaluated = await context.mappings.evaluate({
    expression,
    body,
    headers: plainHeaders(headers),
    parameters,
    tenant,
    signal,
  });
  if (!evaluated.ok)
    return refuse(evaluated.code === 'INGEST_OVERLOADED' ? 503 : 400, evaluated.code, evaluated.reason);
  const { value } = evaluated;
  // What a mapping takes out of the body stands in for it.
  const kept = keepsBody ? body : (JSON.stringify(value) ?? 'null');
  return { ok: true, request: { ...request, bytes: Buffer.from(kept), mapped: value } };
}

/** The body as a value. A form becomes an object; some tools put their JSON into its field `payload`. */
function bodyJson({ bytes, contentType }: SourceRequest, { config }: SourceContext): ParsedJson {
  if (contentType !== 'application/x-www-form-urlencoded' || /^\s*[{[]/.test(bytes.toString('latin1', 0, 100)))
    return parseJson(bytes.length === 0 ? emptyObject : bytes, config.limits);
  const form = new URLSearchParams(bytes.toString());
  const payload = form.get('payload');
  if (payload !== null) return parseJson(Buffer.from(payload), config.limits);
  return { ok: true, value: Object.fromEntries([...form].slice(0, config.limits.labels)) };
}

/** Some requests say everything in their address. */
const emptyObject = Buffer.from('{}');

/** Credentials are no business of a mapping, and what it returns is stored. */
function plainHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/authorization|cookie|token|secret|api-?key|signature/.test(name)),
  );
}

function decode(request: SourceRequest, context: SourceContext): Decoded<readonly MappedItem[]> {
  const { items, problems, ignored } = readMapped(request.mapped, {
    receivedAtMs: request.receivedAtMs,
    limits: context.config.limits,
  });
  const [first] = problems;
  const notes = ignored.map((reason) => `not used: ${reason}`);
  if (first === undefined) return { ok: true, items, bad: null, notes };
  if (items.length === 0) return { ok: false, status: 400, problem: first };
  const payload = () => request.bytes;
  return { ok: true, items, notes, bad: { count: problems.length, problems, payload } };
}

function replyAccepted({ records, bad, notes }: Outcome) {
  const counts = { alerts: records.alerts?.length ?? 0, changes: records.changes?.length ?? 0 };
  const refused = bad?.problems.slice(0, 100).map(replyProblem) ?? [];
  return jsonReply(202, { status: 'accepted', ...counts, refused, notes });
}

function replyProblem({ code, reason }: Problem) {
  return { code, message: reason };
}
