/** By which rule an alert does not page. */
import { suppressedBy } from '@faultline/correlation';
import type { Alert } from '@faultline/model';
import type { CorrelatorConfig } from './config.ts';

export interface SuppressionRule {
  readonly rule: string;
  /** The rule is built in: the alert fires for ever by design. */
  readonly isHeartbeat: boolean;
}

type Told = Pick<Alert, 'name' | 'source' | 'labels' | 'entities' | 'startsAtMs' | 'url'>;

/** The rule by which the core suppresses such an alert. Null: it does not. */
export function suppressionOf({ suppress }: Pick<CorrelatorConfig, 'suppress'>, alert: Told): SuppressionRule | null {
  const rule = suppressedBy(suppress, alert);
  if (rule === null) return null;
  return { rule: rule.name, isHeartbeat: suppressedBy([], alert) !== null };
}
