/** One object of a Kubernetes cluster, by the names that `kubectl` takes. */
export interface ObjectReference {
  /** As the API server spells it: `Deployment`, `Secret`. */
  readonly kind: string;
  /** Empty for objects of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** `Deployment shop/pay`; `Node n1`. */
export function objectText({ kind, namespace, name }: ObjectReference): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
