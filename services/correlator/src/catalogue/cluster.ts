/** What watched clusters say of owners: labels and annotations of workloads, Services and namespaces. */
import type { EntityBinding } from '@faultline/model';
import type { CatalogueEntry, CatalogueSource } from './entry.ts';

/** Workloads say more of themselves than the namespace that they are in. Ended objects say nothing. */
export function readClusters(bindings: Iterable<EntityBinding>): CatalogueSource {
  const entries = [...bindings].flatMap(entriesOf);
  const disputed = disputedServices(entries);
  const isNamespaceNeeded = ({ match: { service } }: CatalogueEntry) => service === undefined || disputed.has(service);
  return {
    entries: entries
      .map((entry) => (isNamespaceNeeded(entry) ? entry : withoutNamespace(entry)))
      .sort((a, b) => order(a) - order(b) || compare(a.source, b.source)),
    teams: [],
  };
}

function entriesOf({ object, cluster, entities, ownership, toMs }: EntityBinding): readonly CatalogueEntry[] {
  if (ownership === null || ownership === undefined || toMs !== null) return [];
  const { team, contact, runbookUrl, component, application, namedBy } = ownership;
  const { service, namespace = '' } = entities;
  const name = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
  const by = namedBy === '' ? '' : ` (${namedBy})`;
  return [
    {
      match: service === undefined ? { namespace } : { service, namespace },
      team,
      contact,
      runbooks: runbookUrl === '' ? [] : [{ title: '', url: runbookUrl, causeKind: '' }],
      sameAs: [component, application].filter((other) => other !== ''),
      source: `cluster ${cluster}: ${object.kind} ${name}${by}`,
    },
  ];
}

/** Services of one name with different teams. Only the namespace tells them apart. */
function disputedServices(entries: readonly CatalogueEntry[]): ReadonlySet<string> {
  const teams = new Map<string, string>();
  const disputed = new Set<string>();
  for (const { match, team } of entries) {
    const { service } = match;
    if (service === undefined || team === '') continue;
    if ((teams.get(service) ?? team) !== team) disputed.add(service);
    teams.set(service, team);
  }
  return disputed;
}

/** The likely cause may have no alert that names its namespace. */
function withoutNamespace(entry: CatalogueEntry): CatalogueEntry {
  const { namespace: _namespace, ...match } = entry.match;
  return { ...entry, match };
}

function order({ match }: CatalogueEntry): number {
  return match['service'] === undefined ? 1 : 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
