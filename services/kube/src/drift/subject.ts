/** What drift is looked for in: one object of the watched cluster. */
import type { ObservedObject } from '../decode/object.ts';

export interface SubjectName {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export function nameOf({ resource, reference }: Pick<ObservedObject, 'resource' | 'reference'>): SubjectName {
  return { resource, namespace: reference.namespace, name: reference.name };
}

/** `deployments.apps/shop/pay`. */
export function keyOf({ resource, namespace, name }: SubjectName): string {
  return `${resource}/${namespace}/${name}`;
}
