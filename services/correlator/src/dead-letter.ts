import type { OutgoingRecord } from '@faultline/bus';
import { codecs, contentId, type DeadLetter } from '@faultline/model';

/** Room for everything but the payload. */
const headRoomBytes = 4096;
const maxReasonLength = 1000;

export interface PendingDeadLetter extends Omit<DeadLetter, 'id'> {
  /** Where it comes from. The same place gives the same id. */
  readonly place: readonly string[];
  /** No other tenant may see it. Undefined when it is not known. */
  readonly tenant: string | undefined;
}

/** A record of `dead-letters`. The payload is cut to what fits; the topic it came from may still hold all of it. */
export function deadLetterRecord(
  { place, tenant, ...letter }: PendingDeadLetter,
  maxRecordBytes: number,
): OutgoingRecord {
  const value = codecs.deadLetter.encode({
    ...letter,
    id: contentId('correlator', ...place),
    reason: letter.reason.slice(0, maxReasonLength),
    payload: letter.payload.subarray(0, maxRecordBytes - headRoomBytes),
  });
  const { source } = letter;
  return {
    topic: 'dead-letters',
    key: source,
    value,
    headers: { source, ...(tenant === undefined ? {} : { tenant }) },
  };
}
