/** What decoders of telemetry share: their limit of processor time, and how their outcome becomes one of the source port. */
import { type BadItems, type Refusal, refuse, type SourceContext } from '../../source.ts';
import type { BadItem } from './batch.ts';
import { ShapeError } from './json-value.ts';
import { RefusedRequest } from './refused.ts';
import { WireError } from './wire.ts';

/** What a decoder throws for bad bytes, as a refusal. Throws what is none of these: a bug. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof WireError) return refuse(400, 'INGEST_MALFORMED', `body: expected protobuf; ${error.message}`);
  if (error instanceof RefusedRequest) return { ok: false, status: 413, problem: error.problem };
  if (error instanceof ShapeError) return refuse(400, 'INGEST_INVALID', error.message);
  throw error;
}

/** Null when no item is bad. `encode` writes bad items as a request of their own. */
export function badItems<Raw>(
  bad: readonly BadItem<Raw>[],
  count: number,
  encode: (raw: readonly Raw[], maxBytes: number) => Uint8Array,
): BadItems | null {
  if (count === 0) return null;
  const payload = (maxBytes: number) =>
    encode(
      bad.map((item) => item.raw),
      maxBytes,
    );
  return { count, problems: bad.map((item) => item.problem), payload };
}

/** Items between two looks at the clock: a look costs about as much as a small item. */
const itemsPerLook = 64;

/** A check for each item. Throws RefusedRequest once the request has used up its processor time. */
export function createItemSpend(context: SourceContext): () => void {
  const most = context.config.limits.processorMs;
  let items = 0;
  return () => {
    items++;
    if (items % itemsPerLook !== 0 || context.processorMs() <= most) return;
    const reason = `body: expected at most ${most} ms of processor time; send smaller batches`;
    throw new RefusedRequest({ code: 'INGEST_TOO_COSTLY', reason });
  };
}
