/** Shares equal senders, operations and templates, so that a pending span is only a few numbers and references. */
import type { Resource, SpanKind } from '@faultline/model';
import { operationName } from './operation-name.ts';
import type { Operation, Sender, Template } from './span.ts';

export interface Interner {
  sender(resource: Resource): Sender;
  /** The operation's name is the span's name without ids. */
  operation(sender: Sender, spanName: string, kind: SpanKind): Operation;
  template(template: Template): Template;
}

/**
 * Equal input returns the same object until `maxEntries` are held; then the table is cleared. Correctness must not
 * depend on identity: two objects for one operation only make two rows, which the windows add up.
 */
export function createInterner(maxEntries = 100_000): Interner {
  const senders = new BoundedTable<Sender>(maxEntries);
  const operations = new BoundedTable<Operation>(maxEntries);
  const pairs = new BoundedTable<number>(maxEntries);
  const templates = new BoundedTable<Template>(maxEntries);
  let nextId = 0;
  return {
    sender: (resource) => {
      const described = describeSender(resource);
      return senders.get(Object.values(described).join('\u0000'), () => ({ id: nextId++, ...described }));
    },
    operation: (sender, spanName, kind) =>
      operations.get(`${sender.id}/${kind}/${spanName}`, () => {
        const name = operationName(spanName);
        return { id: nextId++, pair: pairs.get(pairKey(sender, name), () => nextId++), sender, name, kind };
      }),
    template: (template) => templates.get(template.id, () => template),
  };
}

/** The instance is the pod, or `service.instance.id`, or the host. */
export function describeSender({ scope, entities, attributes }: Resource): Omit<Sender, 'id'> {
  return {
    tenant: scope.tenant,
    environment: scope.environment,
    service: entities.service ?? attributes['service.name'] ?? entities.workload ?? entities.database ?? '',
    instance: entities.pod ?? attributes['service.instance.id'] ?? attributes['host.name'] ?? '',
    node: entities.node ?? attributes['k8s.node.name'] ?? '',
    zone: entities.zone ?? attributes['cloud.availability_zone'] ?? '',
    version: attributes['service.version'] ?? '',
  };
}

function pairKey(sender: Sender, name: string): string {
  return [sender.tenant, sender.environment, sender.service, name].join('\u0000');
}

class BoundedTable<Value> {
  readonly #maxEntries: number;
  #entries = new Map<string, Value>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get(key: string, create: () => Value): Value {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#entries.size >= this.#maxEntries) this.#entries = new Map();
    const value = create();
    this.#entries.set(key, value);
    return value;
  }
}
