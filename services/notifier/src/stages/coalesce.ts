import type { LogRecord } from '@faultline/bus';
import { codecs, type Incident } from '@faultline/model';
import type { TraceHeaders } from '@faultline/runtime';

export interface Coalesced {
  /** The latest revision of each incident, in order of first appearance. */
  readonly incidents: readonly Incident[];
  /** The trace that each of them came with. */
  readonly traces: ReadonlyMap<Incident, TraceHeaders>;
  /** Incidents that are no more. */
  readonly retiredIds: readonly string[];
  readonly unreadable: readonly { readonly record: LogRecord; readonly reason: string }[];
}

/** Only the latest revision within a batch is acted upon: the ones before it are already history. */
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
    traces,
    retiredIds: [...latest].filter(([, incident]) => incident === null).map(([id]) => id),
    unreadable,
  };
}
