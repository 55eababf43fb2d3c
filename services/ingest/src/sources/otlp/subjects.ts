/**
 * From decoded telemetry to resources with a scope and entities. A resource names its sender; but a collector that scrapes sends the metrics
 * of others, and a proxy the spans of the workload behind it. Such items get a resource of their own.
 */
import {
  type Attributes,
  type Entities,
  isExporter,
  peerOf,
  proxiedServiceOf,
  type Resource,
  resolvePoint,
  resolveResource,
  type Span,
} from '@faultline/model';
import { boundAttributes } from '../../attributes.ts';
import { scopeOf } from '../../scope.ts';
import { placeOf } from '../../service-names.ts';
import type { BareResource, SourceContext, SourceRequest, Telemetry } from '../../source.ts';

export type TelemetrySignal = 'spans' | 'logs' | 'metrics';

interface AnyItem {
  readonly resource: number;
  readonly attributes: Attributes;
}

/** Resources for others than the sender, for each request. Beyond it items stay with their sender. */
const maxDerived = 10_000;
/** A derived resource is written for each subject: a large one must not multiply. */
const maxDerivedBytes = 2048;

/** The resources of a request, with what they speak of. What they tell of namespaces is remembered first. */
export function withResources<Item extends AnyItem>(
  telemetry: Telemetry<Item, BareResource>,
  { signal, request, context }: { signal: TelemetrySignal; request: SourceRequest; context: SourceContext },
): Telemetry<Item> {
  const senders = telemetry.resources.map((bare) => senderOf(bare, { signal, request, context }));
  const found = { ...telemetry, resources: senders };
  const subjects = signal === 'logs' ? found : apart(found, subjectReader(found, signal, context));
  for (const { scope, entities, attributes } of subjects.resources)
    context.serviceNames.learn(placeOf(scope, entities, attributes), 'telemetry');
  const resources = subjects.resources.map((resource) => ({
    ...resource,
    entities: context.serviceNames.qualify(placeOf(resource.scope, resource.entities, resource.attributes)),
  }));
  return { ...subjects, resources };
}

function senderOf(
  { attributes, scopeName, scopeVersion }: BareResource,
  { signal, request, context }: { signal: TelemetrySignal; request: SourceRequest; context: SourceContext },
): Resource {
  return {
    scope: scopeOf(request.tenant, attributes, context),
    // A resource is written again in each block that uses it: a large one must not multiply.
    attributes: boundAttributes(attributes, context.config.limits.textBytes),
    entities: resolveResource(attributes, signal, context.entityRules),
    scopeName,
    scopeVersion,
  };
}

/** The entities of an item that is about somebody else than its sender; null when it is the sender's own. */
type ReadSubject = (item: AnyItem) => Entities | null;

function subjectReader(
  { resources }: { readonly resources: readonly Resource[] },
  signal: TelemetrySignal,
  { entityRules }: SourceContext,
): ReadSubject {
  if (signal === 'spans') return (span) => proxiedSubject(span, resources[span.resource]?.entities ?? {});
  const exporting = resources.map(({ attributes }) => isExporter(attributes, entityRules));
  return (point) => {
    const attributes = exporting[point.resource] === true ? resources[point.resource]?.attributes : undefined;
    return attributes === undefined ? null : resolvePoint(attributes, point.attributes, entityRules);
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

/** Tells the recorder which of several services of one name a span calls: the one in its caller's namespace, or in that of the address. */
export function withPeers(telemetry: Telemetry<Span>, { serviceNames }: SourceContext): Telemetry<Span> {
  if (!telemetry.resources.some(({ scope }) => serviceNames.hasShared(scope))) return telemetry;
  const items = telemetry.items.map((span) => {
    const resource = telemetry.resources[span.resource];
    const name = resource === undefined ? '' : peerOf(span);
    if (resource === undefined || name === '') return span;
    const namespace = namespaceOfAddress(span.attributes) || ownNamespace(resource);
    const peer = serviceNames.qualifyName(resource.scope, name, namespace);
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
