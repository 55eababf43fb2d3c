/**
 * What people changed by hand, as `metadata.managedFields` has it. Kubernetes notes for each field who wrote it last ("Server-Side Apply",
 * "Field management"). Only names of fields are read here, and no values.
 */
import { isObject, type Json, type JsonObject, list, parseJson, text, timeMs } from '../api/json.ts';
import { itemStep, type PathStep } from '../path/path.ts';

/** The fields that one field manager wrote last. */
export interface HandEdit {
  readonly manager: string;
  readonly atMs: number | null;
  readonly paths: readonly (readonly PathStep[])[];
}

export interface FieldOwners {
  /** The tool that usually writes the object. Empty: people alone do. */
  readonly usualManager: string;
  /** Fields that people wrote last. Empty where no tool writes the object: then nothing is out of the ordinary. */
  readonly handEdits: readonly HandEdit[];
}

/** Field managers of `kubectl` commands that change one thing, of consoles and of terminal tools. `kubectl scale` and `kubectl` write as `kubectl`. */
const byHand =
  /^(kubectl-(edit|patch|set|label|annotate|scale|replace|autoscale|taint|cordon)|kubectl|k9s|lens|openlens|node-fetch|mozilla|dashboard.*|headlamp|rancher|octant|oc|oc-(edit|patch|set|scale)|unknown)$/i;

/** Field managers of tools that deliver what is declared elsewhere. */
const byTool =
  /^(argocd.*|argo-cd.*|kustomize-controller|helm-controller|helm|helm3|flux.*|gotk.*|kubectl-client-side-apply|terraform.*|hashicorp.*|pulumi.*|kapp.*|fleet.*|werf.*|skaffold.*|spinnaker.*|clouddeploy.*|ansible.*|openapi-generator)$/i;

export function fieldOwnersOf(raw: JsonObject): FieldOwners {
  const entries = list(raw, 'metadata', 'managedFields').filter((entry) => text(entry, 'subresource') !== 'status');
  const usualManager = entries.map(managerOf).find((manager, at) => isTool(manager, entries[at])) ?? '';
  if (usualManager === '') return { usualManager, handEdits: [] };
  const handEdits = entries
    .filter((entry) => !isTool(managerOf(entry), entry) && byHand.test(managerOf(entry)))
    .map((entry) => ({ manager: managerOf(entry), atMs: timeMs(entry, 'time'), paths: pathsOf(entry['fieldsV1']) }))
    .filter(({ paths }) => paths.length > 0);
  return { usualManager, handEdits };
}

function managerOf(entry: JsonObject): string {
  return text(entry, 'manager');
}

/** `kubectl apply --server-side` writes as `kubectl`, with another operation than a change by hand. */
function isTool(manager: string, entry: JsonObject | undefined): boolean {
  if (text(entry, 'operation') === 'Apply' && manager !== '') return !/^kubectl-(edit|patch)$/.test(manager);
  return byTool.test(manager);
}

/** The paths of `fieldsV1`: `f:` is a field, `k:` an item of a list by its keys, `v:` a value of a set, `.` the part itself. */
function pathsOf(fields: Json | undefined): readonly (readonly PathStep[])[] {
  const paths: (readonly PathStep[])[] = [];
  addPaths(fields, [], paths);
  return paths.filter(isCompared);
}

function addPaths(fields: Json | undefined, steps: readonly PathStep[], paths: (readonly PathStep[])[]): void {
  if (!isObject(fields)) return;
  const inner = Object.entries(fields).flatMap(([key, part]) => {
    const step = stepOf(key);
    return step === null ? [] : [{ step, part }];
  });
  if (inner.length === 0) paths.push(steps);
  for (const { step, part } of inner) addPaths(part, [...steps, step], paths);
}

function stepOf(key: string): PathStep | null {
  if (key.startsWith('f:')) return { field: key.slice(2) };
  return key.startsWith('k:') ? itemStep(parseJson(key.slice(2)) ?? {}) : null;
}

/** Labels and annotations of the object itself, and everything but its status. A restart is no change of what runs. */
function isCompared(steps: readonly PathStep[]): boolean {
  const names = steps.map((step) => ('field' in step ? step.field : ''));
  if (names.length === 0 || names[0] === 'status') return false;
  if (names[0] === 'metadata') return names[1] === 'labels' && names.length > 2;
  return names.at(-1) !== 'kubectl.kubernetes.io/restartedAt';
}
