/** The kind of an encoded span. It follows three ids and the name in protos/span-block.avsc. */
import { type Span, type SpanKind, spanKinds } from '@faultline/model';
import { skipText } from './avro-skip.ts';
import { type EncodedItems, resourceBytes } from './encoded-items.ts';

const textsBefore = 4;

export function spanKindOf(items: EncodedItems<Span>, index: number): SpanKind {
  let at = items.start(index) + resourceBytes;
  for (let text = 0; text < textsBefore; text++) at = skipText(items.buffer, at);
  return spanKinds[(items.buffer[at] ?? 0) >>> 1] ?? 'unspecified';
}
