/** Draws an alert storm: faults that cascade through services, alerts that flap, and alerts of others that have nothing to do with it. */
import type { Alert } from '@faultline/model';
import { createRandom, type Random } from '../random/random.ts';
import type { Harm, System } from '../workloads/telemetry.ts';

/** A group of services that call each other, and nobody else. */
export interface Group {
  readonly system: System;
  /** Null: nothing is wrong with it. */
  readonly harm: Harm | null;
}

export interface Storm {
  readonly seed: number;
  /** The first groups are faulted, one cause each. The others are healthy. */
  readonly groups: readonly Group[];
  /** Changes of alerts, by the time at which they arrive. */
  readonly alerts: readonly Alert[];
  /** What each alert belongs to, by fingerprint: the service at fault, or null for one that belongs to nothing. */
  readonly truth: ReadonlyMap<string, string | null>;
}

const scope = { tenant: 't', environment: '' };
const startMs = Date.UTC(2026, 0, 5, 12);
const secondMs = 1000;
const minuteMs = 60_000;
const cascading = 34;
const healthyServices = 14;
const ruleNames = ['HighErrorRate', 'ErrorBudgetBurn', 'RequestsFailing', 'ProbeFailing', 'QueueGrowing'];
const noiseNames = ['DiskAlmostFull', 'CertificateExpiresSoon', 'BackupLate', 'ReplicaLag', 'HighMemory'];

/** Even seeds have two causes that begin within minutes of each other, odd seeds one. */
export function drawStorm(seed: number): Storm {
  const random = createRandom(seed).fork('storm');
  const causes = seed % 2 === 0 ? 2 : 1;
  const faulted = Array.from({ length: causes }, (_, index) => {
    const services = Array.from({ length: cascading + random.int(0, 6) }, (_, n) => `g${index}-svc-${n}`);
    const sinceMs = startMs + index * random.int(20, 180) * secondMs;
    return { system: tree(services, random), harm: harmOf(services, sinceMs, random) };
  });
  const healthy = Array.from({ length: healthyServices }, (_, n) => `lone-${n}`);
  const calm = { system: { calls: healthy.map((name) => [`${name}-web`, name] as const) }, harm: null };
  const cascades = faulted.flatMap(({ system, harm }) => cascadeAlerts(system, harm, random));
  const noise = noiseAlerts(healthy, random);
  return {
    seed,
    groups: [...faulted, calm],
    alerts: [...cascades.flatMap(({ alerts }) => alerts), ...noise].sort(
      (a, b) => a.receivedAtMs - b.receivedAtMs || (a.id < b.id ? -1 : 1),
    ),
    truth: new Map([
      ...cascades.map(({ fingerprint, cause }) => [fingerprint, cause] as const),
      ...noise.map(({ fingerprint }) => [fingerprint, null] as const),
    ]),
  };
}

/** The last service is called by all: each service calls one or two of those after it. */
function tree(services: readonly string[], random: Random): System {
  const last = services.length - 1;
  const calls = services.slice(0, last).flatMap((caller, index) => {
    const next = services[random.int(index + 1, Math.min(last, index + 4))] ?? '';
    const more = services[random.int(index + 1, Math.min(last, index + 6))] ?? '';
    return next === more || random.chance(0.6)
      ? [[caller, next] as const]
      : [[caller, next] as const, [caller, more] as const];
  });
  return { calls };
}

/** One of the deepest services fails in its own code, so that nearly all others cascade. */
function harmOf(services: readonly string[], sinceMs: number, random: Random): Harm {
  const service = services[services.length - 1 - random.int(0, 1)] ?? '';
  return { service, sinceMs, share: 0.5 + 0.4 * random.next(), isOwn: true };
}

interface Series {
  readonly fingerprint: string;
  readonly cause: string;
  readonly alerts: readonly Alert[];
}

/** Each service that passes the failures on raises two to five alerts. One in five flaps. */
function cascadeAlerts(system: System, harm: Harm, random: Random): readonly Series[] {
  return [...reached(system, harm.service)].flatMap(([service, depth]) =>
    shuffled(ruleNames, random)
      .slice(0, random.int(3, 5))
      .map((name) => {
        const startsAtMs = harm.sinceMs + (20 + depth * 4 + random.int(0, 90)) * secondMs;
        const fingerprint = `${name}/${service}`;
        const flaps = random.chance(0.2) ? random.int(1, 3) : 0;
        return { fingerprint, cause: harm.service, alerts: seriesOf({ name, service, startsAtMs, flaps }, random) };
      }),
  );
}

/** Callers of the service, however many calls away, with the number of calls. */
function reached({ calls }: System, service: string): ReadonlyMap<string, number> {
  const depths = new Map([[service, 0]]);
  for (const [name, depth] of depths)
    for (const [caller, callee] of calls) if (callee === name && !depths.has(caller)) depths.set(caller, depth + 1);
  return depths;
}

interface SeriesOptions {
  readonly name: string;
  readonly service: string;
  readonly startsAtMs: number;
  /** How often it ends and fires again. */
  readonly flaps: number;
  readonly severity?: Alert['severity'];
}

function seriesOf({ name, service, startsAtMs, flaps, severity = 'critical' }: SeriesOptions, random: Random): Alert[] {
  const alerts: Alert[] = [];
  let atMs = startsAtMs;
  for (let flap = 0; flap <= flaps; flap++) {
    const delayMs = random.int(1, 8) * secondMs;
    const firing = alertOf({ name, service, startsAtMs: atMs, receivedAtMs: atMs + delayMs, severity });
    alerts.push(firing);
    if (flap === flaps) break;
    const endsAtMs = atMs + random.int(40, 120) * secondMs;
    alerts.push({ ...firing, id: `${firing.id}/end`, status: 'resolved', endsAtMs, receivedAtMs: endsAtMs + delayMs });
    atMs = endsAtMs + random.int(20, 90) * secondMs;
  }
  return alerts;
}

function alertOf(
  one: Pick<Alert, 'name' | 'startsAtMs' | 'receivedAtMs' | 'severity'> & { readonly service: string },
): Alert {
  const { name, service, startsAtMs, receivedAtMs, severity } = one;
  return {
    id: `${name}/${service}/${startsAtMs}`,
    scope,
    source: 'alertmanager',
    fingerprint: `${name}/${service}`,
    name,
    status: 'firing',
    severity,
    summary: '',
    labels: { alertname: name, service },
    annotations: {},
    entities: { service },
    startsAtMs,
    endsAtMs: null,
    receivedAtMs,
    expiresAfterMs: null,
    url: '',
    raw: '',
  };
}

/** One alert for each of some healthy services, at any time of the storm. */
function noiseAlerts(healthy: readonly string[], random: Random): Alert[] {
  return shuffled(healthy, random)
    .slice(0, random.int(5, 10))
    .flatMap((service) => {
      const startsAtMs = startMs + random.int(-3 * minuteMs, 8 * minuteMs);
      const name = random.pick(noiseNames);
      return seriesOf({ name, service, startsAtMs, flaps: random.chance(0.3) ? 1 : 0, severity: 'warning' }, random);
    });
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
