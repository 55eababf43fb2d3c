/** For tests and load: writes OTLP/JSON requests as protobuf with protobufjs, so that our reader is held against another's writer. */
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

const file = new URL('../testdata/otlp.proto', import.meta.url);
const { root } = protobuf.parse(readFileSync(file, 'utf8'));
const messages = { traces: 'TracesRequest', logs: 'LogsRequest', metrics: 'MetricsRequest' } as const;

/** The protobuf bytes of an export request in OTLP/JSON. */
export function encodeOtlp(signal: keyof typeof messages, request: object): Buffer {
  const type = root.lookupType(`otlp.${messages[signal]}`);
  return Buffer.from(type.encode(type.fromObject(withBinaryIds(request))).finish());
}

const idFields = new Set(['traceId', 'spanId', 'parentSpanId']);

/** OTLP/JSON has ids in hex, proto3 JSON in base64. */
function withBinaryIds(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value), (key, field: unknown) =>
    idFields.has(key) && typeof field === 'string' ? Buffer.from(field, 'hex').toString('base64') : field,
  ) as Record<string, unknown>;
}
