/**
 * Network policies that let nobody reach what a Service sends traffic to, or that cut a workload off from the cluster's DNS. Policies add up:
 * traffic passes when any of them allows it (networking.k8s.io/v1, NetworkPolicySpec). A cluster whose network plugin ignores policies shows
 * the same objects, so the ranking asks the telemetry whether calls fail. Pure.
 */
import type { ObjectReference } from '@faultline/model';
import { at, type JsonObject, list, textMap, texts } from '../api/json.ts';
import { qualified } from '../change/subject.ts';
import { isClusterDns } from '../cluster/dns.ts';
import type { KnownObject } from '../cluster/model.ts';
import { concernedBy, podLabelsOf, podSpecOf, selects } from '../cluster/users.ts';
import { entitiesOfWorkload, fitsSelector, knownWorkload, workloadResources } from '../cluster/workload.ts';
import { draftOf, type FaultContext, type FaultDraft } from './draft.ts';

type Direction = 'ingress' | 'egress';

/** A port as policies know it. The name is empty when the containers have none for it. */
interface ServedPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: string;
}

/** One draft for each workload that the policy isolates and that nothing else opens. */
export function faultsOfNetworkPolicy(context: FaultContext, policy: KnownObject): readonly FaultDraft[] {
  const { model } = context;
  return concernedBy(model, policy.observed).flatMap((reference) => {
    const workload = knownWorkload(model, reference);
    if (workload === undefined) return [];
    return [deniedIngress(context, policy, workload), deniedDns(context, policy, workload)].filter(
      (draft) => draft !== null,
    );
  });
}

/** Only what a Service sends traffic to is meant to be reached. */
function deniedIngress(context: FaultContext, policy: KnownObject, workload: KnownObject): FaultDraft | null {
  if (!isolates(policy, 'ingress')) return null;
  const services = servicesOf(context, workload);
  const policies = isolating(context, workload, 'ingress');
  const denied = services
    .flatMap((service) => servedPorts(service, workload))
    .find((port) => !policies.some((one) => rulesFor(context, one, 'ingress', port).some(({ isOpen }) => isOpen)));
  if (denied === undefined || !isBlamed(context, policy, policies, denied)) return null;
  const [rule] = rulesFor(context, policy, 'ingress', denied);
  return draft(context, { policy, workload }, [...services, workload], {
    field: rule === undefined ? 'spec.ingress' : `spec.ingress[${rule.index}].from`,
    targetKey: String(denied.number || denied.name),
  });
}

/** Of several policies, those that allow the port to peers that do not exist; without any of them, all that isolate. */
function isBlamed(
  context: FaultContext,
  policy: KnownObject,
  policies: readonly KnownObject[],
  port: ServedPort,
): boolean {
  const hasRule = (one: KnownObject) => rulesFor(context, one, 'ingress', port).length > 0;
  return hasRule(policy) || !policies.some(hasRule);
}

const dnsPort: ServedPort = { number: 53, name: 'dns', protocol: 'UDP' };

/** Whoever may send to somewhere has to find its address. A policy that lets nothing out says that nothing is needed. */
function deniedDns(context: FaultContext, policy: KnownObject, workload: KnownObject): FaultDraft | null {
  if (!isolates(policy, 'egress')) return null;
  const dns = [...context.model.all('services', 'kube-system')].find(({ observed }) => isClusterDns(observed));
  const policies = isolating(context, workload, 'egress');
  const isUsed = policies.some(({ observed }) => list(observed.body, 'spec', 'egress').some(needsNames));
  if (dns === undefined || !isUsed || policies.some((one) => opensDns(context, one, dns))) return null;
  return draft(context, { policy, workload }, [workload], { field: 'spec.egress', targetKey: 'dns 53/UDP' });
}

/** A rule for addresses alone needs no names. */
function needsNames(rule: JsonObject): boolean {
  return list(rule, 'to').some((peer) => !Object.hasOwn(peer, 'ipBlock'));
}

function opensDns(context: FaultContext, policy: KnownObject, dns: KnownObject): boolean {
  const pods = textMap(dns.observed.body, 'spec', 'selector');
  return list(policy.observed.body, 'spec', 'egress')
    .filter((rule) => coversPort(rule, dnsPort))
    .some((rule) => {
      const peers = list(rule, 'to');
      return (
        peers.length === 0 ||
        peers.some(
          (peer) =>
            Object.hasOwn(peer, 'ipBlock') || isPeer(context, policy, peer, dns.observed.reference.namespace, pods),
        )
      );
    });
}

function draft(
  { model, cluster }: FaultContext,
  { policy, workload }: { readonly policy: KnownObject; readonly workload: KnownObject },
  parts: readonly KnownObject[],
  more: Pick<FaultDraft, 'field' | 'targetKey'>,
): FaultDraft {
  const target: ObjectReference = workload.observed.reference;
  const entities = qualified(model, entitiesOfWorkload(model, target, cluster));
  const changedMs = [policy, ...parts].map(({ changedAtMs, observed }) => changedAtMs || observed.createdAtMs);
  const sinceMs = Math.max(...changedMs) || null;
  return draftOf('network-policy-denies', policy.observed.reference, entities, { ...more, target, sinceMs });
}

/** Whether pods that it selects are closed in this direction. `policyTypes` has a default: `SetDefaults_NetworkPolicy`. */
function isolates({ observed: { body } }: KnownObject, direction: Direction): boolean {
  const types = texts(body, 'spec', 'policyTypes');
  if (types.length > 0) return types.some((type) => type.toLowerCase() === direction);
  return direction === 'ingress' || list(body, 'spec', 'egress').length > 0;
}

function isolating({ model }: FaultContext, workload: KnownObject, direction: Direction): readonly KnownObject[] {
  const labels = podLabelsOf(workload.observed);
  return [...model.all('networkpolicies.networking.k8s.io', workload.observed.reference.namespace)].filter(
    (policy) => isolates(policy, direction) && fitsSelector(labels, at(policy.observed.body, 'spec', 'podSelector')),
  );
}

function servicesOf({ model }: FaultContext, { observed }: KnownObject): readonly KnownObject[] {
  const labels = podLabelsOf(observed);
  return [...model.all('services', observed.reference.namespace)].filter((service) =>
    selects(textMap(service.observed.body, 'spec', 'selector'), labels),
  );
}

/** The ports of the pods that a Service sends to. A target port by name may be missing in the pods, which is a fault of its own. */
function servedPorts(service: KnownObject, workload: KnownObject): readonly ServedPort[] {
  const open = list(podSpecOf(workload.observed), 'containers').flatMap((container) => list(container, 'ports'));
  return list(service.observed.body, 'spec', 'ports').map((port) => {
    const target = port['targetPort'] ?? port['port'];
    const own = open.find((one) => one['name'] === target || one['containerPort'] === target);
    return {
      number: Number(own?.['containerPort'] ?? (typeof target === 'number' ? target : 0)),
      name: String(own?.['name'] ?? (typeof target === 'string' ? target : '')),
      protocol: String(port['protocol'] ?? 'TCP'),
    };
  });
}

interface Rule {
  readonly index: number;
  /** Somebody that exists may pass. */
  readonly isOpen: boolean;
}

/** The rules of a policy that are about a port. */
function rulesFor(context: FaultContext, policy: KnownObject, direction: Direction, port: ServedPort): readonly Rule[] {
  return list(policy.observed.body, 'spec', direction).flatMap((rule, index) =>
    coversPort(rule, port) ? [{ index, isOpen: isOpen(context, policy, list(rule, 'from')) }] : [],
  );
}

/** No ports mean all ports. A range ends at `endPort`. */
function coversPort(rule: JsonObject, { number, name, protocol }: ServedPort): boolean {
  const ports = list(rule, 'ports');
  return (
    ports.length === 0 ||
    ports.some((one) => {
      const from = one['port'];
      if ((one['protocol'] ?? 'TCP') !== protocol) return false;
      if (from === undefined || from === name) return true;
      return typeof from === 'number' && number >= from && number <= Number(one['endPort'] ?? from);
    })
  );
}

/** No peers mean everybody. An address range counts as somebody: who has those addresses is not known. */
function isOpen(context: FaultContext, policy: KnownObject, peers: readonly JsonObject[]): boolean {
  return peers.length === 0 || peers.some((peer) => Object.hasOwn(peer, 'ipBlock') || exists(context, policy, peer));
}

/** Whether the cluster has a workload that a peer means, even one without pods at the moment. */
function exists(context: FaultContext, policy: KnownObject, peer: JsonObject): boolean {
  for (const { observed } of possiblePeers(context, policy, peer))
    if (isPeer(context, policy, peer, observed.reference.namespace, podLabelsOf(observed))) return true;
  return false;
}

function* possiblePeers({ model }: FaultContext, policy: KnownObject, peer: JsonObject): Generator<KnownObject> {
  const own = Object.hasOwn(peer, 'namespaceSelector') ? undefined : policy.observed.reference.namespace;
  for (const resource of [...workloadResources, 'pods']) yield* model.all(resource, own);
}

function isPeer(
  { model }: FaultContext,
  policy: KnownObject,
  peer: JsonObject,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): boolean {
  const isNamespace = Object.hasOwn(peer, 'namespaceSelector')
    ? fitsSelector(model.get('namespaces', '', namespace)?.observed.labels ?? {}, at(peer, 'namespaceSelector'))
    : namespace === policy.observed.reference.namespace;
  return isNamespace && fitsSelector(labels, at(peer, 'podSelector'));
}
