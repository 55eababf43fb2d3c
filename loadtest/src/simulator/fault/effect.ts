/**
 * What can go wrong. Each effect impairs one quantity at one target for a time; a fault is one or more effects. What
 * callers see follows from the simulation.
 */
import type { Instance, Operation, Service, System } from '../system/system.ts';

export type Impairment =
  /** Adds a wait to each affected call. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Uses this share of the cores beside the calls, and adds CPU time to each affected call. */
  | { readonly kind: 'cpu'; readonly cores: number; readonly perCallMs: number }
  /** Makes affected calls fail with this log line, after this share of their steps. */
  | { readonly kind: 'fail'; readonly line: string; readonly after: number }
  /** Adds latency to calls to the target, or loses their packets. */
  | { readonly kind: 'network'; readonly ms: number; readonly loss: number }
  /** Makes name resolution at the target slow, or makes it fail. */
  | { readonly kind: 'dns'; readonly ms: number; readonly failing: number }
  /** Rejects calls to the target. */
  | { readonly kind: 'reject'; readonly line: string }
  /** Stops the target. `timeout`: the node is dead, so connections are not even refused. */
  | { readonly kind: 'down'; readonly connection: 'refused' | 'timeout' }
  | { readonly kind: 'leak-memory'; readonly shareOfLimitPerMinute: number }
  | { readonly kind: 'disk'; readonly factor: number }
  /** Leaks connections to databases. */
  | { readonly kind: 'leak-connections'; readonly shareOfPoolPerMinute: number }
  /** Multiplies the number of concurrent calls, or of consumers. */
  | { readonly kind: 'concurrency'; readonly factor: number }
  | { readonly kind: 'traffic'; readonly factor: number }
  /** Drops telemetry on its way. The service keeps working. */
  | { readonly kind: 'drop-telemetry'; readonly signals: readonly ('spans' | 'logs' | 'metrics')[] };

export type ImpairmentKind = Impairment['kind'];

/** A call must match every field that is set. `caller` is the calling service. */
export interface Target {
  readonly service?: string;
  readonly instance?: string;
  readonly operation?: string;
  readonly caller?: string;
  readonly node?: string;
  readonly zone?: string;
}

export interface Effect {
  readonly fromMs: number;
  readonly toMs: number;
  /** Time of linear growth to full size. */
  readonly rampMs: number;
  readonly target: Target;
  /** Share of calls that are affected. */
  readonly share: number;
  readonly impairment: Impairment;
}

/** One call at one instance and time: what an effect is matched against. */
export interface CallSite {
  readonly service: Service;
  readonly instance: Instance;
  readonly atMs: number;
  readonly operation?: Operation;
  readonly caller?: string;
}

export interface Effects {
  /** Active effects of one kind, each with its size at that time, from 0 to 1. */
  at<Kind extends ImpairmentKind>(kind: Kind, site: CallSite): readonly ActiveEffect<Kind>[];
  /** Factor on requests from outside. */
  trafficAt(atMs: number): number;
}

export interface ActiveEffect<Kind extends ImpairmentKind> {
  readonly size: number;
  readonly share: number;
  readonly impairment: Extract<Impairment, { kind: Kind }>;
  /** Epoch ms of the start. */
  readonly fromMs: number;
}

/** Indexes effects by kind and service, because the simulator looks them up for every call. */
export function indexEffects(effects: readonly Effect[], system: System): Effects {
  const byKey = new Map<string, Effect[]>();
  for (const effect of effects)
    for (const service of system.services)
      if (mayAffect(effect.target, service)) {
        const key = `${effect.impairment.kind}\n${service.name}`;
        byKey.set(key, [...(byKey.get(key) ?? []), effect]);
      }
  const surges = effects.filter(({ impairment }) => impairment.kind === 'traffic');
  return {
    at: (kind, site) => {
      const known = byKey.get(`${kind}\n${site.service.name}`);
      if (known === undefined) return [];
      return known.filter((effect) => isActive(effect, site)).map((effect) => activeEffect(effect, site.atMs)) as never;
    },
    trafficAt: (atMs) =>
      surges
        .filter((effect) => effect.fromMs <= atMs && atMs < effect.toMs)
        .reduce((factor, effect) => factor * (1 + (surgeOf(effect) - 1) * sizeAt(effect, atMs)), 1),
  };
}

function surgeOf({ impairment }: Effect): number {
  return impairment.kind === 'traffic' ? impairment.factor : 1;
}

function mayAffect({ service, node, zone }: Target, candidate: Service): boolean {
  if (service !== undefined && service !== candidate.name) return false;
  if (node === undefined && zone === undefined) return service !== undefined;
  return candidate.instances.some((instance) => instance.node.name === node || instance.node.zone === zone);
}

function isActive({ target, fromMs, toMs }: Effect, { instance, operation, caller, atMs }: CallSite): boolean {
  return (
    fromMs <= atMs &&
    atMs < toMs &&
    (target.instance === undefined || target.instance === instance.name) &&
    (target.operation === undefined || operation === undefined || target.operation === operation.name) &&
    (target.caller === undefined || target.caller === caller) &&
    (target.node === undefined || target.node === instance.node.name) &&
    (target.zone === undefined || target.zone === instance.node.zone)
  );
}

function activeEffect(
  effect: Effect,
  atMs: number,
): { size: number; share: number; impairment: Impairment; fromMs: number } {
  return { size: sizeAt(effect, atMs), share: effect.share, impairment: effect.impairment, fromMs: effect.fromMs };
}

function sizeAt({ fromMs, rampMs }: Effect, atMs: number): number {
  return rampMs <= 0 ? 1 : Math.min(1, (atMs - fromMs) / rampMs);
}
