import type { OutgoingRecord } from '@faultline/bus';
import { codecs, contentId, type DeadLetter } from '@faultline/model';
import { maxTenantChars } from './decode.ts';

/** Room for everything but the payload. */
const headRoomBytes = 8192;
const maxReasonLength = 1000;
const maxSourceLength = 200;

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
  const source = letter.source.slice(0, maxSourceLength);
  const value = codecs.deadLetter.encode({
    ...letter,
    source,
    id: contentId('correlator', ...place),
    reason: letter.reason.slice(0, maxReasonLength),
    payload: letter.payload.subarray(0, Math.max(0, maxRecordBytes - headRoomBytes)),
  });
  return {
    topic: 'dead-letters',
    key: source,
    value,
    headers: { source, ...(tenant === undefined || tenant.length > maxTenantChars ? {} : { tenant }) },
  };
}
