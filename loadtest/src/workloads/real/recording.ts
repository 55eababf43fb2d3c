/** What an API server sent, line by line, and its replay through the Kubernetes source: the same changes and findings, without a server. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  ClusterEngine,
  createConcealer,
  emptyState,
  type JsonObject,
  type ResourceKind,
  resourceKinds,
} from '@faultline/kube/engine';
import { type Change, codecs, recordTypeHeader, recordTypes, type WorkloadFinding } from '@faultline/model';
import { clusterScope, type Report } from '../cluster.ts';

/** A line of a recording. The first of each kind is its list. */
export type RecordedLine =
  | { readonly atMs: number; readonly kind: string; readonly list: readonly JsonObject[]; readonly version: string }
  | { readonly atMs: number; readonly kind: string; readonly type: string; readonly object: JsonObject };

/**
 * An object without what makes up most of its size and is never read: the fields of managed fields, and nothing else. Values of Secrets stay:
 * the recording is of planted ones, and a test looks for them.
 */
export function trimmed(object: JsonObject): JsonObject {
  const metadata = object['metadata'] as JsonObject;
  const managed = (metadata['managedFields'] ?? []) as readonly JsonObject[];
  const managedFields = managed.map(({ manager = '', operation = '', time = '', subresource }) => ({
    manager,
    operation,
    time,
    ...(subresource !== undefined && { subresource }),
  }));
  return { ...object, metadata: { ...metadata, managedFields } };
}

export function writeRecording(file: string, lines: readonly RecordedLine[]): void {
  writeFileSync(file, gzipSync(lines.map((line) => JSON.stringify(line)).join('\n'), { level: 9 }));
}

export function readRecording(file: string): readonly RecordedLine[] {
  const text = gunzipSync(readFileSync(file)).toString('utf8');
  return text.split('\n').map((line) => JSON.parse(line) as RecordedLine);
}

export interface Replayed {
  /** In the order in which they were written; the last version of a change or finding counts. */
  readonly changes: readonly Change[];
  readonly findings: readonly WorkloadFinding[];
  /** The same with the time at which each was written. */
  readonly reports: readonly Report[];
  /** Everything that was written, as one text: no value of a Secret may be in it. */
  readonly written: string;
}

export const replayedCluster = 'replayed';
const tickMs = 10_000;

/** Takes each line at its time, and lets time pass in between and for a minute after the last one. */
export function replay(lines: readonly RecordedLine[]): Replayed {
  const out = { texts: [] as string[], reports: [] as Report[] };
  const engine = createEngine();
  const take = ({ records }: ReturnType<ClusterEngine['tick']>, atMs: number) => {
    for (const { topic, value, headers } of records) {
      if (value === null) continue;
      out.texts.push(Buffer.from(value).toString('latin1'));
      const type = topic === 'changes' ? headers?.[recordTypeHeader] : undefined;
      if (type === recordTypes.change)
        out.reports.push({ atMs, kind: 'change', change: expectOk(codecs.change.decode(value)) });
      if (type === recordTypes.workloadFinding)
        out.reports.push({ atMs, kind: 'finding', finding: expectOk(codecs.workloadFinding.decode(value)) });
    }
  };
  let tickedMs = lines[0]?.atMs ?? 0;
  const tickUntil = (atMs: number) => {
    for (; tickedMs + tickMs <= atMs; tickedMs += tickMs) take(engine.tick(tickedMs + tickMs), tickedMs + tickMs);
  };
  for (const line of lines) {
    tickUntil(line.atMs);
    take(engine.take([inputOf(line)], line.atMs), line.atMs);
  }
  tickUntil((lines.at(-1)?.atMs ?? 0) + 60_000);
  const { reports } = out;
  const changes = reports.flatMap((report) => (report.kind === 'change' ? [report.change] : []));
  const findings = reports.flatMap((report) => (report.kind === 'finding' ? [report.finding] : []));
  return { changes, findings, reports, written: out.texts.join('\n') };
}

function createEngine(): ClusterEngine {
  return new ClusterEngine({
    identity: { cluster: replayedCluster, scope: clusterScope },
    concealer: createConcealer('replay'),
    saved: emptyState(),
    addressMemoryMs: 86_400_000,
    positionMs: 3_600_000,
    drift: null,
    onProblem: (_resource, error) => {
      throw error;
    },
    kinds: resourceKinds,
  });
}

function inputOf(line: RecordedLine): Parameters<ClusterEngine['take']>[0][number] {
  const kind = kindOf(line.kind);
  if ('list' in line) return { type: 'listed', kind, items: line.list, resourceVersion: line.version };
  return { type: line.type === 'DELETED' ? 'deleted' : 'changed', kind, object: line.object };
}

function kindOf(name: string): ResourceKind {
  const kind = resourceKinds.find((entry) => entry.kind === name);
  if (kind === undefined) throw new Error(`the source reads no ${name}`);
  return kind;
}

function expectOk<Value>(
  decoded: { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly reason: string },
): Value {
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}
