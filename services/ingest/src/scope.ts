import { environmentOf, type Labels, type Scope } from '@faultline/model';
import type { SourceContext } from './source.ts';

/** The sender's tenant, and the environment that the labels name. Without one: the configured default. */
export function scopeOf(tenant: string, labels: Labels, context: SourceContext): Scope {
  const named = environmentOf(labels, context.environmentAliases);
  return { tenant, environment: named || context.config.defaultEnvironment };
}
