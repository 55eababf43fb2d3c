/**
 * Avro codecs, one for each kind of record. Bytes are in Avro's single-object encoding: C3 01, the schema's CRC-64-AVRO fingerprint
 * (little endian), the body. (Avro specification, "Single-object encoding".) Every released schema can be read.
 */
import type { Type } from 'avsc';
import type { Alert } from './alert.ts';
import type { Change, DeclaredGraph } from './change.ts';
import type { ClusterObject, EntityBinding, WatchPosition } from './cluster-state.ts';
import type { Command } from './command.ts';
import type { Drift, DriftAcceptance } from './drift.ts';
import type { Incident, IncidentMember } from './incident.ts';
import type { JournalEntry } from './journal.ts';
import type { DeadLetter, Delivery, LedgerTotals } from './operations.ts';
import type { RecorderProgress, RecorderRequests } from './progress.ts';
import { fingerprintOf, readerTypes } from './schema-version.ts';
import { releasedSchemas, schemas } from './schemas.generated.ts';
import type { LogBlock, MetricBlock, SpanBlock } from './telemetry.ts';
import type { WorkloadFinding } from './workload-finding.ts';

export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

export interface Codec<Value> {
  /** The schema's name in protos/, and the schema itself: what a registry is told. */
  readonly name: string;
  readonly schema: object;
  /** Throws on a value that does not fit the schema: that is a bug of the caller, not bad data. */
  encode(value: Value): Uint8Array;
  /** Never throws: bytes may be anybody's. */
  decode(bytes: Uint8Array): Decoded<Value>;
}

const headerBytes = 10;

function createCodec<Value>(
  name: keyof typeof schemas,
  fromWire: (wire: Value) => Value = (wire) => wire,
): Codec<Value> {
  const released = releasedSchemas.filter((entry) => entry.name === name).map((entry) => entry.schema);
  const { type, readers } = readerTypes(schemas[name], released);
  const header = Buffer.concat([Buffer.from([0xc3, 0x01]), fingerprintOf(schemas[name])]);
  return {
    name,
    schema: schemas[name],
    encode: (value) => encodeWith(type, header, value),
    decode: (bytes) => {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (buffer.length < headerBytes || buffer[0] !== 0xc3 || buffer[1] !== 0x01)
        return { ok: false, reason: `${name}: not in Avro single-object encoding` };
      const read = readers.get(buffer.toString('hex', 2, headerBytes));
      if (read === undefined) return { ok: false, reason: `${name}: schema fingerprint not known` };
      try {
        return { ok: true, value: fromWire(read(buffer.subarray(headerBytes)) as Value) };
      } catch (error) {
        return { ok: false, reason: `${name}: ${error instanceof Error ? error.message : String(error)}` };
      }
    },
  };
}

/** Shared by all codecs: encoding never yields. Blocks of telemetry need about this much. */
let scratch = Buffer.allocUnsafe(1024 * 1024);
const largestScratch = 8 * 1024 * 1024;

/** Avro's own `toBuffer` writes anything over a kilobyte twice: once to learn its size. */
function encodeWith(type: Type, header: Buffer, value: unknown): Uint8Array {
  const end = type.encode(value, scratch, headerBytes);
  if (end < 0) {
    const neededBytes = scratch.length - end;
    if (neededBytes > largestScratch) return Buffer.concat([header, type.toBuffer(value)]);
    scratch = Buffer.allocUnsafe(Math.min(largestScratch, neededBytes * 2));
    return encodeWith(type, header, value);
  }
  header.copy(scratch);
  return Buffer.from(scratch.subarray(0, end));
}

/** The fields that a command's kind does not use are null on the wire and absent here. */
function withoutNullActionFields(command: Command): Command {
  const used = Object.entries(command.action).filter(([, value]) => value !== null);
  return { ...command, action: Object.fromEntries(used) as unknown as Command['action'] };
}

type WireJournalEntry = Omit<JournalEntry, 'input'> & { readonly input: string };
const journalWire = createCodec<WireJournalEntry>('journal-entry');
const journalEntry: Codec<JournalEntry> = {
  name: journalWire.name,
  schema: journalWire.schema,
  encode: (entry) => journalWire.encode({ ...entry, input: JSON.stringify(entry.input) }),
  decode: (bytes) => {
    const wire = journalWire.decode(bytes);
    if (!wire.ok) return wire;
    try {
      return { ok: true, value: { ...wire.value, input: JSON.parse(wire.value.input) as JournalEntry['input'] } };
    } catch {
      return { ok: false, reason: 'journal-entry: the input is not JSON' };
    }
  },
};

/** Avro's writer takes only a Buffer for bytes, and what comes from a log or a request may be any Uint8Array. */
const deadLetterWire = createCodec<DeadLetter>('dead-letter');
const deadLetter: Codec<DeadLetter> = {
  ...deadLetterWire,
  encode: ({ payload, ...rest }) => {
    const { buffer, byteOffset, byteLength } = payload;
    return deadLetterWire.encode({ ...rest, payload: Buffer.from(buffer, byteOffset, byteLength) });
  },
};

export const codecs = {
  alert: createCodec<Alert>('alert'),
  change: createCodec<Change>('change'),
  declaredGraph: createCodec<DeclaredGraph>('declared-graph'),
  workloadFinding: createCodec<WorkloadFinding>('workload-finding'),
  clusterObject: createCodec<ClusterObject>('cluster-object'),
  entityBinding: createCodec<EntityBinding>('entity-binding'),
  watchPosition: createCodec<WatchPosition>('watch-position'),
  drift: createCodec<Drift>('drift'),
  driftAcceptance: createCodec<DriftAcceptance>('drift-acceptance'),
  command: createCodec<Command>('command', withoutNullActionFields),
  spanBlock: createCodec<SpanBlock>('span-block'),
  logBlock: createCodec<LogBlock>('log-block'),
  metricBlock: createCodec<MetricBlock>('metric-block'),
  incident: createCodec<Incident>('incident'),
  incidentMember: createCodec<IncidentMember>('incident-member'),
  ledgerTotals: createCodec<LedgerTotals>('ledger-totals'),
  deadLetter,
  delivery: createCodec<Delivery>('delivery'),
  recorderProgress: createCodec<RecorderProgress>('recorder-progress'),
  recorderRequests: createCodec<RecorderRequests>('recorder-requests'),
  journalEntry,
};
