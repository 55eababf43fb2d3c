/**
 * Paths within an object. Items of lists are addressed by name where each item has one of its own, so that a path means the same in another
 * cluster and in another version: `spec.template.spec.containers[pay].image`. Pure.
 */
import { isObject, type Json, type JsonObject, text } from '../api/json.ts';

/** One step of a path. An item of a list is named by one of its fields, such as `name`. */
export type PathStep =
  | { readonly field: string }
  | { readonly itemKey: string; readonly item: string }
  | { readonly index: number };

export interface Part {
  readonly step: PathStep;
  readonly value: Json;
}

/** Fields that name an item of a list, best first. */
const itemNames = ['name', 'mountPath', 'containerPort', 'port', 'ip', 'key', 'host', 'path', 'type'] as const;

/** The parts of an object, or of a list whose items have names, by their path segment. Null for a plain value and any other list. */
export function partsOf(value: Json | undefined): ReadonlyMap<string, Part> | null {
  if (isObject(value))
    return new Map(
      Object.entries(value).map(([field, part]) => [segmentOf({ field }), { step: { field }, value: part }]),
    );
  return Array.isArray(value) ? itemsOf(value as readonly Json[]) : null;
}

function itemsOf(items: readonly Json[]): ReadonlyMap<string, Part> | null {
  const parts = new Map<string, Part>();
  for (const item of items) {
    const step = itemStep(item);
    if (step === null) return null;
    parts.set(segmentOf(step), { step, value: item });
  }
  return items.length > 0 && parts.size === items.length ? parts : null;
}

/** Null: the item has no name. */
export function itemStep(item: Json): PathStep | null {
  const itemKey = itemNames.find((candidate) => text(item, candidate) !== '');
  return itemKey === undefined ? null : { itemKey, item: text(item, itemKey) };
}

/** Keys with dots are quoted, as in `metadata.labels["app.kubernetes.io/name"]`. */
export function segmentOf(step: PathStep): string {
  if ('item' in step) return `[${step.item}]`;
  if ('index' in step) return `[${step.index}]`;
  return /^[\w-]+$/.test(step.field) ? step.field : `["${step.field}"]`;
}

export function appendStep(path: string, segment: string): string {
  return path === '' || segment.startsWith('[') ? `${path}${segment}` : `${path}.${segment}`;
}

export function pathOf(steps: readonly PathStep[]): string {
  return steps.map(segmentOf).reduce(appendStep, '');
}

/** The value at a path; undefined where it is absent. */
export function valueAt(body: Json, steps: readonly PathStep[]): Json | undefined {
  let found: Json | undefined = body;
  for (const step of steps) found = partAt(found, step);
  return found;
}

function partAt(value: Json | undefined, step: PathStep): Json | undefined {
  if ('field' in step) return isObject(value) && Object.hasOwn(value, step.field) ? value[step.field] : undefined;
  if (!Array.isArray(value)) return undefined;
  const items = value as readonly Json[];
  return 'index' in step ? items[step.index] : items.find((item) => text(item, step.itemKey) === step.item);
}

/** A value that has no parts of its own. */
export interface Leaf {
  readonly path: string;
  readonly steps: readonly PathStep[];
  readonly value: Json;
}

/** The leaves of an object by path. An empty object is none: the server drops it or keeps it, and it means the same. */
export function leavesOf(body: JsonObject): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  addLeaves(body, '', [], leaves);
  return leaves;
}

function addLeaves(value: Json, path: string, steps: readonly PathStep[], leaves: Map<string, Leaf>): void {
  const parts = partsOf(value);
  if (parts === null) {
    leaves.set(path, { path, steps, value });
    return;
  }
  for (const [segment, part] of parts) addLeaves(part.value, appendStep(path, segment), [...steps, part.step], leaves);
}
