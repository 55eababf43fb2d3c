/**
 * Remembers the requests of the last ten minutes, so that a sender's retry is dropped. It depends only on the records
 * in their order; time means their timestamps. Requests are grouped into time slots, so that a checkpoint stores only
 * the slots that changed.
 */
import type { RecorderRequests } from '@faultline/model';
import type { TelemetryRecord } from './record-head.ts';

type SeenRequest = RecorderRequests['entries'][number];

/** How long a retry is recognised. */
export const retryWindowMs = 600_000;
const slotMs = 5_000;
/** One more slot than the window needs, so that the slot being filled does not replace one that still counts. */
const slotCount = retryWindowMs / slotMs + 1;
/** Keeps a slot's record below the log's limit. Further requests are remembered in memory only. */
const maxWrittenEntries = 10_000;

interface Slot {
  /** Number of the slot since the epoch. */
  readonly number: number;
  readonly entries: SeenRequest[];
}

export interface RequestMemory {
  /**
   * True when the request was recorded before at another offset within the window. Otherwise the request is remembered
   * as recorded at this offset.
   */
  isRepeat(record: TelemetryRecord, request: string): boolean;
  /** Returns the slots that changed since the last call, by their place in the ring. */
  takeChanged(): readonly { readonly slot: number; readonly requests: RecorderRequests }[];
}

/** Continues from stored slots. */
export function createRequestMemory(written: Iterable<RecorderRequests>): RequestMemory {
  const seen = new Map<string, SeenRequest>();
  const ring = new Map<number, Slot>();
  const changed = new Set<number>();

  const remember = (entry: SeenRequest): number | null => {
    const number = Math.floor(entry.timestampMs / slotMs);
    const place = number % slotCount;
    const slot = ring.get(place);
    if (slot !== undefined && slot.number > number) return null;
    if (slot?.number === number) slot.entries.push(entry);
    else {
      for (const old of slot?.entries ?? []) if (seen.get(keyOf(old)) === old) seen.delete(keyOf(old));
      ring.set(place, { number, entries: [entry] });
    }
    seen.set(keyOf(entry), entry);
    return place;
  };
  for (const { entries } of written) for (const entry of entries) remember(entry);

  return {
    isRepeat: ({ topic, offset, timestampMs }, request) => {
      if (request === '') return false;
      const entry = { topic, request, offset, timestampMs };
      const first = seen.get(keyOf(entry));
      if (first !== undefined && first.offset !== offset && timestampMs - first.timestampMs < retryWindowMs)
        return first.offset < offset;
      if (first?.offset === offset) return false;
      const place = remember(entry);
      if (place !== null) changed.add(place);
      return false;
    },
    takeChanged: () => {
      const places = [...changed].sort((a, b) => a - b);
      changed.clear();
      return places.map((slot) => ({
        slot,
        requests: { entries: ring.get(slot)?.entries.slice(0, maxWrittenEntries) ?? [] },
      }));
    },
  };
}

function keyOf({ topic, request }: SeenRequest): string {
  return `${topic}/${request}`;
}
