/**
 * Confluent's wire format: a zero byte, the schema id in four bytes (big endian), the body. Values with one of our
 * fingerprints are converted when written and converted back when read. Other values pass unchanged.
 */
import { singleObjectFingerprint, singleObjectHeaderBytes } from '@faultline/model';

const magic = 0;
export const confluentHeaderBytes = 5;

/**
 * The record header that marks a value that begins with a zero byte but is not in this format. It exists only in the
 * log; readers of the port never see it.
 */
export const plainHeader = 'wire-format';
export const plainMark = 'plain';

type Headers = Readonly<Record<string, string>>;
interface Valued {
  readonly value: Uint8Array | null;
  readonly headers?: Headers;
}

/** Converts a record for the log. */
export function toWire<Sent extends Valued>(record: Sent, idOf: (fingerprint: string) => number | undefined): Sent {
  const { value } = record;
  if (value === null || value.length === 0) return record;
  if (value[0] === magic) return { ...record, headers: { ...record.headers, [plainHeader]: plainMark } };
  const fingerprint = singleObjectFingerprint(value);
  const id = fingerprint === null ? undefined : idOf(fingerprint);
  return id === undefined ? record : { ...record, value: withId(id, value.subarray(singleObjectHeaderBytes)) };
}

/** Returns the id and body of a value in Confluent's format; null for a record that passes unchanged. */
export function readWire({ value, headers }: Valued): { readonly id: number; readonly body: Uint8Array } | null {
  if (value === null || value.length < confluentHeaderBytes || value[0] !== magic || isMarkedPlain(headers))
    return null;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return { id: view.getUint32(1), body: value.subarray(confluentHeaderBytes) };
}

/** Removes the header that marks a plain value. */
export function withoutMark<Read extends Valued>(record: Read): Read {
  if (!isMarkedPlain(record.headers)) return record;
  const { [plainHeader]: _mark, ...headers } = record.headers ?? {};
  return { ...record, headers };
}

const isMarkedPlain = (headers: Headers | undefined): boolean => headers?.[plainHeader] === plainMark;

function withId(id: number, body: Uint8Array): Uint8Array {
  const value = Buffer.allocUnsafe(confluentHeaderBytes + body.length);
  value[0] = magic;
  value.writeUInt32BE(id, 1);
  value.set(body, confluentHeaderBytes);
  return value;
}
