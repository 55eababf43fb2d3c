/**
 * From decoded telemetry to resources with a scope and entities. A resource names its sender; but a collector that scrapes sends the metrics
 * of others, and a proxy the spans of the workload behind it. Such items get a resource of their own.
 */
import {
  type Attributes,
  type Entities,
  isAddress,
  isExporter,
  peerOf,
  proxiedServiceOf,
  type Resource,
  resolvePoint,
  resolveResource,
  type Span,
  withCluster,
} from '@faultline/model';
import { boundAttributes } from '../../attributes.ts';
import { cut } from '../../field.ts';
import { telemetryOrigin } from '../../scope.ts';
import { placeOf } from '../../service-names.ts';
import type { BareResource, SourceContext, SourceRequest, Telemetry } from '../../source.ts';

export type TelemetrySignal = 'spans' | 'logs' | 'metrics';

interface AnyItem {
  readonly resource: number;
  readonly attributes: Attributes;
}

/** The request that telemetry came in. */
interface Origin {
  readonly signal: TelemetrySignal;
  readonly request: SourceRequest;
  readonly context: SourceContext;
}

/** Resources for others than the sender, for each request. Beyond it items stay with their sender. */
const maxDerived = 10_000;
/** A derived resource is written for each subject: a large one must not multiply. */
const maxDerivedBytes = 2048;

/** The resources of a request, with what they speak of. What they tell of namespaces is remembered first. */
export function withResources<Item extends AnyItem>(
  telemetry: Telemetry<Item, BareResource>,
  origin: Origin,
): Telemetry<Item> {
  const { signal, context } = origin;
  const describe = once((attributes) => describeSender(attributes, origin));
  const senders = telemetry.resources.map(
    ({ attributes, scopeName, scopeVersion }): Resource => ({ ...describe(attributes), scopeName, scopeVersion }),
  );
  const found = { ...telemetry, resources: senders };
  const subjects = signal === 'logs' ? found : apart(found, subjectReader(found, origin));
  return { ...subjects, resources: qualified(subjects.resources, context) };
}

/** Namespaces are learned from all of a request before any of its names is decided. The scopes of one resource share its entities. */
function qualified(resources: readonly Resource[], { serviceNames }: SourceContext): Resource[] {
  const places = new Map(
    resources.map(({ scope, entities, attributes }) => [entities, placeOf(scope, entities, attributes)]),
  );
  for (const place of places.values()) serviceNames.learn(place, 'telemetry');
  const names = new Map([...places].map(([entities, place]) => [entities, serviceNames.qualify(place)]));
  return resources.map((resource) => ({ ...resource, entities: names.get(resource.entities) ?? resource.entities }));
}

type Described = Pick<Resource, 'scope' | 'attributes' | 'entities'>;

/** What the scopes of one resource share: worked out once for the resource, not once for each scope. */
function once(describe: (attributes: BareResource['attributes']) => Described): typeof describe {
  const known = new Map<BareResource['attributes'], Described>();
  return (attributes) => {
    const described = known.get(attributes) ?? describe(attributes);
    known.set(attributes, described);
    return described;
  };
}

function describeSender(attributes: BareResource['attributes'], { signal, request, context }: Origin): Described {
  const { limits } = context.config;
  const labelled = resolveResource(attributes, signal, context.entityRules);
  const named = context.clusterNames.complete(request, labelled, attributes, request.receivedAtMs);
  const { scope, cluster } = telemetryOrigin(request.tenant, attributes, named, context);
  return {
    scope,
    // A resource is written again in each block that uses it: a large one must not multiply.
    attributes: withClusterName(boundAttributes(attributes, limits.textBytes), named, cluster),
    entities: boundNames(withCluster(named, { cluster }), limits.labelValueBytes),
  };
}

/** The store reads clusters from the attribute. */
function withClusterName(attributes: Attributes, named: Entities, cluster: string): Attributes {
  return cluster === '' || named.cluster !== undefined ? attributes : { ...attributes, 'k8s.cluster.name': cluster };
}

function boundNames(entities: Entities, maxLength: number): Entities {
  return Object.fromEntries(Object.entries(entities).map(([kind, name]) => [kind, cut(name, maxLength)]));
}

/** The entities of an item that is about somebody else than its sender; null when it is the sender's own. */
type ReadSubject = (item: AnyItem) => Entities | null;

function subjectReader(
  { resources }: { readonly resources: readonly Resource[] },
  { signal, request, context }: Origin,
): ReadSubject {
  const { entityRules, config, clusterNames } = context;
  if (signal === 'spans') return (span) => proxiedSubject(span, resources[span.resource]?.entities ?? {});
  const senders = new Map(resources.map(({ attributes }) => [attributes, false]));
  for (const attributes of senders.keys()) senders.set(attributes, isExporter(attributes, entityRules));
  return (point) => {
    const attributes = resources[point.resource]?.attributes;
    if (attributes === undefined || senders.get(attributes) !== true) return null;
    const entities = resolvePoint(attributes, point.attributes, entityRules);
    if (entities === null) return null;
    const known = clusterNames.complete(request, entities, point.attributes, request.receivedAtMs);
    return boundNames(known, config.limits.labelValueBytes);
  };
}

function proxiedSubject({ attributes }: AnyItem, sender: Entities): Entities | null {
  const proxied = proxiedServiceOf(attributes);
  if (proxied === null || proxied.service === sender.service) return null;
  const { service, namespace } = proxied;
  return { ...sender, service, ...(namespace === '' ? {} : { namespace }) };
}

/** Gives each item that is about somebody else a resource of its own, shared by all items about the same. */
function apart<Item extends AnyItem>(telemetry: Telemetry<Item>, subjectOf: ReadSubject): Telemetry<Item> {
  const resources = [...telemetry.resources];
  const known = new Map<string, number>();
  const items = telemetry.items.map((item) => {
    const sender = telemetry.resources[item.resource];
    const entities = subjectOf(item);
    if (entities === null || sender === undefined) return item;
    const key = `${item.resource}/${JSON.stringify(entities)}`;
    let place = known.get(key);
    if (place === undefined) {
      if (known.size >= maxDerived) return item;
      place = resources.push(derived(sender, entities)) - 1;
      known.set(key, place);
    }
    return { ...item, resource: place };
  });
  return { ...telemetry, items, resources };
}

/** What describes the sender, and would be taken for the subject. */
const senderAttributes: ReadonlySet<string> = new Set([
  'service.name',
  'service.namespace',
  'service.instance.id',
  'service.version',
]);

/** A machine's metrics keep the name of their exporter: a machine is no service. */
function derived(sender: Resource, entities: Entities): Resource {
  const isOfMachine = (entities.service ?? entities.workload ?? entities.database ?? entities.topic) === undefined;
  const { 'service.name': scraper = '' } = sender.attributes;
  const rest = Object.entries(sender.attributes).filter(([name]) => !senderAttributes.has(name));
  const attributes = isOfMachine ? sender.attributes : { ...Object.fromEntries(rest), 'faultline.sent_by': scraper };
  return { ...sender, entities, attributes: boundAttributes(attributes, maxDerivedBytes) };
}

/**
 * Tells the recorder which of several services of one name a span calls: the one in its caller's namespace, or in that of the address. An
 * address alone is looked up among those of the watched clusters.
 */
export function withPeers(telemetry: Telemetry<Span>, { serviceNames, clusterNames }: SourceContext): Telemetry<Span> {
  const hasShared = telemetry.resources.some(({ scope }) => serviceNames.hasShared(scope));
  if (!hasShared && !clusterNames.knowsAny()) return telemetry;
  const items = telemetry.items.map((span) => {
    const resource = telemetry.resources[span.resource];
    const name = resource === undefined ? '' : peerOf(span);
    if (resource === undefined || name === '') return span;
    const namespace = namespaceOfAddress(span.attributes) || ownNamespace(resource);
    const known = isAddress(name)
      ? clusterNames.serviceAt(resource.scope, name, Number(span.startNs / 1_000_000n))
      : '';
    const peer = serviceNames.qualifyName(resource.scope, known || name, namespace);
    return peer === name ? span : { ...span, attributes: { ...span.attributes, 'faultline.peer': peer } };
  });
  return { ...telemetry, items };
}

function ownNamespace({ attributes, entities }: Resource): string {
  return attributes['service.namespace'] ?? entities.namespace ?? '';
}

/** `cart.shop.svc.cluster.local` is in shop. */
function namespaceOfAddress(attributes: Attributes): string {
  const address = attributes['server.address'] ?? attributes['net.peer.name'] ?? '';
  return /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.|:|$)/i.exec(address)?.[1] ?? '';
}
