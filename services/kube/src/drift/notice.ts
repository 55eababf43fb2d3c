/** Tells the owner of an object that it has drifted: one alert for each object, while it has drift that nobody accepted. Pure. */
import {
  type Alert,
  contentId,
  type Drift,
  type DriftAcceptance,
  driftAlertSource,
  driftRisks,
  driftText,
  isAccepted,
} from '@faultline/model';
import type { DriftConfig } from './config.ts';

/** The drift of one object that its owner should know of. */
export function noticeable(
  drifts: readonly Drift[],
  {
    notify,
    acceptances,
    nowMs,
  }: {
    readonly notify: DriftConfig['notify'];
    readonly acceptances: ReadonlyMap<string, DriftAcceptance>;
    readonly nowMs: number;
  },
): readonly Drift[] {
  if (notify === 'off') return [];
  const worst = driftRisks.indexOf(notify);
  return drifts.filter(
    (drift) => driftRisks.indexOf(drift.risk) <= worst && !isAccepted(drift, acceptances.get(drift.id), nowMs),
  );
}

/**
 * The alert about drift of one object. An incident that has only such alerts never pages. The start is the same after a restart, so that the
 * same alert again is a duplicate.
 */
export function driftAlert(
  drifts: readonly [Drift, ...Drift[]],
  {
    startsAtMs,
    endsAtMs,
    nowMs,
  }: { readonly startsAtMs: number; readonly endsAtMs: number | null; readonly nowMs: number },
): Alert {
  const [first] = drifts;
  const { scope, cluster, object, entities, team } = first;
  const name = 'ConfigurationDrift';
  const status = endsAtMs === null ? 'firing' : 'resolved';
  const fingerprint = contentId('drift-alert', scope.tenant, cluster, object.kind, object.namespace, object.name);
  return {
    id: contentId(scope.tenant, scope.environment, driftAlertSource, fingerprint, String(startsAtMs), status),
    scope,
    source: driftAlertSource,
    fingerprint,
    name,
    status,
    severity: 'info',
    summary: drifts.length > 1 ? `${driftText(first)}, and ${drifts.length - 1} more` : driftText(first),
    labels: {
      alertname: name,
      cluster,
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      ...(team !== '' && { team }),
    },
    annotations: first.command === '' ? {} : { command: first.command },
    entities,
    startsAtMs,
    endsAtMs,
    receivedAtMs: nowMs,
    expiresAfterMs: null,
    url: '',
    raw: '{}',
  };
}

/** Since when the owner should know: the first drift, or the end of its acceptance. */
export function noticeStartMs(drifts: readonly Drift[], acceptances: ReadonlyMap<string, DriftAcceptance>): number {
  return Math.min(
    ...drifts.map((drift) => {
      const acceptance = acceptances.get(drift.id);
      const isOver = acceptance !== undefined && acceptance.valuesId === drift.valuesId;
      return isOver ? Math.max(drift.sinceMs, acceptance.untilMs) : drift.sinceMs;
    }),
  );
}
