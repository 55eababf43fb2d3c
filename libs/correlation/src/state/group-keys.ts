/**
 * The keys of rules about grouping. They stand beside the entities of an incident's members. `grouped:RULE|VALUES` is shared by the alerts that
 * a rule keeps together. `kept-apart:RULE|VALUES` and `keeps-apart:RULE` mark those that it keeps away from other values.
 */
import type { AlertState } from './records.ts';

const together = 'grouped:';
const apart = 'kept-apart:';
const anyApart = 'keeps-apart:';

type Keys = Pick<ReadonlySet<string>, 'has'>;
type Keyed = Pick<AlertState, 'groupKeys'>;

export function togetherKey(rule: string, values: readonly string[]): string {
  return together + textOf(rule, values);
}

export function apartKeys(rule: string, values: readonly string[]): readonly string[] {
  return [apart + textOf(rule, values), anyApart + encodeURIComponent(rule)];
}

/** A name may hold the separator. */
function textOf(rule: string, values: readonly string[]): string {
  return [rule, ...values].map(encodeURIComponent).join('|');
}

/** The name of the first rule that keeps an alert together with a group that has these keys. Null: none. */
export function sharedRule(keys: Keys, { groupKeys = [] }: Keyed): string | null {
  const key = groupKeys.find((one) => one.startsWith(together) && keys.has(one));
  return key === undefined ? null : decodeURIComponent(encodedRule(key, together));
}

/** Whether a rule forbids an alert to be in a group that has these keys. */
export function isSeparatedByRule(keys: Keys, { groupKeys = [] }: Keyed): boolean {
  return groupKeys.some(
    (key) => key.startsWith(apart) && !keys.has(key) && keys.has(anyApart + encodedRule(key, apart)),
  );
}

function encodedRule(key: string, prefix: string): string {
  return key.slice(prefix.length).split('|')[0] ?? '';
}
