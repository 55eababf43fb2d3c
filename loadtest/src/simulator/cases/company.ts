/** Encodes a case with labels as companies have them, noise alerts, several senders and late change events. */
import type { SentRequest } from '../../case/evaluation-case.ts';
import { type CompanyAlert, toCompanyAlert } from '../company/alerts.ts';
import { drawLateChanges } from '../company/changes.ts';
import { type Conventions, drawConventions, type Route } from '../company/conventions.ts';
import { noiseAlerts } from '../company/noise.ts';
import type { Scenario } from '../scenario.ts';
import type { Sender } from '../telemetry/telemetry.ts';
import type { Timeline } from '../timeline.ts';
import { type AlertToSend, alertmanagerWebhook, type Transition } from '../wire/alertmanager.ts';
import { changeRequest } from '../wire/changes.ts';
import { alertmanagerEvent, grafanaEvent } from '../wire/pagerduty.ts';
import { alertmanagerRequest, distinctAlerts, type EncodedCase, encodeStreams } from './encoded-case.ts';

export function encodeCompany(scenario: Scenario, timeline: Timeline): EncodedCase {
  const random = scenario.random.fork('company');
  const conventions = drawConventions(scenario.system, random);
  const { untilMs } = timeline;
  const noise = noiseAlerts(scenario, conventions, { random: random.fork('noise'), untilMs });
  const alerts = [
    ...distinctAlerts(
      timeline.alerts.map((fired) => ({
        ...toCompanyAlert(fired, conventions),
        isOfFault: !timeline.noise.has(fired),
      })),
    ),
    ...noise.map((alert) => ({ alert, route: 'alertmanager' as const, isOfFault: false })),
  ];
  const late = drawLateChanges(scenario);
  return {
    streams: encodeStreams(timeline, (sender) => resourceLabels(sender, conventions)),
    changes: (shiftMs) => sendChanges(scenario, conventions, { shiftMs, isSent: (i) => !late.has(i) }),
    lateChanges: (shiftMs) => sendChanges(scenario, conventions, { shiftMs, isSent: (i) => late.has(i) }),
    alertTruth: alerts
      .filter(({ alert }) => alert.atMs <= untilMs)
      .map(({ alert, isOfFault }) => ({ name: alert.name, atMs: alert.atMs, isOfFault })),
    alerts: (shiftMs) => sendAlerts(alerts, { untilMs, shiftMs }),
  };
}

/** Nodes have no service and no team. */
function resourceLabels({ service, cluster, node }: Sender, conventions: Conventions): Record<string, string> {
  const ofCluster =
    cluster === '' || conventions.clusterName === '' ? {} : { 'k8s.cluster.name': conventions.clusterName };
  if (service === '') return ofCluster;
  const { resource, nodeAttribute } = conventions.teamOf(service);
  return { ...resource, ...ofCluster, 'k8s.node.name': '', [nodeAttribute]: node };
}

function sendChanges(
  { changes }: Scenario,
  { deployEnvironment, configLabels }: Conventions,
  { shiftMs, isSent }: { shiftMs: number; isSent: (index: number) => boolean },
): SentRequest[] {
  return changes
    .filter((_, index) => isSent(index))
    .map((change) => changeRequest(change, shiftMs, { environmentId: deployEnvironment, labels: configLabels }));
}

/** Every transition up to the end of the case, in order of time. */
function sendAlerts(
  alerts: readonly CompanyAlert[],
  { untilMs, shiftMs }: { untilMs: number; shiftMs: number },
): SentRequest[] {
  return alerts
    .flatMap(({ alert, route }) => [
      { atMs: alert.atMs, request: requestOf[route](alert, 'firing', shiftMs) },
      ...(alert.endMs === null ? [] : [{ atMs: alert.endMs, request: requestOf[route](alert, 'resolved', shiftMs) }]),
    ])
    .filter(({ atMs }) => atMs <= untilMs)
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ request }) => request);
}

const pagerdutyRequest = (body: object): SentRequest => ({
  path: '/v2/enqueue',
  contentType: 'application/json',
  body,
});

const requestOf: Readonly<Record<Route, (alert: AlertToSend, status: Transition, shiftMs: number) => SentRequest>> = {
  alertmanager: (...args) => alertmanagerRequest(alertmanagerWebhook(...args)),
  'pagerduty-alertmanager': (...args) => pagerdutyRequest(alertmanagerEvent(...args)),
  'pagerduty-grafana': (...args) => pagerdutyRequest(grafanaEvent(...args)),
};
