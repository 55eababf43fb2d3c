/** How to make a value what is expected: a patch, and a command. Pure. Nothing here is run by Faultline. */
import { isHashed, type ObjectReference } from '@faultline/model';
import { isObject, type Json, type JsonObject } from '../api/json.ts';
import { type PathStep, valueAt } from '../path/path.ts';
import type { Difference } from './difference.ts';

/** The tool that delivers an object, where its labels or annotations name one. */
export interface DeliverySource {
  /** `Application`, `Kustomization`, `HelmRelease` or `release`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The revision of a Helm release. Empty: unknown. */
  readonly revision: string;
}

export interface RepairInputs {
  readonly object: ObjectReference;
  /** `deployments.apps`. */
  readonly resource: string;
  /** Null: people write the object with `kubectl`. */
  readonly source: DeliverySource | null;
}

export interface Repair {
  readonly patch: string;
  readonly command: string;
}

const none: Repair = { patch: '', command: '' };

/**
 * What a tool delivers is mended by the tool, since it would undo a patch. Where clusters differ its source differs: the patch then shows
 * what to change there, and no command helps.
 */
export function repairOf(difference: Difference, inputs: RepairInputs): Repair {
  const patch = patchOf(difference, inputs.resource);
  if (inputs.source !== null)
    return { patch, command: difference.against === 'cluster' ? '' : syncCommand(inputs.source) };
  return patch === '' ? none : { patch, command: patchCommand(inputs, patch) };
}

/** Kinds of Kubernetes itself. Only these take a strategic merge patch. */
const isCustom = (resource: string) =>
  /\.(argoproj\.io|fluxcd\.io|gateway\.networking\.k8s\.io|cert-manager\.io)$/.test(resource);

/** Empty where the expected value is not known, or is a secret that only a hash stands for, or is no field of the spec. */
function patchOf({ steps, expected, expectedBody, isExpectedKnown }: Difference, resource: string): string {
  const [first] = steps;
  if (!isExpectedKnown || first === undefined || !('field' in first) || first.field === 'status') return '';
  const patch = wrap(steps, { expected, expectedBody, isStrategic: !isCustom(resource) });
  const json = patch === null ? '' : JSON.stringify(patch);
  // A text that looked like a hash is not the one that was written.
  return isHashed(json) || /hash :[0-9a-f]{24}/.test(json) ? '' : json;
}

/** Lists that a strategic merge patch merges by this field (`patchMergeKey` of the API's types). All other lists are replaced as a whole. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
};

interface Wrapped {
  readonly expected: Json | undefined;
  readonly expectedBody: JsonObject | null;
  readonly isStrategic: boolean;
}

/** The value inside its fields: `spec.replicas` to `{"spec":{"replicas":3}}`. Null: it cannot be written. */
function wrap(steps: readonly PathStep[], { expected, expectedBody, isStrategic }: Wrapped): Json | null {
  const listAt = steps.findIndex((step, at) => at > 0 && !('field' in step) && !isMerged(steps, at, isStrategic));
  if (listAt === -1) return wrapSteps(steps, expected);
  // The list has no key to merge by, so the patch holds the whole list.
  const listSteps = steps.slice(0, listAt);
  const whole = expectedBody === null ? undefined : valueAt(expectedBody, listSteps);
  return whole === undefined ? null : wrapSteps(listSteps, whole);
}

function isMerged(steps: readonly PathStep[], at: number, isStrategic: boolean): boolean {
  const [parent, step] = [steps[at - 1], steps[at]];
  if (!isStrategic || parent === undefined || step === undefined || !('field' in parent) || !('item' in step))
    return false;
  return mergeKeys[parent.field] === step.itemKey;
}

/** A field is removed by null, an item of a list by `$patch`. */
function wrapSteps(steps: readonly PathStep[], value: Json | undefined): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value ?? null;
  if ('index' in step) return wrapSteps(rest, value);
  if ('field' in step) return { [step.field]: wrapSteps(rest, value) };
  const key = { [step.itemKey]: step.item };
  if (rest.length === 0 && value === undefined) return [{ ...key, $patch: 'delete' }];
  const inner = wrapSteps(rest, value);
  return [isObject(inner) ? { ...inner, ...key } : key];
}

function patchCommand({ object, resource }: RepairInputs, patch: string): string {
  const type = isCustom(resource) ? 'merge' : 'strategic';
  return `kubectl patch ${resource} ${word(object.name)}${inNamespace(object.namespace)} --type=${type} -p ${quoted(patch)}`;
}

function inNamespace(namespace: string): string {
  return namespace === '' ? '' : ` -n ${word(namespace)}`;
}

/** Names of releases stand in annotations and Secrets, where anything may be written. People paste the command into a shell. */
function word(text: string): string {
  return /^[\w.:@/][\w.:@/-]*$/.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function syncCommand({ kind, namespace, name, revision }: DeliverySource): string {
  // A name that begins with a dash would be an option.
  if (/^-/.test(name) || /^-/.test(revision)) return '';
  const where = inNamespace(namespace);
  switch (kind) {
    case 'Kustomization':
      return `flux reconcile kustomization ${word(name)}${where} --with-source`;
    case 'HelmRelease':
      return `flux reconcile helmrelease ${word(name)}${where} --force`;
    case 'Application':
      return `argocd app sync ${word(namespace === '' ? name : `${namespace}/${name}`)}`;
    default:
      return `helm rollback ${word(name)} ${revision === '' ? '' : word(revision)}`.trimEnd() + where;
  }
}
