/** What the host of a source does with a body, up to the records. */
import { mediaType } from '../receive/call.ts';
import { recordsOf } from '../record.ts';
import { sources } from '../sources/index.ts';
import type { Shape } from './shapes.ts';
import { receivedAtMs, routeOf, testContext, testRequest } from './source.ts';

const partitions = 4;
/** Refused bodies are kept as dead letters of at most so many bytes. */
const maxPayloadBytes = 65_536;

/** Bytes of all that the log would get. */
export function handle(shape: Shape, body: Buffer): number {
  const source = sources.find(({ name }) => name === shape.source);
  if (source === undefined) throw new Error(`no source ${shape.source}`);
  const request = testRequest({
    body,
    contentType: mediaType(shape.contentType),
    headers: { 'content-type': shape.contentType },
  });
  const decided = routeOf(source, shape.path).accept(request, testContext());
  if (!decided.ok) return 0;
  const payload = decided.bad?.payload(maxPayloadBytes).length ?? 0;
  const records = recordsOf(decided.records, {
    source: source.name,
    requestHash: 'hash',
    receivedAtMs,
    blockBytes: 512 * 1024,
    maxRecordBytes: 1_000_000,
    partitionOf: (_topic, key) => key.charCodeAt(0) % partitions,
  });
  return payload + records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}
