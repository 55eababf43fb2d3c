/** Avro schema versions: fingerprints, and readers that turn any released version into today's shape. */
import avro from 'avsc';

/** 64-bit longs as bigint: nanosecond times do not fit a double. */
const bigintLong = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.allocUnsafe(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: (json: number | string) => BigInt(json),
  toJSON: (value: bigint) => value.toString(),
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

/** Bytes that the program handles as lower-case hex: trace and span ids. */
class HexType extends avro.types.LogicalType {
  override _fromValue(value: Buffer): string {
    return value.toString('hex');
  }
  override _toValue(hex: string): Buffer {
    return Buffer.from(hex, 'hex');
  }
  override _resolve(type: avro.Type): ((value: unknown) => unknown) | undefined {
    return type instanceof HexType || avro.Type.isType(type, 'bytes') ? (value) => value : undefined;
  }
}

type Schema = avro.Schema & { readonly logicalType?: string };

/** Compiles a schema; `logicalType: bigint` and `logicalType: hex` get their program types. */
export function compileSchema(schema: object): avro.Type {
  return avro.Type.forSchema(schema as avro.Schema, {
    logicalTypes: { hex: HexType },
    typeHook: (candidate) => ((candidate as Schema).logicalType === 'bigint' ? bigintLong : undefined),
  });
}

export interface ReaderTypes {
  readonly type: avro.Type;
  /** By fingerprint in hex, the function that reads a body written with that schema. */
  readonly readers: ReadonlyMap<string, (body: Buffer) => unknown>;
}

/** Today's type and a reader for it from today's schema and each released one. Throws when an old schema cannot be read. */
export function readerTypes(current: object, released: readonly object[]): ReaderTypes {
  const type = compileSchema(current);
  const readers = new Map<string, (body: Buffer) => unknown>();
  for (const schema of released) {
    const writer = compileSchema(schema);
    const resolver = type.createResolver(writer);
    readers.set(fingerprintOf(schema).toString('hex'), (body) => type.fromBuffer(body, resolver));
  }
  readers.set(fingerprintOf(current).toString('hex'), (body) => type.fromBuffer(body));
  return { type, readers };
}

const emptyFingerprint = 0xc15d213aa4d7a795n;
const crcTable = Array.from({ length: 256 }, (_, index) => {
  let value = BigInt(index);
  for (let bit = 0; bit < 8; bit++) value = (value >> 1n) ^ (emptyFingerprint & -(value & 1n));
  return value;
});

/** CRC-64-AVRO of a schema's parsing canonical form, little endian (Avro specification, "Schema fingerprints"). */
export function fingerprintOf(schema: object): Buffer {
  const canonical = avro.Type.forSchema(withoutLogicalTypes(schema) as avro.Schema).schema();
  let crc = emptyFingerprint;
  for (const byte of Buffer.from(JSON.stringify(canonical)))
    crc = (crc >> 8n) ^ (crcTable[Number((crc ^ BigInt(byte)) & 0xffn)] as bigint);
  const fingerprint = Buffer.allocUnsafe(8);
  fingerprint.writeBigUInt64LE(BigInt.asUintN(64, crc));
  return fingerprint;
}

/** The canonical form has no logical types, docs or defaults. */
function withoutLogicalTypes(schema: object): unknown {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'logicalType' || key === 'doc' ? undefined : value,
  );
}
