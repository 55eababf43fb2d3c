/** Two recorded faults of two namespaces that alert within half a second: what the core makes of them. */
import type { Alert, Incident, WorkloadFinding } from '@faultline/model';
import type { Report } from '../cluster.ts';
import { firing, noTelemetry } from '../play.ts';
import { runCore, type Store } from '../run-core.ts';
import type { Replayed } from './recording.ts';
import type { Outcome } from './table.ts';

/** An outcome whose fault was found. */
export type Found = Outcome & { readonly finding: WorkloadFinding };

export interface PairOptions {
  /** From the first alert to the second, ms. */
  readonly delayMs: number;
  /** Default: one that holds nothing, and answers after 300 ms. */
  readonly store?: Store;
  /** What to change of each report. Default: nothing. */
  readonly change?: (report: Report) => Report;
  /** What both alerts name beside their object, such as a node. */
  readonly entities?: Alert['entities'];
}

/** The incidents of two alerts with the same rule, two minutes after both faults were reported. All other faults until then are decoys. */
export function playPair(
  { reports }: Pick<Replayed, 'reports'>,
  pair: readonly [Found, Found],
  { delayMs, store = { answer: noTelemetry, latencyMs: 300 }, change = (report) => report, entities = {} }: PairOptions,
): readonly Incident[] {
  const startsAtMs = Math.max(...pair.map(({ finding }) => reportedAtMs(reports, finding))) + 120_000;
  const alerts = pair.map(({ finding }, at) => ({
    ...alertAbout(finding, startsAtMs + at * delayMs, entities),
    id: `alert-${at}`,
    fingerprint: `${at}`,
  }));
  return runCore(reports.filter(({ atMs }) => atMs <= startsAtMs).map(change), alerts, store);
}

function reportedAtMs(reports: readonly Report[], { id }: WorkloadFinding): number {
  return reports.find((report) => report.kind === 'finding' && report.finding.id === id)?.atMs ?? 0;
}

/** Gives every rollout an image of its own, as every recorded fault rolls out the same one. */
export function withOwnImages(report: Report): Report {
  if (report.kind === 'finding') {
    const { finding } = report;
    const targetKey = finding.mechanism.startsWith('image-') ? `${finding.object.namespace}/image` : finding.targetKey;
    return { ...report, finding: { ...finding, targetKey } };
  }
  const { cluster } = report.change;
  if (cluster === null || cluster === undefined) return report;
  const images = cluster.images.map((image) => ({ ...image, to: `${cluster.object.namespace}-${image.container}:2` }));
  return { ...report, change: { ...report.change, cluster: { ...cluster, images } } };
}

function alertAbout({ object, entities }: WorkloadFinding, startsAtMs: number, more: Alert['entities']): Alert {
  const { service, workload, namespace } = entities;
  const label = object.kind === 'Certificate' ? 'name' : object.kind.toLowerCase();
  return firing({
    name: 'KubePodCrashLooping',
    labels: { [label]: object.name, namespace: object.namespace },
    entities: {
      ...(service !== undefined && { service }),
      ...(workload !== undefined && { workload }),
      ...(namespace !== undefined && { namespace }),
      ...more,
    },
    startsAtMs,
  });
}
