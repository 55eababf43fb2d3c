/** A seed as a case that can be played: made when it is asked for, and the same each time. */
import { generatedSystem, type Playable } from '../case/evaluation-case.ts';
import type { Truth } from '../case/truth.ts';
import { drawPlot, type Plot, quietFamilies } from './scenario.ts';
import { type Change, senderAt } from './fault/change.ts';
import type { FiredAlert } from './rules/rule.ts';
import { playPlot } from './timeline.ts';
import { alertmanagerWebhook, configEvent, deployedEvent, logRequests, metricRequests, traceRequests } from './wire.ts';

/** `family` null: the seed's own turn. */
export function generateCase(seed: number, family: string | null = null): Playable {
  const plot = drawPlot(seed, family ?? undefined);
  const { spans, logs, points, alerts, untilMs } = playPlot(plot);
  const name = `generated-${plot.family}-${String(seed).padStart(4, '0')}`;
  return {
    name,
    system: generatedSystem,
    truth: truthOf(plot, name),
    untilMs,
    edges: [],
    streams: (shiftMs) => [
      { signal: 'traces', requests: inTurn(traceRequests(spans, shiftMs)) },
      { signal: 'logs', requests: inTurn(logRequests(logs, shiftMs)) },
      { signal: 'metrics', requests: inTurn(metricRequests(points, shiftMs)) },
    ],
    changes: (shiftMs) => postsOf(plot.changes, shiftMs),
    alerts: (shiftMs) => alerts.flatMap((alert) => transitions(alert, { untilMs, shiftMs })),
  };
}

/** Changes as their sources send them: settings are not deployments. */
export function postsOf(changes: readonly Change[], shiftMs: number): ReturnType<Playable['changes']> {
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

async function* inTurn(requests: Iterable<object>): AsyncGenerator<object> {
  yield* requests;
}

function transitions(alert: FiredAlert, { untilMs, shiftMs }: { untilMs: number; shiftMs: number }): object[] {
  const firing = alertmanagerWebhook(alert, 'firing', shiftMs);
  const isOver = alert.endMs !== null && alert.endMs <= untilMs;
  return isOver ? [firing, alertmanagerWebhook(alert, 'resolved', shiftMs)] : [firing];
}

export function truthOf(plot: Plot, name: string): Truth {
  const { stories, changes, family } = plot;
  const guilty = new Set(stories.flatMap((story) => story.changes));
  const [only] = stories.length === 1 ? stories : [];
  return {
    case: name,
    family: quietFamilies.some((quiet) => quiet === family) ? 'no-fault' : family,
    services: stories.flatMap(({ services }) => services),
    overlapping: stories.length > 1 ? stories.map(({ services }) => services) : [],
    instance: only === undefined ? '' : instanceOf(plot),
    kinds: stories.flatMap(({ kinds }) => kinds),
    change: only?.changes[0]?.summary ?? null,
    innocent: changes.filter((change) => !guilty.has(change)).map(({ summary }) => summary),
    sinceMs: only?.sinceMs ?? null,
  };
}

/** By the name that it has while the harm is done. */
function instanceOf({ stories, system, changes, onsetMs }: Plot): string {
  const [story] = stories;
  const service = system.byName.get(story?.services[0] ?? '');
  const instance = story === undefined || story.instance === null ? undefined : service?.instances[story.instance];
  return service === undefined || instance === undefined
    ? ''
    : senderAt(service, instance, { changes, atMs: onsetMs + 1000 }).instance;
}
