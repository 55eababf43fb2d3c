import type { Json, StreamMessage } from './operation.ts';
import type { MessageCodec } from './proto.ts';

/** Keeps what `encode` made of an object as long as the object lives. */
function once<Encoded>(encode: (json: Json) => Encoded): (json: Json) => Encoded {
  const kept = new WeakMap<Json, Encoded>();
  return (json) => {
    const known = kept.get(json);
    if (known !== undefined) return known;
    const encoded = encode(json);
    kept.set(json, encoded);
    return encoded;
  };
}

const jsonText = once((json) => JSON.stringify(json));

/** The JSON of a message. Encodes the shared part once. */
export function messageText({ own, shared }: StreamMessage): string {
  if (shared === null) return JSON.stringify(own);
  return `${JSON.stringify(own).slice(0, -1)},${jsonText(shared).slice(1)}`;
}

/**
 * Protobuf bytes of a message. Encodes the shared part once. The encodings of two messages, one after the other, are the encoding of both
 * merged (Protocol Buffers encoding, "Last One Wins").
 */
export function createStreamEncoder({ encode }: Pick<MessageCodec, 'encode'>): (message: StreamMessage) => Buffer {
  const sharedBytes = once(encode);
  return ({ own, shared }) => (shared === null ? encode(own) : Buffer.concat([encode(own), sharedBytes(shared)]));
}
