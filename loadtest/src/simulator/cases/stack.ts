/** Encodes a case with the labels and the standing alerts of kube-prometheus-stack. Everything comes by Alertmanager; nothing names an environment. */
import { standingAlerts, toStackAlert } from '../company/stack.ts';
import type { Scenario } from '../scenario.ts';
import type { Timeline } from '../timeline.ts';
import { alertmanagerWebhook } from '../wire/alertmanager.ts';
import { changeRequest } from '../wire/changes.ts';
import { alertmanagerRequest, distinctAlerts, type EncodedCase, encodeStreams } from './encoded-case.ts';

export function encodeStack(scenario: Scenario, timeline: Timeline): EncodedCase {
  const { untilMs, noise } = timeline;
  const standing = standingAlerts(scenario, scenario.random.fork('stack'));
  const alerts = [
    ...standing.map((alert) => ({ alert, isOfFault: false })),
    ...distinctAlerts(timeline.alerts.map((fired) => ({ alert: toStackAlert(fired), isOfFault: !noise.has(fired) }))),
  ];
  return {
    streams: encodeStreams(timeline, ({ service }): Record<string, string> => {
      return service === '' ? {} : { 'k8s.namespace.name': 'shop', 'k8s.deployment.name': service };
    }),
    changes: (shiftMs) => scenario.changes.map((change) => changeRequest(change, shiftMs)),
    lateChanges: () => [],
    alertTruth: alerts.map(({ alert, isOfFault }) => ({ name: alert.name, atMs: alert.atMs, isOfFault })),
    alerts: (shiftMs) =>
      alerts.flatMap(({ alert }) => {
        const isOver = alert.endMs !== null && alert.endMs <= untilMs;
        const statuses = isOver ? (['firing', 'resolved'] as const) : (['firing'] as const);
        return statuses.map((status) => alertmanagerRequest(alertmanagerWebhook(alert, status, shiftMs)));
      }),
  };
}
