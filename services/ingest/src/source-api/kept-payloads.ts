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
    bySource.set(key, young);
    return young;
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
      bySource.set(key, withinBytes([kept, ...fresh(key)], maxBytes));
    },
    list: (tenant, source) => fresh(keyOf(tenant, source)),
  };
}

/** The newest that fit. */
function withinBytes(payloads: readonly KeptPayload[], maxBytes: number): KeptPayload[] {
  let bytes = 0;
  return payloads.filter(({ body }) => {
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
  if (Array.isArray(value)) return value.map(redacted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      secretKey.test(key) && part !== null ? '[redacted]' : redacted(part),
    ]),
  );
}

/** Mappings read the name of the event in a header. No other header is kept. */
function eventHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /event/.test(name) && !secretKey.test(name)));
}
