/** Reads log records from protobuf and from JSON into the items of a block. */
import type { Log } from '@faultline/model';
import { readAttribute, readValueText } from './any-value.ts';
import {
  attributesAt,
  bigintAt,
  enumAt,
  hexOrEmptyAt,
  type JsonObject,
  objectAt,
  textAt,
  valueText,
} from './json-value.ts';
import type { Place, ProtoItems } from './proto-envelope.ts';
import { attributesProblem, boundedText, type ItemRules, isSpanId, isTraceId, logTime } from './validity.ts';
import type { WireReader } from './wire.ts';

/** A log record as read, before it is checked. */
interface LogParts {
  timeNs: bigint;
  observedNs: bigint;
  traceId: string;
  spanId: string;
  severityText: string;
  severityNumber: number;
  body: string;
  eventName: string;
  attributes: Record<string, string>;
  attributeCount: number;
}

/** Reads one `opentelemetry.proto.logs.v1.LogRecord` of any form. Ordinary ones are transcoded instead: see transcode/log.ts. */
export function readLog(items: ProtoItems<Log>, place: Place, end: number): void {
  const { reader, rules, batch } = items;
  const start = reader.pos;
  const parts = readLogParts(reader, rules, end);
  const problem = place.problem ?? attributesProblem(parts.attributeCount, rules);
  if (problem !== null) batch.refuse(problem, () => place.raw(reader.buffer.subarray(start, end)));
  else batch.add(toLog(parts, place.resource, rules));
}

function readLogParts(reader: WireReader, rules: ItemRules, end: number): LogParts {
  const sink = { attributes: {} as Record<string, string>, count: 0 };
  const parts = emptyLog(sink.attributes);
  while (reader.next(end)) {
    if (reader.field === 1) parts.timeNs = reader.fixed64();
    else if (reader.field === 2) parts.severityNumber = reader.number();
    else if (reader.field === 3) parts.severityText = reader.text();
    else if (reader.field === 5) parts.body = readValueText(reader, rules);
    else if (reader.field === 6) readAttribute(reader, sink, rules);
    else if (reader.field === 9) parts.traceId = reader.hex();
    else if (reader.field === 10) parts.spanId = reader.hex();
    else if (reader.field === 11) parts.observedNs = reader.fixed64();
    else if (reader.field === 12) parts.eventName = reader.text();
    else reader.skip();
  }
  reader.leave(end);
  parts.attributeCount = sink.count;
  return parts;
}

function emptyLog(attributes: Record<string, string>): LogParts {
  return {
    timeNs: 0n,
    observedNs: 0n,
    traceId: '',
    spanId: '',
    severityText: '',
    severityNumber: 0,
    body: '',
    eventName: '',
    attributes,
    attributeCount: 0,
  };
}

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
/** `SEVERITY_NUMBER_UNSPECIFIED`, then `TRACE`, `TRACE2`, … `FATAL4`: 0 to 24. */
export const severityNames = [
  'UNSPECIFIED',
  ...levels.flatMap((level) => [level, `${level}2`, `${level}3`, `${level}4`]),
];

/** Reads one log record of OTLP/JSON. Throws ShapeError and RefusedItem. */
export function logPartsOfJson(log: JsonObject, rules: ItemRules): LogParts {
  const { attributes, count } = attributesAt(log, rules.limits);
  return {
    timeNs: bigintAt(log, 'timeUnixNano'),
    observedNs: bigintAt(log, 'observedTimeUnixNano'),
    traceId: hexOrEmptyAt(log, 'traceId'),
    spanId: hexOrEmptyAt(log, 'spanId'),
    severityText: textAt(log, 'severityText'),
    severityNumber: enumAt(log, 'severityNumber', 'SEVERITY_NUMBER_', severityNames),
    body: valueText(objectAt(log, 'body'), rules.limits),
    eventName: textAt(log, 'eventName'),
    attributes,
    attributeCount: count,
  };
}

/** A log record is never refused for its time or its ids: unusable ones are dropped. */
export function toLog(parts: LogParts, resource: number, rules: ItemRules): Log {
  if (parts.eventName !== '') parts.attributes['event.name'] ??= parts.eventName;
  const traced = isTraceId(parts.traceId);
  return {
    resource,
    ...logTime(parts.timeNs, parts.observedNs, rules),
    traceId: traced ? parts.traceId : '',
    spanId: traced && isSpanId(parts.spanId) ? parts.spanId : '',
    severityText: boundedText(parts.severityText, rules.limits.labelValueBytes),
    severityNumber: severityNames[parts.severityNumber] === undefined ? 0 : parts.severityNumber,
    body: parts.body,
    attributes: parts.attributes,
  };
}
