/** Sorts out a scope's state of which something cannot be read, so that one bad record stops nothing: not the other alerts, not the paging. */
import type { StateRecord } from '@faultline/model';

/** A record that is put aside, and why. */
export interface UnreadableRecord extends StateRecord {
  readonly reason: string;
}

export interface SortedOut {
  readonly sound: readonly StateRecord[];
  readonly unreadable: readonly UnreadableRecord[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Puts aside what is no JSON object; with an incident also its alerts and all that is known of it, as an alert whose incident is gone would be
 * taken for known and never be paged again.
 */
export function sortOut(records: readonly StateRecord[]): SortedOut {
  const read = records.map((record) => ({ ...record, ...readFields(record.value) }));
  const lost = new Set(read.filter(({ fields }) => fields === null).map(({ key }) => key));
  const judged = read.map(({ key, value, fields, reason }) => {
    if (fields === null) return { key, value, reason };
    const incident = incidentOf(key, fields);
    return { key, value, reason: lost.has(`incident/${incident}`) ? `incident ${incident} cannot be read` : null };
  });
  return {
    sound: judged.filter(({ reason }) => reason === null).map(({ key, value }) => ({ key, value })),
    unreadable: judged.flatMap(({ key, value, reason }) => (reason === null ? [] : [{ key, value, reason }])),
  };
}

function readFields(value: string): { fields: Fields; reason: null } | { fields: null; reason: string } {
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed === 'object' && parsed !== null) return { fields: parsed as Fields, reason: null };
    return { fields: null, reason: 'not a JSON object' };
  } catch (error) {
    return { fields: null, reason: (error as Error).message };
  }
}

/** The incident that a record hangs on. */
function incidentOf(key: string, { incidentId }: Fields): unknown {
  return /^(?:evidence|history)\/(.*)$/.exec(key)?.[1] ?? incidentId;
}
