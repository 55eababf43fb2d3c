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
  type SpanKind,
  withCluster,
} from '@faultline/model';
import { boundAttributes } from '../../attributes.ts';
import type { AnyItem, EncodedItems } from '../../encode/encoded-items.ts';
import { pointAttributeBytes } from '../../encode/point-attributes.ts';
import { spanKindOf } from '../../encode/span-kind.ts';
import { cut } from '../../field.ts';
import { telemetryOrigin } from '../../scope.ts';
import type { Sender, Subject } from '../../sender-cache.ts';
import type { BareResource, SourceContext, SourceRequest, Telemetry } from '../../source.ts';

export type TelemetrySignal = 'spans' | 'logs' | 'metrics';

/** The request that telemetry came in. */
interface Origin {
  readonly signal: TelemetrySignal;
  readonly request: SourceRequest;
  readonly context: SourceContext;
}

/** One scope of a sender: a resource whose names are not yet decided. */
interface SenderScope {
  readonly sender: Sender;
  readonly scopeName: string;
  readonly scopeVersion: string;
}

/** Resources for others than the sender, for each request. Beyond it items stay with their sender. */
const maxDerived = 10_000;
/** A derived resource is written for each subject: a large one must not multiply. */
const maxDerivedBytes = 2048;

/** The resources of a request, with what they are about. Namespaces are learned from all of a request before any of its names is decided. */
export function withResources<Item extends AnyItem>(
  telemetry: Telemetry<Item, BareResource>,
  origin: Origin,
): Telemetry<Item> {
  const { signal, request, context } = origin;
  const owner = `${signal}/${request.tenant}`;
  const scopes = telemetry.resources.map(
    ({ attributes, scopeName, scopeVersion }): SenderScope => ({
      sender: context.senders.sender(attributes, owner, () => describeSender(attributes, origin)),
      scopeName,
      scopeVersion,
    }),
  );
  if (signal !== 'logs') separate(telemetry.items, scopes, subjectReader(telemetry.items, scopes, origin));
  for (const { sender } of scopes) sender.learn(context.serviceNames);
  const resources = scopes.map(({ sender, scopeName, scopeVersion }) =>
    sender.resource(scopeName, scopeVersion, context),
  );
  context.senders.makeRoom();
  return { resources, items: telemetry.items };
}

function describeSender(attributes: BareResource['attributes'], { signal, request, context }: Origin): Subject {
  const { limits } = context.config;
  const named = resolveResource(attributes, signal, context.entityRules);
  const { scope, cluster } = telemetryOrigin(request.tenant, attributes, named, context);
  return {
    scope,
    // A resource is written again in each block that uses it: a large one must not multiply.
    attributes: withClusterName(boundAttributes(attributes, limits.textBytes), named, cluster),
    entities: boundNames(withCluster(named, { cluster }), limits.labelValueBytes),
  };
}

/** The store reads clusters from the attribute. */
export function withClusterName(attributes: Attributes, named: Entities, cluster: string): Attributes {
  return cluster === '' || named.cluster !== undefined ? attributes : { ...attributes, 'k8s.cluster.name': cluster };
}

export function boundNames(entities: Entities, maxLength: number): Entities {
  return Object.fromEntries(Object.entries(entities).map(([kind, name]) => [kind, cut(name, maxLength)]));
}

/** Finds the items that are about somebody else than their sender. */
interface SubjectReader {
  /** The items to look at. */
  readonly indexes: Iterable<number>;
  /** Whom an item is about; null when it is about its sender. */
  readonly subjectOf: (index: number, sender: Sender) => Entities | null;
}

/** A proxy's spans say whom they are about, and so do the points of an exporter. */
function subjectReader<Item extends AnyItem>(
  items: EncodedItems<Item>,
  scopes: readonly SenderScope[],
  { signal, context }: Origin,
): SubjectReader {
  if (signal === 'spans')
    return {
      indexes: items.namingOther,
      subjectOf: (index, { subject }) => proxiedSubject(items.at(index), subject.entities),
    };
  const { entityRules, config } = context;
  return {
    indexes: pointsOfExporters(items, scopes, context),
    subjectOf: (index, sender) =>
      sender.pointSubject(pointAttributeBytes(items, index), () => {
        const entities = resolvePoint(sender.subject.attributes, items.at(index).attributes, entityRules);
        return entities === null ? null : boundNames(entities, config.limits.labelValueBytes);
      }),
  };
}

function* pointsOfExporters<Item extends AnyItem>(
  items: EncodedItems<Item>,
  scopes: readonly SenderScope[],
  { entityRules }: SourceContext,
): Generator<number> {
  const areExporters = scopes.map(({ sender }) =>
    sender.isExporter(() => isExporter(sender.subject.attributes, entityRules)),
  );
  if (!areExporters.includes(true)) return;
  for (let index = 0; index < items.length; index++) if (areExporters[items.resource(index)] === true) yield index;
}

function proxiedSubject({ attributes }: AnyItem, sender: Entities): Entities | null {
  const proxied = proxiedServiceOf(attributes);
  if (proxied === null || proxied.service === sender.service) return null;
  const { service, namespace } = proxied;
  return { ...sender, service, ...(namespace === '' ? {} : { namespace }) };
}

/** Gives each item that is about somebody else a scope of its own, shared by all items about the same. */
function separate<Item extends AnyItem>(
  items: EncodedItems<Item>,
  scopes: SenderScope[],
  { indexes, subjectOf }: SubjectReader,
): void {
  const known = new Map<string, number>();
  for (const index of indexes) {
    const place = items.resource(index);
    const scope = scopes[place];
    const entities = scope === undefined ? null : subjectOf(index, scope.sender);
    if (entities === null || scope === undefined) continue;
    const key = `${place}/${JSON.stringify(entities)}`;
    const other = known.get(key) ?? (known.size < maxDerived ? addScope(scopes, scope, entities) : place);
    if (other !== place) known.set(key, other);
    items.setResource(index, other);
  }
}

function addScope(scopes: SenderScope[], scope: SenderScope, entities: Entities): number {
  const { sender } = scope;
  const other = sender.other(entities, () => derived(sender.subject, entities));
  return scopes.push({ ...scope, sender: other }) - 1;
}

/** What describes the sender, and would be taken for the subject. */
const senderAttributes: ReadonlySet<string> = new Set([
  'service.name',
  'service.namespace',
  'service.instance.id',
  'service.version',
]);

/** A machine's metrics keep the name of their exporter: a machine is no service. */
export function derived(sender: Subject, entities: Entities): Subject {
  const isOfMachine = (entities.service ?? entities.workload ?? entities.database ?? entities.topic) === undefined;
  const { 'service.name': scraper = '' } = sender.attributes;
  const rest = Object.entries(sender.attributes).filter(([name]) => !senderAttributes.has(name));
  const attributes = isOfMachine ? sender.attributes : { ...Object.fromEntries(rest), 'faultline.sent_by': scraper };
  return { scope: sender.scope, entities, attributes: boundAttributes(attributes, maxDerivedBytes) };
}

/** Spans that name a peer. */
const callers: ReadonlySet<SpanKind> = new Set(['client', 'producer', 'consumer']);

/**
 * Tells the recorder which of several services of one name a span calls: the one in its caller's namespace, or in that of the address. An
 * address alone is looked up among those of the watched clusters.
 */
export function withPeers(telemetry: Telemetry<Span>, { serviceNames, clusterNames }: SourceContext): Telemetry<Span> {
  const { resources, items } = telemetry;
  const hasShared = resources.some(({ scope }) => serviceNames.hasShared(scope));
  if (!hasShared && !clusterNames.knowsAny()) return telemetry;
  for (let index = 0; index < items.length; index++) {
    if (!callers.has(spanKindOf(items, index))) continue;
    const span = items.at(index);
    const resource = resources[span.resource];
    const name = resource === undefined ? '' : peerOf(span);
    if (resource === undefined || name === '') continue;
    const namespace = namespaceOfAddress(span.attributes) || ownNamespace(resource);
    const atMs = Number(span.startNs / 1_000_000n);
    const known = isAddress(name) ? clusterNames.serviceAt(resource.scope, name, atMs) : '';
    const peer = serviceNames.qualifyName(resource.scope, known || name, namespace);
    if (peer !== name) items.replace(index, { ...span, attributes: { ...span.attributes, 'faultline.peer': peer } });
  }
  return telemetry;
}

function ownNamespace({ attributes, entities }: Resource): string {
  return attributes['service.namespace'] ?? entities.namespace ?? '';
}

/** `cart.shop.svc.cluster.local` is in shop. */
function namespaceOfAddress(attributes: Attributes): string {
  const address = attributes['server.address'] ?? attributes['net.peer.name'] ?? '';
  return /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.|:|$)/i.exec(address)?.[1] ?? '';
}
