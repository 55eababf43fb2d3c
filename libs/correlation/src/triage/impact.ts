/** The impact of an incident by what telemetry and alerts show. Pure. */
import type { Impact, TriageReason, TriageReasonCode } from '@faultline/model';

/** What is known of an incident when its level is decided. Lists hold names of services, sorted. */
export interface ImpactSigns {
  /** Services that telemetry shows degraded, or blames. */
  readonly unhealthy: readonly string[];
  /** Those of them that users call. */
  readonly unhealthyUserFacing: readonly string[];
  /** Names of alerts about an error budget. */
  readonly sloAlerts: readonly string[];
  /** Services that alert or are unhealthy. */
  readonly services: number;
  readonly alerts: number;
  /** Services that alert and that users call. */
  readonly alertingUserFacing: readonly string[];
  /** Whether the alerts name services, and the call graph knows each of them: then harm to them or their neighbours would show. */
  readonly isCovered: boolean;
  /** Why telemetry cannot tell; null when it can. */
  readonly gap: TriageReason | null;
}

export interface JudgedImpact {
  readonly impact: Impact;
  readonly reasons: readonly TriageReason[];
}

const maxNames = 3;

/**
 * The largest impact that a sign shows. A broad one is known whatever else is missing. Without a broad one, a gap means that the impact is
 * unknown: what was not read is no proof of health. Where telemetry covers all that alerts and shows no harm, the number of alerts is none.
 */
export function judgeImpact(signs: ImpactSigns, wideReachServices: number): JudgedImpact {
  if (isHarmless(signs)) return { impact: 'none', reasons: [{ code: 'no-impact', detail: '' }] };
  const broad = broadReasons(signs, wideReachServices);
  if (broad.length > 0) return { impact: 'broad', reasons: broad };
  if (signs.gap !== null) return { impact: 'unknown', reasons: [signs.gap] };
  const limited = limitedReasons(signs);
  return limited.length > 0
    ? { impact: 'limited', reasons: limited }
    : { impact: 'none', reasons: [{ code: 'no-impact', detail: '' }] };
}

function isHarmless({ isCovered, gap, unhealthy, unhealthyUserFacing, sloAlerts }: ImpactSigns): boolean {
  return isCovered && gap === null && [unhealthy, unhealthyUserFacing, sloAlerts].every(({ length }) => length === 0);
}

function broadReasons(
  { unhealthyUserFacing, sloAlerts, services }: ImpactSigns,
  wideReachServices: number,
): TriageReason[] {
  return [
    ...named('user-facing', unhealthyUserFacing),
    ...named('slo-burn', sloAlerts),
    ...(services >= wideReachServices ? [{ code: 'reach', detail: String(services) } as const] : []),
  ];
}

function limitedReasons({ unhealthy, alerts, alertingUserFacing }: ImpactSigns): TriageReason[] {
  return [
    ...named('unhealthy', unhealthy),
    ...named('about-user-facing', alertingUserFacing),
    ...(alerts > 1 ? [{ code: 'several-alerts', detail: String(alerts) } as const] : []),
  ];
}

function named(code: TriageReasonCode, names: readonly string[]): TriageReason[] {
  return names.length === 0 ? [] : [{ code, detail: names.slice(0, maxNames).join(', ') }];
}
