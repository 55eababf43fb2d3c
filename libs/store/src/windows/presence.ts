/** The last signs of life of instances, by day. */
import type { Attributes } from '@faultline/model';
import type { PresenceRow, SenderColumns } from '../rows.ts';
import { instanceKey, SenderTable } from './sender-table.ts';

const dayMs = 86_400_000;
/** The column that a signal's items move. */
export type Sign = 'LastSpan' | 'LastMetric' | 'LastLog';

type Summed = { -readonly [Key in keyof PresenceRow]: PresenceRow[Key] };

interface PresentRow extends SenderColumns {
  readonly ResourceAttributes: Attributes;
}

export class Presence {
  readonly #instances = new SenderTable<PresentRow, Map<number, Summed>>(instanceKey, () => new Map());
  /** What a resource says about its instance is read once a day. */
  readonly #read = new Map<Attributes, number>();

  add(row: PresentRow, sign: Sign, atMs: number): void {
    const days = this.#instances.get(row);
    const startMs = Math.floor(atMs / dayMs) * dayMs;
    let day = days.get(startMs);
    if (day === undefined) {
      day = emptyDay(row, startMs);
      days.set(startMs, day);
    }
    if (atMs > day[sign]) day[sign] = atMs;
    if (row.Node > day.Node) day.Node = row.Node;
    if (row.Zone > day.Zone) day.Zone = row.Zone;
    if (sign === 'LastSpan' && this.#read.get(row.ResourceAttributes) !== startMs) {
      this.#read.set(row.ResourceAttributes, startMs);
      addNames(day, row.ResourceAttributes);
    }
  }

  /** One row for each instance and day. */
  rows(): PresenceRow[] {
    return [...this.#instances.values()].flatMap((days) => [...days.values()]);
  }
}

/** Only spans name the cluster, the namespace and the environment of an instance. */
function addNames(day: Summed, attributes: Attributes): void {
  const cluster = attributes['k8s.cluster.name'] ?? '';
  const namespace = attributes['k8s.namespace.name'] ?? '';
  const environment = attributes['deployment.environment.name'] || attributes['deployment.environment'] || '';
  if (cluster > day.Cluster) day.Cluster = cluster;
  if (namespace > day.Namespace) day.Namespace = namespace;
  if (environment !== '' && !day.EnvironmentNames.includes(environment))
    day.EnvironmentNames = [...day.EnvironmentNames, environment];
}

function emptyDay(row: SenderColumns, startMs: number): Summed {
  return {
    Tenant: row.Tenant,
    Environment: row.Environment,
    Day: startMs,
    Service: row.ServiceName,
    Instance: row.Instance,
    Node: row.Node,
    Zone: row.Zone,
    Cluster: '',
    Namespace: '',
    EnvironmentNames: [],
    LastSpan: 0,
    LastMetric: 0,
    LastLog: 0,
  };
}
