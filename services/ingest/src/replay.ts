/** Sends dead letters again: through the route of their source, as when they came first. */
import type { Signal } from '@faultline/model';
import type { IngestConfig } from './config.ts';
import type { MappingEvaluator } from './mapping/evaluator.ts';
import { expressionFlaw } from './mapping/read-expression.ts';
import { createTrialContext } from './mapping/try-mapping.ts';
import type { Publisher } from './publisher.ts';
import { mediaType } from './receive/call.ts';
import type { Receiver } from './receiver.ts';
import type { Route, Source, SourceContext, SourceRequest } from './source.ts';
import { sourcesOf } from './sources/index.ts';
import { otlp } from './sources/otlp/index.ts';

export interface ReplayedLetter {
  readonly id: string;
  readonly tenant: string;
  readonly source: string;
  readonly signal: Signal | '';
  readonly contentType: string;
  readonly payload: Uint8Array;
  readonly receivedAtMs: number;
}

export interface ReplayOptions {
  /** JSONata that makes the body to send from the body that was refused. Empty: the body as it came. */
  readonly mapping: string;
  /** Headers that the body does not hold, such as the event of GitHub. */
  readonly headers: Readonly<Record<string, string>>;
}

export type Replayed =
  /** `path`: the route that took it. */
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string };

/**
 * Never rejects. A letter that cannot be taken whole is not taken at all. It counts as received when it came first, so its items have the
 * same ids each time and are counted once.
 */
export type ReplayLetter = (letter: ReplayedLetter, options: ReplayOptions) => Promise<Replayed>;

export interface ReplayerOptions {
  readonly config: IngestConfig;
  readonly mappings: MappingEvaluator;
  readonly receiver: Pick<Receiver, 'receiveBody'>;
  readonly publisher: Publisher;
}

export function createReplay(options: ReplayerOptions): ReplayLetter {
  const { mappings, receiver, publisher } = options;
  return async (letter, { mapping, headers }) => {
    const mended = await mendBody(letter, mapping, mappings);
    if (!mended.ok) return mended;
    const { bytes, contentType } = mended;
    const { tenant, receivedAtMs } = letter;
    const request = { tenant, bytes, contentType, headers: lowerCase(headers), receivedAtMs };
    const place = await placeOf(letter, request, options);
    if (!place.ok) return place;
    const { source, route } = place;
    const body = { ...request, publisher, topic: 'dead-letters', origin: `dead letter ${letter.id}` };
    const sent = receiver.receiveBody({ source, route, contentType }, body);
    const problem = await sent.then(
      (received) => received.problem?.reason ?? null,
      () => 'the log cannot take records now; send it again later',
    );
    return problem === null ? { ok: true, path: route.path } : { ok: false, reason: problem };
  };
}

type Mended =
  | { readonly ok: true; readonly bytes: Buffer; readonly contentType: string }
  | { readonly ok: false; readonly reason: string };

/** What is mended is JSON, whatever was sent. */
async function mendBody(letter: ReplayedLetter, mapping: string, mappings: MappingEvaluator): Promise<Mended> {
  const { payload } = letter;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (mapping === '') return { ok: true, bytes, contentType: mediaType(letter.contentType) || 'application/json' };
  const flaw = expressionFlaw(mapping);
  if (flaw !== null) return { ok: false, reason: `mapping: ${flaw}` };
  const evaluated = await mappings.evaluate({
    expression: mapping,
    body: bytes.toString(),
    headers: {},
    signal: 'changes',
  });
  if (!evaluated.ok) return { ok: false, reason: evaluated.reason };
  if (evaluated.value === null) return { ok: false, reason: 'mapping: returned nothing' };
  return { ok: true, bytes: Buffer.from(JSON.stringify(evaluated.value)), contentType: 'application/json' };
}

type Place =
  | { readonly ok: true; readonly source: Source; readonly route: Route }
  | { readonly ok: false; readonly reason: string };

/** The first route of the source that takes the whole body now, as after a mapping was mended. */
async function placeOf(letter: ReplayedLetter, request: SourceRequest, options: ReplayerOptions): Promise<Place> {
  const { config, mappings } = options;
  const source = [...sourcesOf(config), otlp].find(({ name }) => name === letter.source);
  if (source === undefined) return { ok: false, reason: `no source ${letter.source}` };
  const context = createTrialContext(config, mappings);
  const reasons: string[] = [];
  for (const route of source.routes.filter((one) => mayHaveCome(letter, one))) {
    const reason = await refusalOf(route, request, context);
    if (reason === null) return { ok: true, source, route };
    reasons.push(`${route.path}: ${reason}`);
  }
  return { ok: false, reason: reasons.join('; ') || `no path of ${letter.source} takes such a body` };
}

/** A path with a part that varies cannot be known. Protobuf of one telemetry signal may read as another. */
function mayHaveCome({ signal }: ReplayedLetter, { path, limit, signal: taken }: Route): boolean {
  return !path.includes(':') && (limit === 'alert' || taken === signal);
}

/** Null when the route takes all of it. */
async function refusalOf(route: Route, request: SourceRequest, context: SourceContext): Promise<string | null> {
  const prepared = await (route.prepare?.(request, context) ?? { ok: true as const, request });
  const result = prepared.ok ? route.accept(prepared.request, context) : prepared;
  if (!result.ok) return result.problem.reason;
  return result.bad?.problems[0]?.reason ?? null;
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
