/** Encodes produce requests (Produce version 7, kafka.apache.org/protocol#The_Messages_Produce). */
import { ResponseReader } from './response-reader.ts';

export interface EncodedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

export const produceApi = { key: 0, version: 7, name: 'Produce' } as const;
const allReplicas = -1;

/** Encodes the request body in pieces, without copying the batches. At most one batch per partition. */
export function encodeProduce(
  batches: readonly EncodedBatch[],
  { transactionalId, timeoutMs }: { readonly transactionalId: string | null; readonly timeoutMs: number },
): Buffer[] {
  const head = Buffer.alloc(10);
  head.writeInt16BE(allReplicas, 0);
  head.writeInt32BE(timeoutMs, 2);
  head.writeInt32BE(batches.length, 6);
  return [encodeText(transactionalId), head, ...batches.flatMap(encodeOne)];
}

/** Each batch gets a topic entry of its own, which the protocol allows. */
function encodeOne({ topic, partition, bytes }: EncodedBatch): Buffer[] {
  const head = Buffer.alloc(12);
  head.writeInt32BE(1, 0);
  head.writeInt32BE(partition, 4);
  head.writeInt32BE(bytes.length, 8);
  return [encodeText(topic), head, bytes];
}

/** Encodes a string of the protocol. Null has the length -1. */
export function encodeText(text: string | null): Buffer {
  const bytes = Buffer.from(text ?? '');
  const length = Buffer.alloc(2);
  length.writeInt16BE(text === null ? -1 : bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Returns error codes by `topic/partition`; 0 is success. */
export function decodeProduce(payload: Buffer): ReadonlyMap<string, number> {
  const read = new ResponseReader(payload);
  const codes = read.array(() => {
    const topic = read.text();
    return read.array(() => {
      const name = `${topic}/${read.int32()}`;
      const code = read.int16();
      read.bytes(24);
      return [name, code] as const;
    });
  });
  return new Map(codes.flat());
}
