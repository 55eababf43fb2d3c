/** A stub of an OTLP/HTTP receiver on loopback. It keeps the span fields that tests read and drops other signals. */
import { createServer } from 'node:http';

export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | boolean | readonly unknown[]>>;
  /** Trace ids. */
  readonly links: readonly string[];
}

export interface Collector {
  readonly url: string;
  readonly spans: readonly SeenSpan[];
  close(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const spans: SeenSpan[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === '/v1/traces') spans.push(...decodeTraces(Buffer.concat(chunks)));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A protobuf message by field number. Tests do not read 64-bit numbers, which become null. */
type Fields = ReadonlyMap<number, readonly (Buffer | number | null)[]>;

/** `ExportTraceServiceRequest`: resources hold scopes, and these hold spans. */
function decodeTraces(request: Buffer): SeenSpan[] {
  return messages(decode(request), 1)
    .flatMap((resource) => messages(resource, 2))
    .flatMap((scope) => messages(scope, 2))
    .map((span) => ({
      traceId: bytes(span, 1).toString('hex'),
      spanId: bytes(span, 2).toString('hex'),
      parentSpanId: bytes(span, 4).toString('hex'),
      name: bytes(span, 5).toString(),
      attributes: attributesOf(messages(span, 9)),
      links: messages(span, 13).map((link) => bytes(link, 1).toString('hex')),
    }));
}

function attributesOf(pairs: readonly Fields[]): SeenSpan['attributes'] {
  return Object.fromEntries(pairs.map((pair) => [bytes(pair, 1).toString(), anyValue(decode(bytes(pair, 2)))]));
}

/** `AnyValue`. */
function anyValue(value: Fields): string | number | boolean | readonly unknown[] {
  const list = value.get(5);
  if (list !== undefined) return messages(decode(list[0] as Buffer), 1).map(anyValue);
  const number = value.get(3) ?? value.get(2);
  return number === undefined ? bytes(value, 1).toString() : Number(number[0]);
}

function bytes(fields: Fields, field: number): Buffer {
  return (fields.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0);
}

function messages(fields: Fields, field: number): Fields[] {
  return (fields.get(field) ?? []).map((message) => decode(message as Buffer));
}

function decode(message: Buffer): Fields {
  const fields = new Map<number, (Buffer | number | null)[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const fixed = (size: number) => {
    at += size;
    return null;
  };
  const piece = (size: number) => {
    at += size;
    return message.subarray(at - size, at);
  };
  while (at < message.length) {
    const tag = varint();
    const kind = tag & 7;
    const value = kind === 0 ? varint() : kind === 2 ? piece(varint()) : fixed(kind === 1 ? 8 : 4);
    fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), value]);
  }
  return fields;
}
