/** Rules of people that hold a page back for a time. They override the decision and never replace it: at their end the decision counts. */
import { isHigherLevel, type TriageFacts } from '@faultline/model';
import { matchesLabels } from '../alert/suppress.ts';
import type { OverrideRule } from '../state/config.ts';
import type { Members } from '../state/members.ts';

type Decided = Omit<TriageFacts, 'atMs'>;

/** A rule that applies now, and when its window ends. */
export interface ActiveOverride {
  readonly rule: OverrideRule;
  readonly untilMs: number;
}

/** An incident with more alerts is never held back. */
const maxHeldAlerts = 100;

/** The first rule in whose window this is and that matches every alert. One alert that it does not match is none of its business. */
export function activeOverride(
  rules: readonly OverrideRule[],
  members: Pick<Members, 'keys' | 'first'>,
  atMs: number,
): ActiveOverride | null {
  if (rules.length === 0 || members.keys.size > maxHeldAlerts) return null;
  const alerts = members.first(maxHeldAlerts);
  for (const rule of rules) {
    const window = rule.windows.find(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs);
    if (window !== undefined && alerts.every((alert) => matchesLabels(rule.match, alert)))
      return { rule, untilMs: window.untilMs };
  }
  return null;
}

/** The level that the rule leaves. It lowers the level and never raises it. */
export function heldBack(decided: Decided, { name, owner, level }: OverrideRule): Decided {
  if (!isHigherLevel(decided.level, level)) return decided;
  return { ...decided, level, reasons: [{ code: 'held', detail: heldDetail({ name, owner }) }, ...decided.reasons] };
}

/** The detail of the reason `held`: which rule, and who answers for it. */
export function heldDetail({ name, owner }: Pick<OverrideRule, 'name' | 'owner'>): string {
  return `${name} (owner ${owner})`;
}
