/** Turns records of alerts, changes and incidents into rows of the history tables. Pure. */
import { codecs, type Decoded, recordTypeHeader, recordTypes, type TopicName } from '@faultline/model';
import {
  alertRow,
  type Batch,
  changeRow,
  declaredEdgeRows,
  driftRow,
  incidentAlertRow,
  incidentRow,
  workloadFindingRow,
} from '@faultline/store';
import { createRowBuffer, type RowBuffer } from '../checkpoint/batches.ts';

export type HistoryTopic = Extract<TopicName, 'alerts' | 'changes' | 'incidents' | 'incident-alerts'>;
export const historyTopics: readonly HistoryTopic[] = ['alerts', 'changes', 'incidents', 'incident-alerts'];

export interface HistoryRecord {
  readonly topic: HistoryTopic;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface UnreadableRecord {
  readonly record: HistoryRecord;
  readonly reason: string;
}

/**
 * The rows of polled records, and the records that cannot be decoded. History tables keep one row per id, so reading a
 * record again after a crash changes nothing. Tombstones are ignored, because history stays.
 */
export function historyBatches(records: readonly HistoryRecord[]): {
  readonly batches: readonly Batch[];
  readonly unreadable: readonly UnreadableRecord[];
} {
  const rows = createRowBuffer();
  const unreadable: UnreadableRecord[] = [];
  for (const record of records) {
    const reason = record.value === null ? null : addRows(rows, record, record.value);
    if (reason !== null) unreadable.push({ record, reason });
  }
  const range = rangesOf(records);
  return { batches: rows.batches((table) => `history/${range}/${table}`), unreadable };
}

/** Null when the rows were added, otherwise the reason. */
function addRows(rows: RowBuffer, { topic, headers }: HistoryRecord, value: Uint8Array): string | null {
  switch (topic) {
    case 'alerts':
      return take(codecs.alert.decode(value), (alert) => rows.add('alerts', [alertRow(alert)]));
    case 'changes':
      if (headers[recordTypeHeader] === recordTypes.declaredGraph)
        return take(codecs.declaredGraph.decode(value), (graph) => rows.add('declared_edges', declaredEdgeRows(graph)));
      if (headers[recordTypeHeader] === recordTypes.workloadFinding)
        return take(codecs.workloadFinding.decode(value), (finding) =>
          rows.add('workload_findings', [workloadFindingRow(finding)]),
        );
      if (headers[recordTypeHeader] === recordTypes.drift)
        return take(codecs.drift.decode(value), (drift) => rows.add('drift', [driftRow(drift)]));
      return take(codecs.change.decode(value), (change) => rows.add('changes', [changeRow(change)]));
    case 'incidents':
      return take(codecs.incident.decode(value), (incident) => rows.add('incidents', [incidentRow(incident)]));
    case 'incident-alerts':
      return take(codecs.incidentMember.decode(value), (member) =>
        rows.add('incident_alerts', [incidentAlertRow(member)]),
      );
  }
}

function take<Value>(decoded: Decoded<Value>, add: (value: Value) => void): string | null {
  if (!decoded.ok) return decoded.reason;
  add(decoded.value);
  return null;
}

/** The polled ranges by topic: `alerts/0/17-20,incidents/0/3-3`. */
function rangesOf(records: readonly HistoryRecord[]): string {
  const ranges = historyTopics.flatMap((topic) => {
    const offsets = records.filter((record) => record.topic === topic);
    const [first, last] = [offsets[0], offsets.at(-1)];
    return first === undefined || last === undefined
      ? []
      : [`${topic}/${first.partition}/${first.offset}-${last.offset}`];
  });
  return ranges.join(',');
}
