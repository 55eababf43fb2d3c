/** The rules of names that hold with the configuration. */
import { createEntityRules, createEnvironmentRules, type EntityRules, type EnvironmentRules } from '@faultline/model';
import type { IngestConfig } from './config.ts';

/** The rules by which labels name entities, with the settings' changes. */
export function entityRulesOf(
  config: Pick<IngestConfig, 'entityAliases' | 'exporters' | 'removedEntityRules'>,
): EntityRules {
  const { entityAliases: aliases, exporters, removedEntityRules: removed } = config;
  return createEntityRules({ aliases, exporters, removed });
}

/** The rules by which labels name environments, with the settings' changes. */
export function environmentRulesOf(
  config: Pick<IngestConfig, 'environmentAliases' | 'environmentNames' | 'removedEnvironmentNames' | 'environments'>,
): EnvironmentRules {
  const { environmentAliases: labels, environmentNames: names, removedEnvironmentNames: removed } = config;
  return createEnvironmentRules({ labels, names, removed, declared: config.environments });
}
