/** How likely each time is as the onset before any signal is read: harm begins some time before its first alert. */

/**
 * How long before its alert the harm begins, as a log-normal distribution. Scrapes take half a minute, and rules average and wait up to
 * ten. The median is two minutes. One in six is under a minute, one in six above four, and ten are not ruled out.
 */
export const medianLeadMs = 120_000;
const leadSigma = 0.7;
/** An alert cannot come sooner than its rule is evaluated. */
const minLeadMs = 15_000;
/** One alert in four has nothing to do with the incident that it is in: it flaps, or it began before. */
const strayShare = 0.25;

/** The distinct times at which alerts started, first to last. Without alerts, the start of the incident. */
export function alertTimes(alerts: readonly { readonly startsAtMs: number }[], startedAtMs: number): number[] {
  const times = alerts.map(({ startsAtMs }) => startsAtMs).filter((atMs) => atMs >= startedAtMs);
  return [...new Set([startedAtMs, ...times])].sort((a, b) => a - b);
}

/** The log-probability of an onset at this time, up to a constant. Each alert may be the first one of the harm; those before it are stray. */
export function logPrior(atMs: number, alertsMs: readonly number[]): number {
  let chance = 0;
  alertsMs.forEach((alertMs, i) => {
    if (alertMs >= atMs) chance += strayShare ** i * Math.exp(logLead(alertMs - atMs));
  });
  return Math.log(Math.max(chance, Number.MIN_VALUE));
}

function logLead(leadMs: number): number {
  const distance = Math.log(Math.max(minLeadMs, leadMs) / medianLeadMs) / leadSigma;
  return -(distance * distance) / 2;
}
