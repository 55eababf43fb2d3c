import type { OutgoingRecord } from '@faultline/bus';
import { codecs, contentId, type DeadLetter } from '@faultline/model';

/** For what is in a letter beside its payload. */
const headRoomBytes = 4096;
const maxReasonLength = 1000;

export interface Letter extends Omit<DeadLetter, 'id'> {
  /** Where it comes from: the same again is the same letter. */
  readonly place: readonly string[];
  /** Whose it is: no other tenant is shown it. Undefined when that cannot be told. */
  readonly tenant: string | undefined;
}

/** What is put aside, as a record of `dead-letters`. Its payload is cut to what fits: the topic it came from may still have all of it. */
export function letterRecord({ place, tenant, ...letter }: Letter, maxRecordBytes: number): OutgoingRecord {
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
