/**
 * From labels to entities and environment, for alerts, changes, spans, logs and metrics alike. `entity-rules.ts` and `exporter-rules.ts` hold
 * the rules. Pure and total: a label that is missing, empty or a placeholder says nothing, and nothing is ever refused.
 */
import { type Entities, type EntityKind, entityKinds } from './entity.ts';
import {
  defaultEntityRules,
  type EntityRules,
  type LabelRule,
  type RankedRule,
  spanFallbacks,
} from './entity-rules.ts';
import type { ExporterRule } from './exporter-rules.ts';
import {
  exporterOf,
  LabelReader,
  type Labels,
  labelOf,
  lastPart,
  type NamedBy,
  type PassedOver,
  type PassReason,
} from './label-reader.ts';
import { hostOf, isAddress, isPlaceholder, isWeakName } from './names.ts';
import { workloadOfPod } from './workload-name.ts';

/** What labels speak of, which label says so, and which labels were passed over and why. */
export interface Resolution {
  readonly entities: Entities;
  readonly namedBy: { readonly [kind in EntityKind]?: string };
  readonly passedOver: readonly PassedOver[];
  /** The id of the exporter's rule; null when the labels are not an exporter's. */
  readonly exporter: string | null;
}

type Found = { [kind in EntityKind]?: NamedBy };

/** What an alert's, change's or series' labels speak of: never what scraped or exported it, unless nothing else can be meant. */
export function explainEntities(labels: Labels, rules: EntityRules = defaultEntityRules): Resolution {
  const exporter = exporterOf(labels, rules);
  const reader = new LabelReader(labels, rules, exporter);
  const found = findEntities(labels, reader, rules, exporter);
  if (exporter !== null && isAboutExporter(found, labels, exporter))
    return resolution(findEntities(labels, new LabelReader(labels, rules, null), rules, null), [], exporter);
  return resolution(found, reader.passedOver, exporter);
}

/** The entities of `explainEntities`. */
export function resolveEntities(labels: Labels, rules: EntityRules = defaultEntityRules): Entities {
  return explainEntities(labels, rules).entities;
}

/**
 * Who sends telemetry: its own attributes name it, whatever it is. The call graph has a node for each sender of spans.
 * So such a sender always gets a name, from its process or host if need be.
 */
export function resolveResource(
  attributes: Labels,
  signal: 'spans' | 'logs' | 'metrics',
  rules: EntityRules = defaultEntityRules,
): Entities {
  const reader = new LabelReader(attributes, rules, null);
  const { entities } = resolution(findEntities(attributes, reader, rules, null), [], null);
  if (signal !== 'spans' || (entities.service !== undefined && !isWeakName(entities.service))) return entities;
  const named = reader.first(spanFallbacks);
  return { ...entities, service: named?.name ?? entities.service ?? nameOfNobody(attributes) };
}

/** Senders that say nothing at all are told apart by their language at least. */
function nameOfNobody(attributes: Labels): string {
  const language = labelOf(attributes, 'telemetry.sdk.language');
  return language === '' ? 'unknown' : `unknown_service:${language}`;
}

/**
 * What one point of a scraped metric speaks of, where its sender is an exporter or agent: a collector writes the scrape job as `service.name`.
 * Null: the point is about its sender.
 */
export function resolvePoint(
  resource: Labels,
  point: Labels,
  rules: EntityRules = defaultEntityRules,
): Entities | null {
  const job = labelOf(resource, 'service.name');
  const instance = labelOf(resource, 'service.instance.id');
  const labels = { ...(job === '' ? {} : { job }), ...(instance === '' ? {} : { instance }), ...point };
  const exporter = exporterOf(labels, rules);
  if (exporter === null) return null;
  const found = findEntities(labels, new LabelReader(labels, rules, exporter), rules, exporter);
  return hasSubject(found) ? resolution(found, [], exporter).entities : null;
}

/** Whether a sender of metrics may speak of others, so that each of its points has to be looked at. */
export function isExporter(resource: Labels, rules: EntityRules = defaultEntityRules): boolean {
  return exporterOf(resource, rules) !== null;
}

function resolution(found: Found, passedOver: readonly PassedOver[], exporter: ExporterRule | null): Resolution {
  const kinds = entityKinds.filter((kind) => found[kind] !== undefined);
  return {
    entities: Object.fromEntries(kinds.map((kind) => [kind, found[kind]?.name])),
    namedBy: Object.fromEntries(kinds.map((kind) => [kind, found[kind]?.label])),
    passedOver,
    exporter: exporter?.id ?? null,
  };
}

function findEntities(labels: Labels, reader: LabelReader, rules: EntityRules, exporter: ExporterRule | null): Found {
  const found: Found = {};
  const own = (exporter?.subjects ?? []).map((rule): LabelRule => ({ read: 'asIs', ...rule }));
  const general = rulesFor(labels, rules).filter(({ label }) => own.every((rule) => rule.label !== label));
  for (const [kind, candidates] of Map.groupBy([...own, ...general], (rule) => rule.kind)) {
    const named = reader.first(candidates);
    if (named !== null) found[kind] = named;
  }
  dropCaller(found, labels, reader);
  // In a pod the host's name is the pod's.
  if (found.node !== undefined && found.node.name === found.pod?.name) delete found.node;
  addWorkload(found);
  if (exporter !== null) {
    dropNamespaceOfExporter(found, labels, reader, exporter);
    addInstance(found, labels, exporter);
  }
  addService(found, { labels, reader, rules, isExporter: exporter !== null });
  if (found.node === undefined && exporter === null) addNode(found, labels);
  return found;
}

/** The rules for the labels that are there, best first. */
function rulesFor(labels: Labels, { byLabel }: EntityRules): LabelRule[] {
  const found: RankedRule[] = [];
  for (const name of Object.keys(labels)) {
    const ranked = byLabel.get(name.startsWith('exported_') ? name.slice('exported_'.length) : name);
    if (ranked !== undefined)
      found.push(...ranked.filter(({ beside }) => beside === undefined || labelOf(labels, beside) !== ''));
  }
  return found.sort((a, b) => a.rank - b.rank);
}

function addWorkload(found: Found): void {
  const workload = found.workload === undefined ? workloadOfPod(found.pod?.name ?? '') : '';
  if (workload !== '' && found.pod !== undefined) found.workload = { name: workload, label: found.pod.label };
}

/** A mesh's series are about the called side: the caller's workload, and its pod unless the called side reports, are passed over. */
function dropCaller(found: Found, labels: Labels, reader: LabelReader): void {
  if (![found.service, found.workload].some((named) => /^(destination|dst)_/.test(named?.label ?? ''))) return;
  const isCallersPod = found.pod?.label !== 'destination_pod' && labelOf(labels, 'reporter') !== 'destination';
  if (isCallersPod) drop(found, 'pod', reader);
  if (found.workload?.label.startsWith('source_') === true) drop(found, 'workload', reader);
}

function drop(found: Found, kind: EntityKind, reader: LabelReader, reason: PassReason = 'names-the-caller'): void {
  const label = found[kind]?.label;
  if (label !== undefined) reader.pass(label, reason);
  delete found[kind];
}

/** Resources of Kubernetes that are in no namespace. */
const clusterScoped: readonly string[] = ['persistentvolume', 'storageclass', 'certificatesigningrequest'];

const namespaced: readonly EntityKind[] = ['workload', 'pod', 'service'];

/** Beside a node, a probe or a database, `namespace` is where the exporter runs. */
function dropNamespaceOfExporter(found: Found, labels: Labels, reader: LabelReader, exporter: ExporterRule): void {
  if (exporter.isElsewhere === true && hasSubject(found) && found.namespace?.label === 'namespace') {
    drop(found, 'namespace', reader, 'names-the-exporter');
    return;
  }
  const isElsewhere =
    exporter.instance !== undefined ||
    found.node !== undefined ||
    found.database !== undefined ||
    clusterScoped.some((label) => labelOf(labels, label) !== '');
  if (!isElsewhere || found.namespace?.label !== 'namespace' || namespaced.some((kind) => found[kind] !== undefined))
    return;
  drop(found, 'namespace', reader, 'names-the-exporter');
}

/** What an exporter was pointed at. A database's bare address is left out: callers name it otherwise. */
function addInstance(found: Found, labels: Labels, { instance: kind }: ExporterRule): void {
  if (kind === undefined || hasSubject(found)) return;
  const label = labelOf(labels, 'exported_instance') === '' ? 'instance' : 'exported_instance';
  const name = hostOf(labelOf(labels, label));
  if (name !== '' && !isPlaceholder(name, kind) && (kind === 'node' || !isAddress(name))) found[kind] = { name, label };
}

interface ServiceInput {
  readonly labels: Labels;
  readonly reader: LabelReader;
  readonly rules: EntityRules;
  readonly isExporter: boolean;
}

/** A workload stands in for a service that nobody named, or named by an address; then the container or function, then the scrape job. */
function addService(found: Found, { labels, reader, rules, isExporter }: ServiceInput): void {
  const reason = found.service === undefined ? null : weaknessOf(found.service.name);
  if (found.service !== undefined && reason === null) return;
  const named =
    found.workload ??
    (found.pod === undefined ? reader.first(rules.fallbacks) : null) ??
    found.service ??
    serviceOfJob(found, labels, isExporter);
  if (named === null) return;
  if (found.service !== undefined && found.service !== named && reason !== null)
    reader.pass(found.service.label, reason);
  found.service = named;
}

/** Why a service's name counts only where nothing else names it; null for a real name. */
function weaknessOf(service: string): PassReason | null {
  if (isWeakName(service)) return 'default-name';
  return isAddress(service) ? 'address' : null;
}

/** An exporter's own job names it; `exported_job` is that of whoever pushed to a gateway. */
function serviceOfJob(found: Found, labels: Labels, isExporter: boolean): NamedBy | null {
  if ((found.pod ?? found.node ?? found.database ?? found.topic) !== undefined) return null;
  const label = labelOf(labels, 'exported_job') === '' ? 'job' : 'exported_job';
  if (isExporter && label === 'job') return null;
  const name = lastPart(labelOf(labels, label));
  return isPlaceholder(name, 'service') ? null : { name, label };
}

/** `instance` names a machine only when nothing else is named. */
function addNode(found: Found, labels: Labels): void {
  if (hasSubject(found)) return;
  const instance = labelOf(labels, 'instance');
  const name = hostOf(instance);
  if (!isPlaceholder(instance, 'node') && !isPlaceholder(name, 'node')) found.node = { name, label: 'instance' };
}

const subjectKinds: readonly EntityKind[] = ['service', 'workload', 'pod', 'node', 'database', 'topic'];

function hasSubject(found: Found): boolean {
  return subjectKinds.some((kind) => found[kind] !== undefined);
}

/** Labels that say nothing of what a series is about: who scraped it, how bad it is, whom it concerns. */
const labelsOfNoSubject =
  /^(job|instance|service|endpoint|namespace|pod|container|app|alertname|alertgroup|alertstate|severity|priority|level|prometheus|prometheus_replica|__replica__|replica|receiver|team|owner|cluster|cluster_name|region|zone|env|environment|stage|tenant|metrics_path|scrape_job|service[._]name|k8s_app|app_kubernetes_io_name|app[.]kubernetes[.]io\/name|k8s\..*)$/;

function isAboutExporter(found: Found, labels: Labels, exporter: ExporterRule): boolean {
  if (isNamedAfterExporter(labels, exporter)) return true;
  return hasSubject(found) ? onlyRunsOnNode(found, labels, exporter) : speaksOfItself(labels, exporter);
}

/** Names of programs that watch others. `kubelet` and `node` are none: their alerts are about the node. */
const namesOfWatchers = /exporter|agent|collector|state-?metrics|operator/i;

/** Whether the alert is called after the exporter: `CiliumAgentEndpointFailures` of the job `cilium-agent`. */
function isNamedAfterExporter(labels: Labels, { names }: ExporterRule): boolean {
  const alert = compact(labelOf(labels, 'alertname'));
  if (alert === '') return false;
  return ['job', 'service', 'container'].some((label) => {
    const name = lastPart(labelOf(labels, label));
    return names.test(name) && namesOfWatchers.test(name) && alert.startsWith(compact(name));
  });
}

function compact(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Whether the node is only where it runs: an agent's own series has no other label than those of a target. */
function onlyRunsOnNode(found: Found, labels: Labels, { isOwnSubject }: ExporterRule): boolean {
  if (isOwnSubject !== true || subjectKinds.some((kind) => kind !== 'node' && found[kind] !== undefined)) return false;
  return Object.keys(labels).every((label) => label === found.node?.label || labelsOfNoSubject.test(label));
}

/** Whether an exporter without another subject can only mean itself: it always does, or there are no labels but those of a target. */
function speaksOfItself(labels: Labels, exporter: ExporterRule): boolean {
  if (exporter.isOwnSubject === true || exporter.jobs?.test(labelOf(labels, 'job')) === true) return true;
  return Object.keys(labels).every((label) => labelsOfNoSubject.test(label));
}

/** From narrow to wide; a database or a topic is narrower than the service in front of it. */
const specificity: readonly EntityKind[] = [
  'pod',
  'database',
  'topic',
  'workload',
  'service',
  'node',
  'namespace',
  'zone',
  'cluster',
];

/** The id of the most specific entity, `kind:name`; empty when there is none. */
export function entityId(entities: Entities): string {
  const kind = specificity.find((candidate) => entities[candidate] !== undefined);
  return kind === undefined ? '' : `${kind}:${entities[kind]}`;
}
