/** The environment that labels name. */
import { type Labels, labelOf } from './label-reader.ts';

/** Label names that mean the environment, best first. */
export const defaultEnvironmentAliases: readonly string[] = [
  'deployment.environment.name',
  'deployment.environment',
  'deployment_environment_name',
  'deployment_environment',
  'environment',
  'env',
  'stage',
];

/** The environment that the labels name, fit for a topic key (no slash); empty when they name none. */
export function environmentOf(labels: Labels, aliases: readonly string[] = defaultEnvironmentAliases): string {
  for (const label of aliases) {
    const value = labelOf(labels, label);
    if (value !== '') return value.replaceAll('/', '-');
  }
  return '';
}
