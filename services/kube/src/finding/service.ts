/** Whether a Service has somewhere to send its traffic. Pure. */
import type { Entities } from '@faultline/model';
import { at, type JsonObject, list, text, textMap } from '../api/json.ts';
import { qualified } from '../change/subject.ts';
import { isClusterDns } from '../cluster/dns.ts';
import type { KnownObject } from '../cluster/model.ts';
import { concernedBy, podSpecOf, selects } from '../cluster/users.ts';
import { entitiesOfWorkload, knownWorkload } from '../cluster/workload.ts';
import { draftOf, type FaultContext, type FaultDraft } from './draft.ts';

export function faultsOfService(context: FaultContext, service: KnownObject): readonly FaultDraft[] {
  const { model } = context;
  const { reference, body } = service.observed;
  const selector = textMap(body, 'spec', 'selector');
  const entities = entitiesOf(context, service);
  if (Object.keys(selector).length === 0 || text(body, 'spec', 'type') === 'ExternalName') return [];
  const pods = [...model.all('pods', reference.namespace)].filter(({ observed }) => selects(selector, observed.labels));
  const shown = Object.entries(selector).map(([name, value]) => `${name}=${value}`);
  if (pods.length === 0 && isScaledToNothing(context, service))
    return isClusterDns(service.observed) ? dnsDown(context, service, { affected: 0, total: 0 }) : [];
  if (pods.length === 0)
    return [
      draftOf('selector-matches-nothing', reference, entities, {
        field: 'spec.selector',
        targetKey: shown.join(','),
        affected: 0,
        total: 0,
      }),
    ];
  const mismatch = portMismatch(context, service, entities);
  if (mismatch !== null) return [mismatch];
  const ready = readyEndpoints(context, service);
  if (ready === null || ready > 0) return [];
  const facts = { sinceMs: unreadySince(pods), affected: pods.length, total: pods.length };
  if (isClusterDns(service.observed)) return dnsDown(context, service, facts);
  return [draftOf('no-ready-endpoints', reference, entities, { field: 'spec.selector', ...facts })];
}

function entitiesOf({ model, cluster }: FaultContext, { observed }: KnownObject): Entities {
  const [workload, ...others] = concernedBy(model, observed);
  if (workload !== undefined && others.length === 0)
    return qualified(model, entitiesOfWorkload(model, workload, cluster));
  const { name, namespace } = observed.reference;
  return { service: name, namespace, cluster };
}

/** Its workload has no pods because nobody wants any. */
function isScaledToNothing({ model }: FaultContext, { observed }: KnownObject): boolean {
  return concernedBy(model, observed).some(
    (workload) => at(knownWorkload(model, workload)?.observed.body, 'spec')['replicas'] === 0,
  );
}

/** Nobody wants the pods of most Services that are scaled to nothing. The cluster needs those of its DNS. The target is their workload. */
function dnsDown(
  context: FaultContext,
  service: KnownObject,
  facts: Partial<Pick<FaultDraft, 'sinceMs' | 'affected' | 'total'>>,
): readonly FaultDraft[] {
  const [target = null] = concernedBy(context.model, service.observed);
  const entities = entitiesOf(context, service);
  return [draftOf('dns-down', service.observed.reference, entities, { field: 'spec.selector', target, ...facts })];
}

/** How many endpoints are ready; null while no slice is known. */
function readyEndpoints({ model }: FaultContext, { observed: { reference } }: KnownObject): number | null {
  if (!model.isSynced('endpointslices.discovery.k8s.io')) return null;
  let ready = 0;
  for (const { observed } of model.all('endpointslices.discovery.k8s.io', reference.namespace)) {
    if (observed.labels['kubernetes.io/service-name'] !== reference.name) continue;
    // A missing condition counts as ready: discovery.k8s.io/v1, EndpointConditions.
    ready += list(observed.body, 'endpoints').filter(
      (endpoint) => at(endpoint, 'conditions')['ready'] !== false,
    ).length;
  }
  return ready;
}

/** Pods that are being deleted still say that they are ready. */
function unreadySince(pods: readonly KnownObject[]): number | null {
  const since = pods.flatMap(({ observed }) =>
    list(observed.status, 'conditions')
      .filter((entry) => text(entry, 'type') === 'Ready' && text(entry, 'status') === 'False')
      .map((entry) => Date.parse(text(entry, 'lastTransitionTime')))
      .filter((ms) => !Number.isNaN(ms)),
  );
  return since.length === 0 ? null : Math.max(...since);
}

/** A port by name that no container of the workload has. A number may be open without being declared. */
function portMismatch(context: FaultContext, service: KnownObject, entities: Entities): FaultDraft | null {
  const { reference, body } = service.observed;
  const workloads = concernedBy(context.model, service.observed).flatMap(
    (workload) => knownWorkload(context.model, workload) ?? [],
  );
  if (workloads.length === 0) return null;
  const names = new Set(workloads.flatMap(({ observed }) => portNames(podSpecOf(observed))));
  for (const port of list(body, 'spec', 'ports')) {
    const target = port['targetPort'];
    if (typeof target !== 'string' || names.has(target)) continue;
    return draftOf('target-port-mismatch', reference, entities, {
      field: `spec.ports[${text(port, 'name') || text(port, 'port')}].targetPort`,
      targetKey: target,
    });
  }
  return null;
}

function portNames(spec: JsonObject): readonly string[] {
  return list(spec, 'containers').flatMap((container) => list(container, 'ports').map((port) => text(port, 'name')));
}
