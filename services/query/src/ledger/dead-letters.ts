/** Dead letters, newest first, read from their topic. They are few, and must be readable without the store. */
import type { Bus, LogRecord } from '@faultline/bus';
import { codecs, type DeadLetter } from '@faultline/model';
import type { Call } from '../api/call.ts';
import { rfc3339 } from '../api/json-value.ts';
import { FieldError } from '../errors.ts';
import type { ListDeadLettersRequest } from './requests.ts';

const payloadShownBytes = 64 * 1024;
/** Records in one step backwards, and most steps of one request. A page may be short and still have a next one. */
const stepRecords = 256n;
const maxSteps = 20;

/** The handler of ListDeadLetters. A page token is the offset below which the next page begins. */
export function createDeadLetterList(bus: Bus) {
  return async ({ source, pageSize, pageToken }: ListDeadLettersRequest, { tenant }: Call) => {
    const [end] = await bus.offsets('dead-letters');
    if (end === undefined) return { deadLetters: [], nextPageToken: '' };
    const found: LogRecord[] = [];
    let below = parseOffset(pageToken) ?? end.next;
    for (let step = 0; step < maxSteps && below > end.first && found.length < pageSize; step += 1) {
      const from = below - stepRecords > end.first ? below - stepRecords : end.first;
      const records = await readRange(bus, end.partition, from, below);
      const wanted = records.filter((record) => belongsTo(record, tenant) && (source === '' || record.key === source));
      const taken = wanted.reverse().slice(0, pageSize - found.length);
      found.push(...taken);
      below = taken.length < wanted.length ? (taken.at(-1)?.offset ?? from) : from;
    }
    return { deadLetters: found.flatMap(deadLetterOf), nextPageToken: below > end.first ? String(below) : '' };
  };
}

async function readRange(bus: Bus, partition: number, from: bigint, to: bigint): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of bus.read({ topic: 'dead-letters', partition, from, to })) records.push(record);
  return records;
}

/** A record without a `tenant` header belongs to the default tenant. */
function belongsTo(record: LogRecord, tenant: string): boolean {
  return (record.headers['tenant'] ?? 'default') === tenant;
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
