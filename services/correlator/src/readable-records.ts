/** Separates the readable records of a scope's state from the others, so that one bad record does not stop the paging. */
import type { StateRecord } from '@faultline/model';

/** A record that becomes a dead letter, and why. */
export interface UnreadableRecord extends StateRecord {
  readonly reason: string;
}

export interface SeparatedRecords {
  readonly readable: readonly StateRecord[];
  readonly unreadable: readonly UnreadableRecord[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * A record that is no JSON object is unreadable. With an incident go its alerts and its other records: an alert whose incident is gone
 * would count as known, and would never be paged again.
 */
export function separateReadable(records: readonly StateRecord[]): SeparatedRecords {
  const read = records.map((record) => ({ ...record, ...readFields(record.value) }));
  const lost = new Set(read.filter(({ fields }) => fields === null).map(({ key }) => key));
  const judged = read.map(({ key, value, fields, reason }) => {
    if (fields === null) return { key, value, reason };
    const incident = incidentOf(key, fields);
    return { key, value, reason: lost.has(`incident/${incident}`) ? `incident ${incident} cannot be read` : null };
  });
  return {
    readable: judged.filter(({ reason }) => reason === null).map(({ key, value }) => ({ key, value })),
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

/** The incident that a record belongs to. */
function incidentOf(key: string, { incidentId }: Fields): unknown {
  return /^(?:evidence|history)\/(.*)$/.exec(key)?.[1] ?? incidentId;
}
