/** What an event is about. */
import { type Entities, hostOf, isAddress, isPlaceholder, plainName, resolveEntities } from '@faultline/model';
import { type Subject, subjectAt } from '../../entities.ts';
import { originOf } from '../../scope.ts';
import type { SourceContext } from '../../source.ts';

/** Beyond the rules for labels: the component is the service and the source its host; a source alone is the service, an address the host. */
export function subjectOf(tenant: string, labels: Readonly<Record<string, string>>, context: SourceContext): Subject {
  const entities = resolveEntities(labels, context.entityRules);
  const component = named(labels['component'] ?? '');
  const source = sourceOf(named(labels['source'] ?? ''));
  const isHost = component !== '' || isAddress(source);
  const service = entities.service ?? (component || (isHost || hasSubject(entities) ? '' : source));
  const node = entities.node ?? (isHost && isHostName(source) ? source : '');
  const all = { ...entities, ...(service === '' ? {} : { service }), ...(node === '' ? {} : { node }) };
  return subjectAt(originOf(tenant, labels, all, context), all, labels, context);
}

/** A monitor of addresses names the URL. */
function sourceOf(source: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? hostOf(source) : source;
}

/** A route, a transaction or a sentence is no machine. */
function isHostName(source: string): boolean {
  return isAddress(source) || /^[\w.-]+(:\d+)?$/.test(source);
}

function named(value: string): string {
  const name = plainName(value);
  return isPlaceholder(name, 'service') ? '' : name;
}

function hasSubject({ workload, pod, node, database, topic }: Entities): boolean {
  return (workload ?? pod ?? node ?? database ?? topic) !== undefined;
}
