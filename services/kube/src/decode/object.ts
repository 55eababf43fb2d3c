/** From an object of the API to what the rest of this service works with: its names, its writer, and the fields that are compared. */
import type { ObjectReference } from '@faultline/model';
import { at, type JsonObject, list, numberAt, text, textMap, timeMs } from '../api/json.ts';
import { type ResourceKind, resourceName } from '../resources/table.ts';
import { type Concealer, concealCredentials, concealTexts, hashEach, writtenText } from './conceal.ts';
import { lastAppliedBody, type Release, releaseOf } from './declared.ts';
import { type FieldOwners, fieldOwnersOf } from './managed-fields.ts';

export interface ObservedObject {
  /** `deployments.apps`. */
  readonly resource: string;
  readonly reference: ObjectReference;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Rises with each change of the spec; 0 for kinds without one. */
  readonly generation: number;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The controller that owns it. */
  readonly owner: Owner | null;
  readonly writer: Writer;
  /** What is compared and kept: spec and the like, without noise and without values of secrets. */
  readonly body: JsonObject;
  readonly status: JsonObject;
  /** What it should be, and who wrote its fields. Null where its changes are not reported. */
  readonly origin: Origin | null;
}

/** Where the fields of an object come from. It is not saved: each list brings it. */
export interface Origin {
  /** What `kubectl apply` applied last, as `body`; null when another tool writes the object. */
  readonly lastApplied: JsonObject | null;
  /** Of a Secret that holds a deployed Helm release: what the release declares. */
  readonly release: Release | null;
  readonly owners: FieldOwners;
}

export interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** Who wrote the object last, not counting its status. */
export interface Writer {
  /** The field manager; empty when the server does not tell. */
  readonly manager: string;
  readonly atMs: number | null;
}

/** Null for an object without a name or a uid, which no server sends. */
export function observeObject(kind: ResourceKind, raw: JsonObject, concealer: Concealer): ObservedObject | null {
  const name = text(raw, 'metadata', 'name');
  const uid = text(raw, 'metadata', 'uid');
  if (name === '' || uid === '') return null;
  return {
    resource: resourceName(kind),
    reference: { kind: kind.kind, namespace: text(raw, 'metadata', 'namespace'), name },
    uid,
    resourceVersion: text(raw, 'metadata', 'resourceVersion'),
    generation: numberAt(raw, ['metadata', 'generation']),
    createdAtMs: timeMs(raw, 'metadata', 'creationTimestamp') ?? 0,
    labels: textMap(raw, 'metadata', 'labels'),
    annotations: annotationsOf(raw),
    owner: ownerOf(raw),
    writer: writerOf(raw),
    body: bodyOf(kind, raw, concealer),
    status: at(raw, 'status'),
    origin: kind.purposes.includes('changes') ? originOf(kind, raw, concealer) : null,
  };
}

function originOf(kind: ResourceKind, raw: JsonObject, concealer: Concealer): Origin {
  return {
    lastApplied: lastAppliedBody(kind, raw, { bodyOf, concealer }),
    release: releaseOf(raw, { bodyOf, concealer }),
    owners: fieldOwnersOf(raw),
  };
}

/** Annotations that repeat the object, or that controllers write at each turn. The first would tell the values of a Secret. */
const noisyAnnotation =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/|deprecated\.daemonset\.|control-plane\.alpha\.kubernetes\.io\/leader|autoscaling\.alpha\.kubernetes\.io\/|.*\/last-applied.*|objectset\.rio\.cattle\.io\/applied)/;

function annotationsOf(raw: JsonObject): Readonly<Record<string, string>> {
  const all = Object.entries(textMap(raw, 'metadata', 'annotations'));
  const kept = all.filter(([name, value]) => keptAnnotation.test(name) && value.length <= 1000);
  return Object.fromEntries(kept);
}

/** The annotations that say who delivers an object, who owns it, which service it is, and which revision. */
const keptAnnotation =
  /^(kubernetes\.io\/change-cause|deployment\.kubernetes\.io\/revision|argocd\.argoproj\.io\/|meta\.helm\.sh\/|resource\.opentelemetry\.io\/|kubectl\.kubernetes\.io\/restartedAt|app\.kubernetes\.io\/|a8r\.io\/(owner|chat|runbook)$|backstage\.io\/kubernetes-id$|(owner|team)$)/;

function ownerOf(raw: JsonObject): Owner | null {
  const owner = list(raw, 'metadata', 'ownerReferences').find((entry) => entry['controller'] === true);
  if (owner === undefined) return null;
  return { kind: text(owner, 'kind'), name: text(owner, 'name'), uid: text(owner, 'uid') };
}

function writerOf(raw: JsonObject): Writer {
  let last: Writer = { manager: '', atMs: null };
  for (const entry of list(raw, 'metadata', 'managedFields')) {
    const atMs = timeMs(entry, 'time');
    if (text(entry, 'subresource') === 'status' || (atMs ?? 0) < (last.atMs ?? 0)) continue;
    last = { manager: text(entry, 'manager'), atMs };
  }
  return last;
}

const notCompared: ReadonlySet<string> = new Set(['metadata', 'status', 'apiVersion', 'kind']);

function bodyOf(kind: ResourceKind, raw: JsonObject, concealer: Concealer): JsonObject {
  const fields: Record<string, JsonObject[string]> = {};
  for (const key in raw) if (!notCompared.has(key)) fields[key] = raw[key] ?? null;
  if (kind.kind === 'Secret' || kind.kind === 'ConfigMap') return hashedBody(fields, concealer);
  if (kind.kind === 'Node') return nodeBody(raw);
  return { ...at(concealCredentials(fields, concealer)), metadata: metadataOf(raw, concealer) };
}

/** Of a Secret and a ConfigMap only the names of keys leave this function, each with the hash of its value. */
function hashedBody(fields: JsonObject, concealer: Concealer): JsonObject {
  return {
    ...(typeof fields['type'] === 'string' && { type: writtenText(fields['type']) }),
    data: { ...hashEach(at(fields, 'data'), concealer), ...hashEach(at(fields, 'binaryData'), concealer) },
  };
}

const versionsOfNode = [
  'kubeletVersion',
  'containerRuntimeVersion',
  'kernelVersion',
  'osImage',
  'architecture',
] as const;

/** Taints of `node.kubernetes.io` repeat the conditions, which are found as faults. */
function nodeBody(raw: JsonObject): JsonObject {
  const taints = list(raw, 'spec', 'taints').filter((taint) => !text(taint, 'key').startsWith('node.kubernetes.io/'));
  const info = at(raw, 'status', 'nodeInfo');
  return {
    metadata: { labels: at(raw, 'metadata', 'labels') },
    spec: {
      unschedulable: at(raw, 'spec')['unschedulable'] === true,
      taints: taints.map((taint) => ({
        name: text(taint, 'key'),
        value: text(taint, 'value'),
        effect: text(taint, 'effect'),
      })),
    },
    nodeInfo: Object.fromEntries(versionsOfNode.map((name) => [name, text(info, name)])),
  };
}

/** Labels and annotations count as part of the object, without those that only repeat or count. */
function metadataOf(raw: JsonObject, concealer: Concealer): JsonObject {
  const annotations = Object.entries(textMap(raw, 'metadata', 'annotations')).filter(
    ([name, value]) => !noisyAnnotation.test(name) && value.length <= 500,
  );
  return {
    labels: concealCredentials(at(raw, 'metadata', 'labels'), concealer),
    annotations: concealTexts(Object.fromEntries(annotations), concealer),
  };
}
