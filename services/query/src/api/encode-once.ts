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

/** The shared part as UTF-8, without its opening brace. Copying bytes costs far less than encoding text again. */
const jsonBytes = once((json) => Buffer.from(JSON.stringify(json).slice(1)));

/** The JSON of a message, in pieces. Encodes the shared part once. */
export function messageBytes({ own, shared }: StreamMessage): readonly Buffer[] {
  const text = JSON.stringify(own);
  if (shared === null) return [Buffer.from(text)];
  return [Buffer.from(`${text.slice(0, -1)},`), jsonBytes(shared)];
}

/**
 * Protobuf bytes of a message. Encodes the shared part once. The encodings of two messages, one after the other, are the encoding of both
 * merged (Protocol Buffers encoding, "Last One Wins").
 */
export function createStreamEncoder({ encode }: Pick<MessageCodec, 'encode'>): (message: StreamMessage) => Buffer {
  const sharedBytes = once(encode);
  return ({ own, shared }) => (shared === null ? encode(own) : Buffer.concat([encode(own), sharedBytes(shared)]));
}
