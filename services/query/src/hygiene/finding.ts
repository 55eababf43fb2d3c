/** What is wrong with a rule, the patch that would mend it, and what the patch would have done. */
import type { AlertedIncident } from '@faultline/store';
import type { Patch } from './patch.ts';

/**
 * `no-action`: nobody acts on its pages. `flapping`: it ends and fires again at once. `always-together`: another alert always fires with it.
 * `no-impact`: none of its incidents hurt anything.
 */
export type HygieneKind = 'no-action' | 'flapping' | 'always-together' | 'no-impact';

export interface HygieneFinding {
  readonly kind: HygieneKind;
  readonly alert: string;
  readonly source: string;
  /** The other alert of `always-together`. Empty otherwise. */
  readonly other: string;
  /** Owners of the causes of its incidents, most incidents first. */
  readonly teams: readonly string[];
  readonly incidents: number;
  readonly firings: number;
  readonly patch: Patch;
  /** Incidents whose page the patch would have saved. */
  readonly savedPages: readonly AlertedIncident[];
  /** Notifications of the alert that the patch would have saved. */
  readonly savedAlerts: number;
  /** Incidents with impact that nobody would have been paged for. */
  readonly missed: readonly AlertedIncident[];
}

/** Most incidents first. Unknown owners are left out. */
export function teamsOf(incidents: readonly AlertedIncident[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { team } of incidents) if (team !== '') counts.set(team, (counts.get(team) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([team]) => team);
}
