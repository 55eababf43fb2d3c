import type { LogRecord } from '@faultline/bus';
import { codecs, type Incident } from '@faultline/model';
import type { TraceHeaders } from '@faultline/runtime';

export interface Coalesced {
  /** The latest revision of each incident, in order of first appearance. */
  readonly incidents: readonly Incident[];
  /** Ids of those, and of the removed ones. */
  readonly ids: ReadonlySet<string>;
  /** The trace headers of each revision. */
  readonly traces: ReadonlyMap<Incident, TraceHeaders>;
  /** Incidents whose last record is a tombstone. */
  readonly removedIds: readonly string[];
  readonly unreadable: readonly { readonly record: LogRecord; readonly reason: string }[];
}

/** Keeps the latest revision of each incident in a batch. Earlier ones are already outdated. */
export function coalesce(records: readonly LogRecord[]): Coalesced {
  const latest = new Map<string, Incident | null>();
  const traces = new Map<Incident, TraceHeaders>();
  const unreadable: { record: LogRecord; reason: string }[] = [];
  for (const record of records) {
    if (record.value === null) {
      latest.set(record.key, null);
      continue;
    }
    const decoded = codecs.incident.decode(record.value);
    if (decoded.ok) {
      latest.set(decoded.value.id, decoded.value);
      traces.set(decoded.value, record.headers);
    } else unreadable.push({ record, reason: decoded.reason });
  }
  return {
    incidents: [...latest.values()].filter((incident) => incident !== null),
    ids: new Set(latest.keys()),
    traces,
    removedIds: [...latest].filter(([, incident]) => incident === null).map(([id]) => id),
    unreadable,
  };
}
