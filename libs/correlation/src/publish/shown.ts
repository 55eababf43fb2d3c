import { type IncidentAlert, severities } from '@faultline/model';

type Shown = Pick<IncidentAlert, 'severity' | 'status'>;

/**
 * The first alerts by event time. Where the newest of the worst is beyond them it takes the last place, since the headline names it.
 * `alerts`: by event time.
 */
export function firstWithWorst<Alert extends Shown>(alerts: readonly Alert[], most: number): readonly Alert[] {
  if (alerts.length <= most) return alerts;
  const worst = newestWorst(alerts);
  const first = alerts.slice(0, most);
  if (worst === undefined || first.includes(worst)) return first;
  return [...first.slice(0, most - 1), worst];
}

/** The last of the worst severity among what fires; among all when nothing does. */
function newestWorst<Alert extends Shown>(alerts: readonly Alert[]): Alert | undefined {
  const firing = alerts.filter(({ status }) => status === 'firing');
  const judged = firing.length > 0 ? firing : alerts;
  const worst = severities.find((severity) => judged.some((alert) => alert.severity === severity));
  return judged.findLast(({ severity }) => severity === worst);
}
