/** Dead letters, newest first, read from their topic. They are few, and must be readable without the store. */
import type { Bus, LogRecord } from '@faultline/bus';
import { codecs, type DeadLetter } from '@faultline/model';
import type { Call } from '../api/call.ts';
import { rfc3339 } from '../api/json-value.ts';
import { FieldError } from '../errors.ts';
import { readBackwards } from './read-backwards.ts';
import type { ListDeadLettersRequest } from './requests.ts';

const payloadShownBytes = 64 * 1024;
/** Most steps of one request. A page may be short and still have a next one. */
const maxSteps = 20;

/** The handler of ListDeadLetters. A page token is the offset below which the next page begins. */
export function createDeadLetterList(bus: Bus) {
  return async ({ source, pageSize, pageToken }: ListDeadLettersRequest, { tenant }: Call) => {
    const found: LogRecord[] = [];
    let next: bigint | null = null;
    const steps = readBackwards(bus, { tenant, source, below: parseOffset(pageToken), maxSteps });
    for await (const { records, from, hasMore } of steps) {
      const taken = records.slice(0, pageSize - found.length);
      found.push(...taken);
      const isCut = taken.length < records.length;
      next = isCut ? (taken.at(-1)?.offset ?? from) : hasMore ? from : null;
      if (found.length >= pageSize) break;
    }
    return { deadLetters: found.flatMap(deadLetterOf), nextPageToken: next === null ? '' : String(next) };
  };
}

function parseOffset(token: string): bigint | null {
  if (token === '') return null;
  if (!/^\d{1,19}$/.test(token))
    throw new FieldError('pageToken', 'is not a token of this listing; start again without it');
  return BigInt(token);
}

function deadLetterOf(record: LogRecord) {
  const decoded = codecs.deadLetter.decode(record.value ?? new Uint8Array());
  return decoded.ok ? [deadLetterJson(decoded.value)] : [];
}

/** A dead letter with its payload cut to 64 KiB. */
export function deadLetterJson({ payload, receivedAtMs, ...deadLetter }: DeadLetter) {
  const shown = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.byteLength, payloadShownBytes));
  return {
    ...deadLetter,
    receivedAt: rfc3339(receivedAtMs),
    payload: shown.toString('base64'),
    payloadBytes: payload.byteLength,
  };
}
