/** What labels of an alert or a change are about, by the rules and names that hold here. */
import { type Entities, type Labels, resolveEntities, type Scope } from '@faultline/model';
import { placeOf } from './service-names.ts';
import type { SourceContext } from './source.ts';

/** Names used in several namespaces carry theirs. What the labels tell of namespaces is remembered. */
export function entitiesOf(scope: Scope, labels: Labels, context: SourceContext): Entities {
  return qualifiedEntities(scope, resolveEntities(labels, context.entityRules), labels, context);
}

/** The same for entities that a source found by other means, as well. */
export function qualifiedEntities(scope: Scope, entities: Entities, labels: Labels, context: SourceContext): Entities {
  const place = placeOf(scope, entities, labels);
  context.serviceNames.learn(place, 'alert');
  return context.serviceNames.qualify(place);
}
