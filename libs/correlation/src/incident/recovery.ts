/** Decides whether an incident without firing alerts is over. */
import type { CoreConfig } from '../state/config.ts';
import type { Resolution } from '../state/state.ts';

interface Quiet {
  /** How long no member has fired. */
  readonly quietMs: number;
  /** Whether the evidence shows how things are now. */
  readonly reachable: boolean;
  /** Whether the signals still differ from before. */
  readonly degraded: boolean;
}

/** Why the incident is over; null while it is not. */
export function decideRecovery(
  { quietMs, reachable, degraded }: Quiet,
  limits: Pick<CoreConfig, 'resolveHoldMs' | 'resolveBlindMs' | 'resolveAnywayMs'>,
): Resolution | null {
  if (quietMs < limits.resolveHoldMs) return null;
  if (reachable && !degraded) return { kind: 'recovered' };
  if (!reachable && quietMs >= limits.resolveBlindMs) return { kind: 'no-evidence' };
  return quietMs >= limits.resolveAnywayMs ? { kind: 'still-degraded' } : null;
}
