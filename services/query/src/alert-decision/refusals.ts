/** Finds refused bodies that hold an alert. */
import type { Bus, LogRecord } from '@faultline/bus';
import { codecs } from '@faultline/model';
import { readBackwards } from '../ledger/read-backwards.ts';
import type { Refusal } from './facts.ts';

const maxRefusals = 5;
/** About 2,500 dead letters. */
const maxSteps = 10;

export interface RefusalSearch {
  readonly tenant: string;
  /** Empty: all. */
  readonly source: string;
  readonly fingerprint: string;
}

/**
 * The newest refusals whose body holds the fingerprint as a whole JSON string. A part of one does not count: viewers may ask, and could
 * otherwise guess what else is in a body, letter by letter.
 */
export async function findRefusals(bus: Bus, { tenant, source, fingerprint }: RefusalSearch): Promise<Refusal[]> {
  const wanted = JSON.stringify(fingerprint);
  const found: Refusal[] = [];
  for await (const { records } of readBackwards(bus, { tenant, source, below: null, maxSteps })) {
    found.push(...records.flatMap((record) => refusalWith(record, wanted)));
    if (found.length >= maxRefusals) break;
  }
  return found.slice(0, maxRefusals);
}

function refusalWith({ value }: LogRecord, wanted: string): readonly Refusal[] {
  const decoded = value === null ? null : codecs.deadLetter.decode(value);
  if (decoded?.ok !== true) return [];
  const { payload, id, source, code, reason, receivedAtMs } = decoded.value;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return bytes.includes(wanted) ? [{ id, source, code, reason, receivedAtMs }] : [];
}
