/** Histories of alerts for tests. */
import type { AlertedIncident, AlertFiring, FiringHistory } from '@faultline/store';

export const startMs = Date.UTC(2026, 2, 1);
export const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Incident `index`, an hour after the one before. Paged, without impact or action. */
export function anAlertedIncident(index: number, changed: Partial<AlertedIncident> = {}): AlertedIncident {
  return {
    id: `i${index}`,
    startedAtMs: startMs + index * hourMs,
    team: 'shop',
    impact: 'none',
    isPaged: true,
    isAcknowledged: false,
    isActedOn: false,
    ...changed,
  };
}

/** A firing of ten minutes in incident `index`. */
export function aFiring(index: number, changed: Partial<AlertFiring> = {}): AlertFiring {
  const startsAtMs = changed.startsAtMs ?? startMs + index * hourMs;
  return {
    incidentId: `i${index}`,
    name: 'HighLatency',
    source: 'alertmanager',
    fingerprint: 'f',
    endsAtMs: startsAtMs + 10 * minuteMs,
    labels: { service: 'checkout', severity: 'critical' },
    url: 'http://prometheus:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
    ...changed,
    startsAtMs,
  };
}

export function aHistory(
  incidents: readonly AlertedIncident[],
  firings: readonly AlertFiring[],
  isTruncated = false,
): FiringHistory {
  return { incidents, firings, isTruncated };
}

/** Ten firings of one minute, five minutes apart. The first six are one incident; each later one is another. People acted on all. */
export function flappingHistory(): FiringHistory {
  const firings = Array.from({ length: 10 }, (_, index) => {
    const startsAtMs = startMs + index * 5 * minuteMs;
    return aFiring(Math.max(0, index - 5), { startsAtMs, endsAtMs: startsAtMs + minuteMs });
  });
  const incidents = Array.from({ length: 5 }, (_, index) =>
    anAlertedIncident(index, { isAcknowledged: true, impact: 'limited' }),
  );
  return aHistory(incidents, firings);
}
