/**
 * What alerts may share although no telemetry tells of them: their namespace, the application in their name, their rule. Traits are kept as
 * keys, `kind:value`, beside the entities of an incident's members.
 */
import type { AlertState } from './records.ts';
import { subjectOf } from './subject.ts';

export const traitKinds = ['namespace', 'application', 'rule'] as const;
export type TraitKind = (typeof traitKinds)[number];

/** Names that senders fill in where nobody chose one. Sharing them says nothing. */
const emptyNamespaces: ReadonlySet<string> = new Set(['default']);

/** Parts of one application have its name and one of these: `checkout-api`, `checkout-db`. */
const roles: ReadonlySet<string> = new Set(
  [
    'api app backend consumer cron frontend gateway job producer proxy scheduler server service svc web worker workers',
    'cache database db kafka memcached mongo mongodb mysql postgres postgresql queue rabbitmq redis',
    'blue canary green leader main master primary replica stable',
  ].flatMap((line) => line.split(' ')),
);
/** Shorter names are abbreviations that several applications may share. */
const leastLength = 3;

/** The value of each trait that the alert has. */
export function traitsOf({
  name,
  entities,
}: Pick<AlertState, 'name' | 'entities'>): Partial<Record<TraitKind, string>> {
  const { namespace } = entities;
  const application = applicationOf(subjectOf(entities).service);
  return {
    ...(namespace !== undefined && !emptyNamespaces.has(namespace) && { namespace }),
    ...(application !== '' && { application }),
    rule: name,
  };
}

/** `checkout` for `shop/checkout-api`, `checkout-worker-canary` and `postgresql/checkout`. Empty where no name is left. */
export function applicationOf(service: string): string {
  const parts = (service.split('/').at(-1) ?? '').toLowerCase().split(/[-_.]/);
  while (parts.length > 1 && roles.has(parts.at(-1) ?? '')) parts.pop();
  const name = parts.join('-');
  return name.length < leastLength || roles.has(name) ? '' : name;
}

/** Alerts that name different places of these kinds do not belong together by this trait: one rule fires in many namespaces. */
const mustAgree: Readonly<Record<TraitKind, readonly PlaceKind[]>> = {
  namespace: ['cluster'],
  application: ['cluster', 'namespace'],
  rule: ['cluster', 'namespace', 'node'],
};
const placeKinds = ['cluster', 'namespace', 'node'] as const;
type PlaceKind = (typeof placeKinds)[number];

/** The keys by which an incident is found, those that tell which kinds of place it names, and those of rules about grouping. */
export function traitKeys(alert: Pick<AlertState, 'name' | 'entities' | 'groupKeys'>): string[] {
  const places = placeKinds.filter((kind) => alert.entities[kind] !== undefined);
  return [
    ...Object.entries(traitsOf(alert)).map(([kind, value]) => traitKey(kind, value)),
    ...places.map((kind) => `names:${kind}`),
    ...(alert.groupKeys ?? []),
  ];
}

function traitKey(kind: string, value: string): string {
  return `shared-${kind}:${value}`;
}

/** The first trait that an alert shares with a group whose keys these are; null when they share none. */
export function sharedTrait(
  keys: Pick<ReadonlySet<string>, 'has'>,
  alert: Pick<AlertState, 'name' | 'entities'>,
): { readonly trait: TraitKind; readonly value: string } | null {
  const isElsewhere = (kind: PlaceKind): boolean => {
    const name = alert.entities[kind];
    return name !== undefined && keys.has(`names:${kind}`) && !keys.has(`${kind}:${name}`);
  };
  const traits = traitsOf(alert);
  for (const trait of traitKinds) {
    const value = traits[trait];
    if (value === undefined || !keys.has(traitKey(trait, value))) continue;
    if (!mustAgree[trait].some(isElsewhere)) return { trait, value };
  }
  return null;
}
