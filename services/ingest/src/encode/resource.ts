/** A resource as blocks hold it. Senders repeat theirs in each request, so its bytes are kept as long as the resource itself. */
import type { BlockParts, Resource } from '@faultline/model';

const known = new WeakMap<Resource, Buffer>();

/** The Avro bytes of a resource: the same in the blocks of all signals. A resource must not change afterwards. */
export function encodedResource(
  resource: Resource,
  { encodeResource }: Pick<BlockParts<unknown>, 'encodeResource'>,
): Buffer {
  const before = known.get(resource);
  if (before !== undefined) return before;
  const bytes = encodeResource(resource);
  known.set(resource, bytes);
  return bytes;
}
