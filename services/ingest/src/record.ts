/** Turns what a source normalised into records, and counts the items of each signal. Pure. */
import type { OutgoingRecord } from '@faultline/bus';
import {
  type Alert,
  type Change,
  type Command,
  codecs,
  correlationKey,
  type Log,
  type MetricPoint,
  type Resource,
  recordTypeHeader,
  recordTypes,
  type Signal,
  type Span,
  scopeKey,
  type TopicName,
} from '@faultline/model';
import { boundAttributes } from './attributes.ts';
import { type BlockOptions, blockSteps } from './block.ts';
import type { AnyItem, EncodedItems } from './encode/encoded-items.ts';
import { hasTrace, logTraceAt, spanTraceAt, traceIdBytes } from './encode/trace-id.ts';
import type { Normalised } from './source.ts';
import { finish, type Steps } from './steps.ts';

export interface RecordOptions {
  readonly source: string;
  readonly requestHash: string;
  readonly receivedAtMs: number;
  readonly blockBytes: number;
  readonly maxRecordBytes: number;
  readonly partitionOf: (topic: TopicName, key: string) => number;
}

/** Room for a record's key and headers. */
const headRoomBytes = 2048;

/** All steps at once. */
export function recordsOf(normalised: Normalised, options: RecordOptions): OutgoingRecord[] {
  return finish(recordSteps(normalised, options));
}

/** In steps: a large request makes many blocks. */
export function* recordSteps(normalised: Normalised, options: RecordOptions): Steps<OutgoingRecord[]> {
  const { alerts = [], changes = [], commands = [], spans, logs, metrics } = normalised;
  return [
    ...alerts.map((alert) => alertRecord(alert, options)),
    ...changes.map((change) => changeRecord(change, options)),
    ...commands.map((command) => commandRecord(command, options)),
    ...(spans ? yield* blockSteps(spans, spanBlocks(options)) : []),
    ...(logs ? yield* blockSteps(logs, logBlocks(options)) : []),
    ...(metrics ? yield* blockSteps(metrics, metricBlocks(options)) : []),
  ];
}

/** Items per signal. */
export function itemCounts(normalised: Normalised): ReadonlyMap<Signal, number> {
  const counts: [Signal, number][] = [
    ['alerts', normalised.alerts?.length ?? 0],
    ['changes', normalised.changes?.length ?? 0],
    ['spans', normalised.spans?.items.length ?? 0],
    ['logs', normalised.logs?.items.length ?? 0],
    ['metrics', normalised.metrics?.items.length ?? 0],
  ];
  return new Map(counts.filter(([, count]) => count > 0));
}

function alertRecord(alert: Alert, options: RecordOptions): OutgoingRecord {
  const maxBytes = options.maxRecordBytes - headRoomBytes;
  const whole = codecs.alert.encode(alert);
  const value = whole.length <= maxBytes ? whole : codecs.alert.encode(smallerAlert(alert, maxBytes));
  return { topic: 'alerts', key: correlationKey(alert.scope), value, headers: headersOf(options, '1') };
}

/** An alert pages whatever its size. Long parts are cut, the copy of the original first. */
function smallerAlert(alert: Alert, maxBytes: number): Alert {
  const part = maxBytes >> 3;
  return {
    ...alert,
    raw: JSON.stringify({ 'faultline.truncated': alert.raw.slice(0, part >> 3) }),
    summary: alert.summary.slice(0, 1024),
    name: alert.name.slice(0, 1024),
    fingerprint: alert.fingerprint.slice(0, 1024),
    url: alert.url.slice(0, 4096),
    labels: boundAttributes(alert.labels, part),
    annotations: boundAttributes(alert.annotations, part),
  };
}

function changeRecord(change: Change, options: RecordOptions): OutgoingRecord {
  const maxBytes = options.maxRecordBytes - headRoomBytes;
  const whole = codecs.change.encode(change);
  const raw = JSON.stringify({ 'faultline.truncated': change.raw.slice(0, maxBytes >> 4) });
  const value = whole.length <= maxBytes ? whole : codecs.change.encode({ ...change, raw });
  const headers = { ...headersOf(options, '1'), [recordTypeHeader]: recordTypes.change };
  return { topic: 'changes', key: correlationKey(change.scope), value, headers };
}

function commandRecord(command: Command, options: RecordOptions): OutgoingRecord {
  const value = codecs.command.encode(command);
  return { topic: 'commands', key: correlationKey(command.scope), value, headers: { source: options.source } };
}

function headersOf(options: RecordOptions, items: string): Record<string, string> {
  return { source: options.source, items, request: options.requestHash };
}

type BlockBasics = Pick<BlockOptions<Span>, 'source' | 'requestHash' | 'receivedAtMs' | 'targetBytes' | 'maxBytes'>;

function blockBasics(options: RecordOptions): BlockBasics {
  return {
    source: options.source,
    requestHash: options.requestHash,
    receivedAtMs: options.receivedAtMs,
    targetBytes: options.blockBytes,
    maxBytes: options.maxRecordBytes - headRoomBytes,
  };
}

function spanBlocks(options: RecordOptions): BlockOptions<Span> {
  return {
    ...blockBasics(options),
    topic: 'spans',
    partitionOf: partitionByTrace('spans', spanTraceAt, options),
  };
}

/** Logs go to the partition of their trace. Logs without a trace go to the partition of their sender. */
function logBlocks(options: RecordOptions): BlockOptions<Log> {
  const byOrigin = partitionByOrigin('logs', options);
  const byTrace = partitionByTrace('logs', logTraceAt, options);
  return {
    ...blockBasics(options),
    topic: 'logs',
    partitionOf: (items, index, resource) => (hasTrace(items, index) ? byTrace(items, index) : byOrigin(resource)),
  };
}

function metricBlocks(options: RecordOptions): BlockOptions<MetricPoint> {
  const byOrigin = partitionByOrigin('metrics', options);
  return {
    ...blockBasics(options),
    topic: 'metrics',
    partitionOf: (_items, _index, resource) => byOrigin(resource),
  };
}

type TraceAt<Item extends AnyItem> = (items: EncodedItems<Item>, index: number) => number;

/** The partition of an item's trace. Items of one trace often follow each other, so the last trace is remembered. */
function partitionByTrace<Item extends AnyItem>(
  topic: TopicName,
  traceAt: TraceAt<Item>,
  options: RecordOptions,
): (items: EncodedItems<Item>, index: number) => number {
  const lastTrace = Buffer.alloc(traceIdBytes);
  let lastPartition = -1;
  return (items, index) => {
    const { buffer } = items;
    const at = traceAt(items, index);
    if (lastPartition >= 0 && isSame(buffer, at, lastTrace)) return lastPartition;
    buffer.copy(lastTrace, 0, at, at + traceIdBytes);
    lastPartition = options.partitionOf(topic, lastTrace.toString('hex'));
    return lastPartition;
  };
}

function isSame(buffer: Buffer, start: number, other: Buffer): boolean {
  for (let at = 0; at < other.length; at++) if (buffer[start + at] !== other[at]) return false;
  return true;
}

/** The partition of a resource's service, or of its attributes when it names none. Computed once per resource. */
function partitionByOrigin(topic: TopicName, options: RecordOptions): (resource: Resource) => number {
  const known = new Map<Resource, number>();
  return (resource) => {
    const before = known.get(resource);
    if (before !== undefined) return before;
    const origin = resource.entities.service ?? JSON.stringify(resource.attributes);
    const partition = options.partitionOf(topic, `${scopeKey(resource.scope)}/${origin}`);
    known.set(resource, partition);
    return partition;
  };
}
