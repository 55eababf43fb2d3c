/** Where a signal is from: its tenant, and the environment that it names, by one name for each environment. */
import {
  type Entities,
  explainEnvironment,
  type FoldedEnvironment,
  foldEnvironment,
  type Labels,
  type Scope,
  unnamedEnvironment,
} from '@faultline/model';
import type { SourceContext } from './source.ts';

/** A scope, and the cluster that a compound name such as `production-eu-1` says beside its environment. */
export interface Origin extends Pick<FoldedEnvironment, 'cluster'> {
  readonly scope: Scope;
}

/** Longest name of an environment: it is part of the keys of topics. */
const maxLength = 150;

/** Of an alert, a change or a command. Its environment is empty where nothing says it: it meets whatever it has a reason to join. */
export function originOf(tenant: string, labels: Labels, entities: Entities, context: SourceContext): Origin {
  return originOfName(tenant, explainEnvironment(labels, entities, context.environmentRules), context);
}

/** The same from a name that stands in a field of its own. */
export function originOfField(tenant: string, name: string, context: SourceContext): Origin {
  return originOfName(tenant, foldEnvironment(name, context.environmentRules), context);
}

/** Of telemetry. What names no environment has one of its own in the store. */
export function telemetryOrigin(
  tenant: string,
  attributes: Labels,
  entities: Entities,
  context: SourceContext,
): Origin {
  const { scope, cluster } = originOf(tenant, attributes, entities, context);
  return { scope: { tenant, environment: scope.environment || unnamedEnvironment }, cluster };
}

function originOfName(tenant: string, folded: FoldedEnvironment, context: SourceContext): Origin {
  const { environment, cluster } = folded;
  if (environment !== '') return { scope: { tenant, environment: environment.slice(0, maxLength) }, cluster };
  // A default that somebody set is a statement; the built-in one means that nothing is known.
  return {
    scope: { tenant, environment: foldEnvironment(context.config.defaultEnvironment).environment },
    cluster: '',
  };
}
