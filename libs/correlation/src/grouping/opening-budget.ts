/** How many incidents alerts may still open. Critical and error alerts have budgets of their own, so milder ones cannot hide them. */
import type { Severity } from '@faultline/model';
import type { AlertState } from '../state/state.ts';

/** Alerts of one class share a budget and a flood. */
export type FloodClass = 'critical' | 'error' | 'mild';

const classes: Readonly<Record<Severity, FloodClass>> = {
  critical: 'critical',
  error: 'error',
  warning: 'mild',
  info: 'mild',
};

/** Worst first. */
export const floodClasses: readonly FloodClass[] = ['critical', 'error', 'mild'];

/** The class of a severity. */
export function floodClassOf({ severity }: { readonly severity: Severity }): FloodClass {
  return classes[severity];
}

/** Incidents left per class. It is spent while groups are made. */
export type OpeningBudget = Record<FloodClass, number>;

/** A budget without limits. */
export function unlimitedBudget(): OpeningBudget {
  const limit = Number.POSITIVE_INFINITY;
  return { critical: limit, error: limit, mild: limit };
}

/** Whether each of the alerts may open an incident. */
export function allowsAll(budget: OpeningBudget, alerts: readonly AlertState[]): boolean {
  return floodClasses.every((one) => alerts.filter((alert) => floodClassOf(alert) === one).length <= budget[one]);
}

/** Spends one opening for the alert. False, and nothing is spent, when none is left. */
export function spendOpening(budget: OpeningBudget, alert: AlertState): boolean {
  const one = floodClassOf(alert);
  if (budget[one] <= 0) return false;
  budget[one] -= 1;
  return true;
}

/** The alerts of each class that has some, worst class first. */
export function byFloodClass(alerts: readonly AlertState[]): readonly (readonly AlertState[])[] {
  const groups = floodClasses.map((one) => alerts.filter((alert) => floodClassOf(alert) === one));
  return groups.filter(({ length }) => length > 0);
}
