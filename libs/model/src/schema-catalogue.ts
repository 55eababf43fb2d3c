/** What a schema registry needs to know of our schemas: their names, their fingerprints, and how to read one from a newer release. */
import { compileSchema, fingerprintOf } from './schema-version.ts';
import { releasedSchemas, schemas } from './schemas.generated.ts';

export interface KnownSchema {
  /** The record's full name, such as `faultline.v1.Alert`. */
  readonly fullName: string;
  /** CRC-64-AVRO, little endian, in hex: as it stands in the header of a value. */
  readonly fingerprint: string;
  readonly schema: object;
}

/** Every released schema, oldest first, then today's where it is not released yet. No two have one fingerprint. */
export const knownSchemas: readonly KnownSchema[] = withoutRepeats(
  [...releasedSchemas.map(({ schema }) => schema), ...Object.values(schemas)].map(describe),
);

/** Bytes before the body of a value in single-object encoding: C3 01 and the fingerprint. */
export const singleObjectHeaderBytes = 10;

/** The fingerprint of any Avro schema, in hex. Throws on what is not one. */
export function schemaFingerprint(schema: object): string {
  return fingerprintOf(schema).toString('hex');
}

/** A value in single-object encoding of the schema with this fingerprint. */
export function singleObject(fingerprint: string, body: Uint8Array): Uint8Array {
  const value = Buffer.allocUnsafe(singleObjectHeaderBytes + body.length);
  value[0] = 0xc3;
  value[1] = 0x01;
  value.write(fingerprint, 2, 'hex');
  value.set(body, singleObjectHeaderBytes);
  return value;
}

/** The fingerprint in the header of a value in single-object encoding, in hex; null for any other value. */
export function singleObjectFingerprint(value: Uint8Array): string | null {
  if (value.length < singleObjectHeaderBytes || value[0] !== 0xc3 || value[1] !== 0x01) return null;
  return Buffer.from(value.buffer, value.byteOffset + 2, 8).toString('hex');
}

/** Turns a body written with some schema into a value of ours; throws on a body that does not fit that schema. */
export type Translator = (body: Uint8Array) => Uint8Array;

/**
 * Reads bodies of a schema that this release does not know, from a later release of ours, as today's schema of the same name. Null where
 * none has that name, or Avro cannot resolve one to the other.
 */
export function createTranslator(writerSchema: object): Translator | null {
  const current = Object.values(schemas).find((schema) => fullNameOf(schema) === fullNameOf(writerSchema));
  if (current === undefined) return null;
  try {
    const reader = compileSchema(current);
    const resolver = reader.createResolver(compileSchema(writerSchema));
    const fingerprint = schemaFingerprint(current);
    return (body) => singleObject(fingerprint, reader.toBuffer(reader.fromBuffer(Buffer.from(body), resolver)));
  } catch {
    return null;
  }
}

function describe(schema: object): KnownSchema {
  return { fullName: fullNameOf(schema), fingerprint: schemaFingerprint(schema), schema };
}

function fullNameOf(schema: object): string {
  const { namespace, name } = schema as { readonly namespace?: string; readonly name?: string };
  return namespace === undefined ? String(name) : `${namespace}.${name}`;
}

function withoutRepeats(all: readonly KnownSchema[]): readonly KnownSchema[] {
  const firsts = new Map<string, KnownSchema>();
  for (const known of all) if (!firsts.has(known.fingerprint)) firsts.set(known.fingerprint, known);
  return [...firsts.values()];
}
