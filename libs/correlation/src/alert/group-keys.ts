/** What rules about grouping say of an alert. */
import type { GroupRule } from '../state/config.ts';
import { apartKeys, togetherKey } from '../state/group-keys.ts';
import type { AlertState } from '../state/state.ts';
import { knownLabels, matchesKnown } from './suppress.ts';

/** The keys by the rules whose window is open and that match. */
export function groupKeysOf(
  rules: readonly GroupRule[],
  alert: Pick<AlertState, 'name' | 'source' | 'labels' | 'entities'>,
  atMs: number,
): readonly string[] {
  if (rules.length === 0) return [];
  const labels = knownLabels(alert);
  return rules.flatMap(({ name, match, mode, by, windows }) => {
    const isOpen = windows.some(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs);
    const values = by.flatMap((label) => labels[label] ?? []);
    if (!isOpen || values.length < by.length || !matchesKnown(match, labels)) return [];
    return mode === 'together' ? [togetherKey(name, values)] : apartKeys(name, values);
  });
}
