/** The attributes of an encoded data point, as bytes: equal bytes are equal attributes, so they need not be decoded again. */
import { skipMap, skipNumber, skipText } from './avro-skip.ts';
import type { AnyItem, EncodedItems } from './encoded-items.ts';
import { resourceBytes } from './encoded-items.ts';

/** The Avro map of a point's attributes, one character a byte. It follows metric, unit, kind and two times in protos/metric-block.avsc. */
export function pointAttributeBytes<Item extends AnyItem>(items: EncodedItems<Item>, index: number): string {
  const { buffer } = items;
  let at = skipText(buffer, skipText(buffer, items.start(index) + resourceBytes));
  for (let field = 0; field < 3; field++) at = skipNumber(buffer, at);
  return buffer.toString('latin1', at, skipMap(buffer, at));
}
