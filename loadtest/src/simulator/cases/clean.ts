/** Encodes a case with uniform labels: Alertmanager, CDEvents and OTLP, without environment and noise. */
import type { SentRequest } from '../../case/evaluation-case.ts';
import type { FiredAlert } from '../rules/rule.ts';
import type { Scenario } from '../scenario.ts';
import type { Timeline } from '../timeline.ts';
import { alertmanagerWebhook } from '../wire/alertmanager.ts';
import { changeRequest } from '../wire/changes.ts';
import { alertmanagerRequest, type EncodedCase, encodeStreams } from './encoded-case.ts';

export function encodeClean({ changes }: Scenario, timeline: Timeline): EncodedCase {
  const { alerts, noise, untilMs } = timeline;
  return {
    streams: encodeStreams(timeline),
    changes: (shiftMs) => changes.map((change) => changeRequest(change, shiftMs)),
    lateChanges: () => [],
    alertTruth: alerts.map((alert) => ({ name: alert.name, atMs: alert.atMs, isOfFault: !noise.has(alert) })),
    alerts: (shiftMs) => alerts.flatMap((alert) => transitions(alert, { untilMs, shiftMs })),
  };
}

function transitions(alert: FiredAlert, { untilMs, shiftMs }: { untilMs: number; shiftMs: number }): SentRequest[] {
  const firing = alertmanagerRequest(alertmanagerWebhook(alert, 'firing', shiftMs));
  const isOver = alert.endMs !== null && alert.endMs <= untilMs;
  return isOver ? [firing, alertmanagerRequest(alertmanagerWebhook(alert, 'resolved', shiftMs))] : [firing];
}
