/** What an event is about. */
import { type Entities, isAddress, isPlaceholder, plainName, resolveEntities } from '@faultline/model';
import { type Subject, subjectAt } from '../../entities.ts';
import { originOf } from '../../scope.ts';
import type { SourceContext } from '../../source.ts';

/** Beyond the rules for labels: the component is the service and the source its host; a source alone is the service, an address the host. */
export function subjectOf(tenant: string, labels: Readonly<Record<string, string>>, context: SourceContext): Subject {
  const entities = resolveEntities(labels, context.entityRules);
  const component = named(labels['component'] ?? '');
  const source = named(labels['source'] ?? '');
  const isHost = component !== '' || isAddress(source);
  const service = entities.service ?? (component || (isHost || hasSubject(entities) ? '' : source));
  const node = entities.node ?? (isHost ? source : '');
  const all = { ...entities, ...(service === '' ? {} : { service }), ...(node === '' ? {} : { node }) };
  return subjectAt(originOf(tenant, labels, all, context), all, labels, context);
}

function named(value: string): string {
  const name = plainName(value);
  return isPlaceholder(name, 'service') ? '' : name;
}

function hasSubject({ workload, pod, node, database, topic }: Entities): boolean {
  return (workload ?? pod ?? node ?? database ?? topic) !== undefined;
}
