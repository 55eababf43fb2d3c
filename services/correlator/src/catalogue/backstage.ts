/**
 * Backstage's `catalog-info.yaml`: owners of components, APIs, resources and systems, and how to reach groups and users.
 * Format: https://backstage.io/docs/features/software-catalog/descriptor-format.
 */
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { CatalogueSource } from './entry.ts';

const text = z.string().catch('');

/** The fields that are read. Others are the concern of Backstage, so none is refused. */
const entity = z.object({
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).catch({}),
    links: z.array(z.object({ url: z.string(), title: text, type: text })).catch([]),
  }),
  spec: z.object({ owner: text, profile: z.object({ email: text }).catch({ email: '' }) }).catch({
    owner: '',
    profile: { email: '' },
  }),
});
type Entity = z.infer<typeof entity>;

const owned: ReadonlySet<string> = new Set(['Component', 'API', 'Resource', 'System']);
const owners: ReadonlySet<string> = new Set(['Group', 'User']);

/** Documents of other kinds, such as `Location`, say nothing. Throws when the file is no YAML. */
export function readBackstage(file: string, source: string): CatalogueSource {
  const documents = parseAllDocuments(file);
  const problem = documents.flatMap(({ errors }) => errors)[0];
  if (problem !== undefined) throw problem;
  const entities = documents.flatMap((document) => entity.safeParse(document.toJS()).data ?? []);
  return {
    entries: entities.filter(({ kind }) => owned.has(kind)).flatMap((found) => entriesOf(found, source)),
    teams: entities
      .filter(({ kind, spec }) => owners.has(kind) && spec.profile.email !== '')
      .map(({ kind, metadata, spec }) => ({
        team: metadata.name,
        contact: spec.profile.email,
        source: `${source}: ${kind} ${metadata.name}`,
      })),
  };
}

/** One for the entity's own name, and one for its name in Kubernetes. */
function entriesOf({ kind, metadata, spec }: Entity, source: string): CatalogueSource['entries'] {
  const { name, annotations, links } = metadata;
  const inKubernetes = annotations['backstage.io/kubernetes-id'] ?? name;
  const runbooks = links
    .filter(({ type }) => type === 'runbook')
    .map(({ title, url }) => ({ title, url, causeKind: '' as const }));
  return [...new Set([name, inKubernetes])].map((service) => ({
    match: { service },
    team: nameOfReference(spec.owner),
    contact: '',
    runbooks,
    sameAs: [],
    source: `${source}: ${kind} ${name}`,
  }));
}

/** `group:default/shop`, `default/shop` and `shop` all name the team `shop`. */
function nameOfReference(reference: string): string {
  return reference.slice(Math.max(reference.lastIndexOf('/'), reference.lastIndexOf(':')) + 1);
}
