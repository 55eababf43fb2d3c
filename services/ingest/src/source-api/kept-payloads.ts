/**
 * Bodies that came, kept in memory for a day so that a mapping can be tried on them. Off by default. Values of keys that hold credentials are
 * replaced before a body is kept, and bodies of sources that may hold secrets are never kept.
 */
import { isJsonObject } from '../field.ts';
import type { Route, SourceRequest } from '../source.ts';

export interface KeptPayload {
  readonly id: string;
  readonly receivedAtMs: number;
  /** What became of it, such as `accepted` or the reason of the refusal. */
  readonly outcome: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface KeptPayloads {
  keep(source: string, route: Route, request: SourceRequest, outcome: string): void;
  /** Newest first. */
  list(tenant: string, source: string): readonly KeptPayload[];
}

const dayMs = 86_400_000;
const maxBodyBytes = 64 * 1024;
/** Each new body copies the list, so tiny ones may not make it long. */
const maxPayloads = 100;
/** Senders choose the names of tenants where no token does. The list that got no body for the longest time goes first. */
const maxLists = 200;
const maxHeaders = 10;
const maxHeaderChars = 300;

export interface KeptPayloadsOptions {
  /** For each source and tenant. 0: nothing is kept. */
  readonly maxBytes: number;
  readonly clock: () => number;
}

export function createKeptPayloads({ maxBytes, clock }: KeptPayloadsOptions): KeptPayloads {
  const bySource = new Map<string, KeptPayload[]>();
  let next = 1;
  const keyOf = (tenant: string, source: string) => JSON.stringify([tenant, source]);
  const fresh = (key: string) => {
    const young = (bySource.get(key) ?? []).filter(({ receivedAtMs }) => receivedAtMs > clock() - dayMs);
    if (young.length === 0) bySource.delete(key);
    return young;
  };
  const put = (key: string, payloads: KeptPayload[]) => {
    bySource.delete(key);
    bySource.set(key, payloads);
    const [oldest] = bySource.keys();
    if (bySource.size > maxLists && oldest !== undefined) bySource.delete(oldest);
  };
  return {
    keep: (source, route, request, outcome) => {
      const body = maxBytes === 0 ? null : keptBody(route, request);
      if (body === null || body.length > maxBytes) return;
      const { receivedAtMs, headers, tenant } = request;
      const kept = {
        id: String(next++),
        receivedAtMs,
        outcome: outcome.slice(0, 300),
        body,
        headers: eventHeaders(headers),
      };
      const key = keyOf(tenant, source);
      put(key, withinBytes([kept, ...fresh(key)], maxBytes));
    },
    list: (tenant, source) => fresh(keyOf(tenant, source)),
  };
}

/** The newest that fit. */
function withinBytes(payloads: readonly KeptPayload[], maxBytes: number): KeptPayload[] {
  let bytes = 0;
  return payloads.slice(0, maxPayloads).filter(({ body }) => {
    bytes += body.length;
    return bytes <= maxBytes;
  });
}

/** JSON only: of other text nobody can say where a secret stands. Null: it is not kept. */
function keptBody({ keepsBody, redact }: Route, { bytes }: SourceRequest): string | null {
  if (keepsBody === false || bytes.length > maxBodyBytes) return null;
  try {
    return JSON.stringify(redacted(JSON.parse((redact?.(Buffer.from(bytes)) ?? bytes).toString())));
  } catch {
    return null;
  }
}

const secretKey =
  /token|secret|passw(?:or)?d|credential|authorization|api[-_]?key|routing[-_]?key|private[-_]?key|signature/i;

function redacted(value: unknown): unknown {
  if (typeof value === 'string') return redactedText(value);
  if (Array.isArray(value)) return value.map(redacted);
  if (!isJsonObject(value)) return value;
  // `{"name": "DB_PASSWORD", "value": "…"}`: the name stands beside the value.
  const named = [value['name'], value['key']].some((name) => typeof name === 'string' && secretKey.test(name));
  const isSecret = (key: string) => secretKey.test(key) || (named && key === 'value');
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, isSecret(key) && part !== null ? '[redacted]' : redacted(part)]),
  );
}

/** Some tools write JSON into a text, such as `Message` of SNS. Addresses may hold a password. */
function redactedText(text: string): string {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.stringify(redacted(JSON.parse(text)));
    } catch {
      // Text that only begins like JSON.
    }
  }
  return text.replace(/:\/\/[^/\s:@]*:[^/\s@]+@/g, '://[redacted]@');
}

/** Mappings read the name of the event in a header. No other header is kept. */
function eventHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(headers).filter(([name]) => /event/.test(name) && !secretKey.test(name));
  return Object.fromEntries(named.slice(0, maxHeaders).map(([name, value]) => [name, value.slice(0, maxHeaderChars)]));
}
