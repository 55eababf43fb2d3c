/** What may go wrong, as impairment: each effect alters one quantity at one place for a time. Faults are made of them; harm follows by itself. */
import type { Instance, Operation, Service, System } from '../system/system.ts';

export type Impairment =
  /** Own waiting of every hit call. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Cores burntCores beside the calls, and processor time added to each hit call. */
  | { readonly kind: 'cpu'; readonly cores: number; readonly perCallMs: number }
  /** Hit calls fail by the service's own doing, with this log line, after this share of their steps. */
  | { readonly kind: 'fail'; readonly line: string; readonly after: number }
  /** Calls to the target take longer on the way, or are lost. */
  | { readonly kind: 'network'; readonly ms: number; readonly loss: number }
  /** Calls made from the target wait for a name, or do not get one. */
  | { readonly kind: 'dns'; readonly ms: number; readonly failing: number }
  /** Calls to the target are turned away at the door. */
  | { readonly kind: 'reject'; readonly line: string; readonly status: string }
  /** Not there any more: what ran on a dead machine does not even refuse. */
  | { readonly kind: 'down'; readonly connection: 'refused' | 'timeout' }
  | { readonly kind: 'leak-memory'; readonly shareOfLimitPerMinute: number }
  | { readonly kind: 'disk'; readonly factor: number }
  /** Connections to databases that are never given back. */
  | { readonly kind: 'leak-connections'; readonly shareOfPoolPerMinute: number }
  /** Fewer calls at once. */
  | { readonly kind: 'concurrency'; readonly factor: number }
  | { readonly kind: 'traffic'; readonly factor: number }
  /** Telemetry that does not arrive. */
  | { readonly kind: 'drop-telemetry'; readonly signals: readonly ('spans' | 'logs' | 'metrics')[] };

export type ImpairmentKind = Impairment['kind'];

/** Every part that is given has to fit; `caller` is the service that calls. */
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
  /** Grows evenly to its full size in this time. */
  readonly rampMs: number;
  readonly target: Target;
  /** Share of calls that it hits. */
  readonly share: number;
  readonly impairment: Impairment;
}

/** Where and when somebody looks. */
export interface CallSite {
  readonly service: Service;
  readonly instance: Instance;
  readonly atMs: number;
  readonly operation?: Operation;
  readonly caller?: string;
}

export interface Effects {
  /** Effects of one kind at a place and time, with their size then, 0 to 1. */
  at<Kind extends ImpairmentKind>(kind: Kind, site: CallSite): readonly ActiveEffect<Kind>[];
  /** The factor on requests from outside. */
  trafficAt(atMs: number): number;
}

export interface ActiveEffect<Kind extends ImpairmentKind> {
  readonly size: number;
  readonly share: number;
  readonly impairment: Extract<Impairment, { kind: Kind }>;
  /** Since when, ms. */
  readonly fromMs: number;
}

/** Looks are frequent: effects are sorted by kind and service beforehand. */
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
