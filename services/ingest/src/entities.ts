/** What labels of an alert or a change are about, by the rules and names that hold here. */
import { type Entities, type Labels, resolveEntities, type Scope, withCluster } from '@faultline/model';
import { type Origin, originOf } from './scope.ts';
import { placeOf } from './service-names.ts';
import type { SourceContext } from './source.ts';

/** What a signal is about, and where it is from. */
export interface Subject {
  readonly scope: Scope;
  readonly entities: Entities;
}

/** Names used in several namespaces carry theirs. What the labels tell of namespaces is remembered. */
export function subjectOfLabels(tenant: string, labels: Labels, context: SourceContext): Subject {
  const entities = resolveEntities(labels, context.entityRules);
  return subjectAt(originOf(tenant, labels, entities, context), entities, labels, context);
}

/** The same for entities and an origin that a source found by other means, as well. */
export function subjectAt(origin: Origin, entities: Entities, labels: Labels, context: SourceContext): Subject {
  const { scope } = origin;
  const known = context.clusterNames.complete(scope, withCluster(entities, origin), labels);
  const place = placeOf(scope, known, labels);
  context.serviceNames.learn(place, 'alert');
  return { scope, entities: context.serviceNames.qualify(place) };
}
