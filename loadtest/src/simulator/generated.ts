/** Turns a seed into an evaluation case. The same seed always gives the same case. */
import { type EvaluationCase, generatedSystem } from '../case/evaluation-case.ts';
import type { Truth } from '../case/truth.ts';
import { type Change, senderAt } from './fault/change.ts';
import type { FiredAlert } from './rules/rule.ts';
import { drawScenario, familiesWithoutFault, type Scenario } from './scenario.ts';
import { simulateTimeline } from './timeline.ts';
import { alertmanagerWebhook, configEvent, deployedEvent, logRequests, metricRequests, traceRequests } from './wire.ts';

/** `family` null: the seed selects it. */
export function generateCase(seed: number, family: string | null = null): EvaluationCase {
  const scenario = drawScenario(seed, family ?? undefined);
  const { spans, logs, points, alerts, untilMs } = simulateTimeline(scenario);
  const name = `generated-${scenario.family}-${String(seed).padStart(4, '0')}`;
  return {
    name,
    system: generatedSystem,
    truth: truthOf(scenario, name),
    untilMs,
    edges: [],
    streams: (shiftMs) => [
      { signal: 'traces', requests: toAsync(traceRequests(spans, shiftMs)) },
      { signal: 'logs', requests: toAsync(logRequests(logs, shiftMs)) },
      { signal: 'metrics', requests: toAsync(metricRequests(points, shiftMs)) },
    ],
    changes: (shiftMs) => changeRequests(scenario.changes, shiftMs),
    alerts: (shiftMs) => alerts.flatMap((alert) => transitions(alert, { untilMs, shiftMs })),
  };
}

/** Changes as their tools send them: deployments as CDEvents, configuration changes as PagerDuty change events. */
export function changeRequests(changes: readonly Change[], shiftMs: number): ReturnType<EvaluationCase['changes']> {
  return changes.map((change) =>
    change.kind === 'deploy'
      ? {
          path: '/ingest/cloudevents',
          contentType: 'application/cloudevents+json',
          body: deployedEvent(change, shiftMs),
        }
      : { path: '/v2/change/enqueue', contentType: 'application/json', body: configEvent(change, shiftMs) },
  );
}

async function* toAsync(requests: Iterable<object>): AsyncGenerator<object> {
  yield* requests;
}

function transitions(alert: FiredAlert, { untilMs, shiftMs }: { untilMs: number; shiftMs: number }): object[] {
  const firing = alertmanagerWebhook(alert, 'firing', shiftMs);
  const isOver = alert.endMs !== null && alert.endMs <= untilMs;
  return isOver ? [firing, alertmanagerWebhook(alert, 'resolved', shiftMs)] : [firing];
}

export function truthOf(scenario: Scenario, name: string): Truth {
  const { faults, changes, family } = scenario;
  const guilty = new Set(faults.flatMap((fault) => fault.changes));
  const [only] = faults.length === 1 ? faults : [];
  return {
    case: name,
    family: familiesWithoutFault.some((quiet) => quiet === family) ? 'no-fault' : family,
    services: faults.flatMap(({ services }) => services),
    overlapping: faults.length > 1 ? faults.map(({ services }) => services) : [],
    instance: only === undefined ? '' : instanceOf(scenario),
    kinds: faults.flatMap(({ kinds }) => kinds),
    change: only?.changes[0]?.summary ?? null,
    innocent: changes.filter((change) => !guilty.has(change)).map(({ summary }) => summary),
    sinceMs: only?.sinceMs ?? null,
  };
}

/** The name that the instance has right after the onset. A deployment may have renamed it. */
function instanceOf({ faults, system, changes, onsetMs }: Scenario): string {
  const [fault] = faults;
  const service = system.byName.get(fault?.services[0] ?? '');
  const instance = fault === undefined || fault.instance === null ? undefined : service?.instances[fault.instance];
  return service === undefined || instance === undefined
    ? ''
    : senderAt(service, instance, { changes, atMs: onsetMs + 1000 }).instance;
}
