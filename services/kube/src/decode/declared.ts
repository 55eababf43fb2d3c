/**
 * What an object should be, as `kubectl apply` and Helm keep it in the cluster. The values of Secrets and literal credentials are hashed
 * here, as they are in the objects themselves.
 */
import { gunzipSync } from 'node:zlib';
import { at, isObject, type Json, type JsonObject, parseJson, text, textMap } from '../api/json.ts';
import { type ResourceKind, resourceKinds, resourceName } from '../resources/table.ts';
import type { Concealer } from './conceal.ts';
import { readManifest } from './manifest.ts';

/** One object as a tool declares it. Only what is declared is in `body`: defaults are missing. */
export interface DeclaredObject {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly body: JsonObject;
}

/** What a Helm release declares. */
export interface Release {
  readonly name: string;
  readonly revision: string;
  readonly objects: readonly DeclaredObject[];
  /** Documents of the manifest that were not read: too long, or no YAML. */
  readonly unread: number;
}

/** Makes the compared fields of an object, without values of secrets. */
export type BodyOf = (kind: ResourceKind, raw: JsonObject, concealer: Concealer) => JsonObject;

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** What `kubectl apply` applied last; null when another tool writes the object. */
export function lastAppliedBody(
  kind: ResourceKind,
  raw: JsonObject,
  { bodyOf, concealer }: { readonly bodyOf: BodyOf; readonly concealer: Concealer },
): JsonObject | null {
  const applied = textMap(raw, 'metadata', 'annotations')[lastApplied];
  const parsed = applied === undefined ? null : parseJson(applied);
  return isObject(parsed ?? undefined) ? bodyOf(kind, withEncodedData(at(parsed ?? undefined)), concealer) : null;
}

/** `stringData` is written as text and read as base64. */
function withEncodedData(declared: JsonObject): JsonObject {
  const { stringData, ...rest } = declared;
  if (stringData === undefined) return declared;
  const encoded = Object.entries(textMap(stringData)).map(([key, value]) => [
    key,
    Buffer.from(value).toString('base64'),
  ]);
  return { ...rest, data: { ...at(declared, 'data'), ...Object.fromEntries(encoded) } };
}

const releaseType = 'helm.sh/release.v1';
/** A release that grows beyond this when it is unpacked is not read: a Secret of a few KB can hold any number of equal lines. */
const maxReleaseBytes = 16 * 1024 * 1024;

/**
 * The release that a Secret of Helm 3 holds: JSON, compressed, in base64, twice (helm.sh/helm/v3/pkg/storage/driver). Null for any other
 * Secret, and for a revision that is not the deployed one.
 */
export function releaseOf(
  raw: JsonObject,
  { bodyOf, concealer }: { readonly bodyOf: BodyOf; readonly concealer: Concealer },
): Release | null {
  if (text(raw, 'type') !== releaseType || textMap(raw, 'metadata', 'labels')['status'] !== 'deployed') return null;
  const release = unpack(text(raw, 'data', 'release'));
  if (release === null) return null;
  const namespace = text(release, 'namespace') || text(raw, 'metadata', 'namespace');
  const { documents, unread } = readManifest(text(release, 'manifest'), (kind) => changedKinds.has(kind));
  const objects = documents.flatMap((document) => declaredObject(document, namespace, { bodyOf, concealer }) ?? []);
  return { name: text(release, 'name'), revision: text(release, 'version'), objects, unread };
}

function unpack(encoded: string): Json | null {
  try {
    const packed = Buffer.from(Buffer.from(encoded, 'base64').toString('latin1'), 'base64');
    const isCompressed = packed[0] === 0x1f && packed[1] === 0x8b;
    const json = isCompressed ? gunzipSync(packed, { maxOutputLength: maxReleaseBytes }) : packed;
    return parseJson(json.toString('utf8'));
  } catch {
    // Somebody else's Secret of this type, or one that is cut.
    return null;
  }
}

const kindsByName = new Map(resourceKinds.map((kind) => [`${kind.group}/${kind.kind}`, kind]));
const changedKinds = new Set(
  resourceKinds.flatMap(({ kind, purposes }) => (purposes.includes('changes') ? [kind] : [])),
);
const clusterWide: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'StorageClass',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
]);

/** Null for a kind whose changes are not read. */
function declaredObject(
  document: JsonObject,
  releaseNamespace: string,
  { bodyOf, concealer }: { readonly bodyOf: BodyOf; readonly concealer: Concealer },
): DeclaredObject | null {
  const [, group = ''] = text(document, 'apiVersion').split('/').reverse();
  const kind = kindsByName.get(`${group}/${text(document, 'kind')}`);
  const name = text(document, 'metadata', 'name');
  if (kind === undefined || name === '' || !kind.purposes.includes('changes')) return null;
  const namespace = clusterWide.has(kind.kind) ? '' : text(document, 'metadata', 'namespace') || releaseNamespace;
  return { resource: resourceName(kind), namespace, name, body: bodyOf(kind, withEncodedData(document), concealer) };
}
