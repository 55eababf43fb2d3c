/** What may go wrong, as physics: each effect alters one quantity at one place for a time. Faults are made of them; harm follows by itself. */
import type { Instance, Operation, Service, System } from '../system/system.ts';

export type Physics =
  /** Own waiting of every hit call. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Cores burnt beside the calls, and processor time added to each hit call. */
  | { readonly kind: 'burn'; readonly cores: number; readonly perCallMs: number }
  /** Hit calls fail by the service's own doing, with this log line, after this share of their steps. */
  | { readonly kind: 'fail'; readonly line: string; readonly after: number }
  /** Calls to the place take longer on the way, or are lost. */
  | { readonly kind: 'wire'; readonly ms: number; readonly loss: number }
  /** Calls made from the place wait for a name, or do not get one. */
  | { readonly kind: 'resolve'; readonly ms: number; readonly failing: number }
  /** Calls to the place are turned away at the door. */
  | { readonly kind: 'refuse'; readonly line: string; readonly status: string }
  /** Not there any more: what ran on a dead machine does not even refuse. */
  | { readonly kind: 'gone'; readonly answers: 'refused' | 'nothing' }
  | { readonly kind: 'leak-memory'; readonly shareOfLimitPerMinute: number }
  | { readonly kind: 'disk'; readonly factor: number }
  /** Connections to databases that are never given back. */
  | { readonly kind: 'leak-connections'; readonly shareOfPoolPerMinute: number }
  /** Fewer calls at once. */
  | { readonly kind: 'slots'; readonly factor: number }
  | { readonly kind: 'traffic'; readonly factor: number }
  /** Telemetry that does not arrive. */
  | { readonly kind: 'mute'; readonly signals: readonly ('spans' | 'logs' | 'metrics')[] };

export type PhysicsKind = Physics['kind'];

/** Every part that is given has to fit; `caller` is the service that calls. */
export interface Place {
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
  readonly place: Place;
  /** Share of calls that it hits. */
  readonly share: number;
  readonly physics: Physics;
}

/** Where and when somebody looks. */
export interface Look {
  readonly service: Service;
  readonly instance: Instance;
  readonly atMs: number;
  readonly operation?: Operation;
  readonly caller?: string;
}

export interface Effects {
  /** Effects of one kind at a place and time, with their size then, 0 to 1. */
  at<Kind extends PhysicsKind>(kind: Kind, look: Look): readonly Felt<Kind>[];
  /** The factor on requests from outside. */
  trafficAt(atMs: number): number;
}

export interface Felt<Kind extends PhysicsKind> {
  readonly size: number;
  readonly share: number;
  readonly physics: Extract<Physics, { kind: Kind }>;
  /** Since when, ms. */
  readonly fromMs: number;
}

/** Looks are frequent: effects are sorted by kind and service beforehand. */
export function indexEffects(effects: readonly Effect[], system: System): Effects {
  const byKey = new Map<string, Effect[]>();
  for (const effect of effects)
    for (const service of system.services)
      if (touches(effect.place, service)) {
        const key = `${effect.physics.kind}\n${service.name}`;
        byKey.set(key, [...(byKey.get(key) ?? []), effect]);
      }
  const surges = effects.filter(({ physics }) => physics.kind === 'traffic');
  return {
    at: (kind, look) => {
      const known = byKey.get(`${kind}\n${look.service.name}`);
      if (known === undefined) return [];
      return known.filter((effect) => isAt(effect, look)).map((effect) => feel(effect, look.atMs)) as never;
    },
    trafficAt: (atMs) =>
      surges
        .filter((effect) => effect.fromMs <= atMs && atMs < effect.toMs)
        .reduce((factor, effect) => factor * (1 + (surgeOf(effect) - 1) * sizeAt(effect, atMs)), 1),
  };
}

function surgeOf({ physics }: Effect): number {
  return physics.kind === 'traffic' ? physics.factor : 1;
}

function touches({ service, node, zone }: Place, candidate: Service): boolean {
  if (service !== undefined && service !== candidate.name) return false;
  if (node === undefined && zone === undefined) return service !== undefined;
  return candidate.instances.some((instance) => instance.node.name === node || instance.node.zone === zone);
}

function isAt({ place, fromMs, toMs }: Effect, { instance, operation, caller, atMs }: Look): boolean {
  return (
    fromMs <= atMs &&
    atMs < toMs &&
    (place.instance === undefined || place.instance === instance.name) &&
    (place.operation === undefined || operation === undefined || place.operation === operation.name) &&
    (place.caller === undefined || place.caller === caller) &&
    (place.node === undefined || place.node === instance.node.name) &&
    (place.zone === undefined || place.zone === instance.node.zone)
  );
}

function feel(effect: Effect, atMs: number): { size: number; share: number; physics: Physics; fromMs: number } {
  return { size: sizeAt(effect, atMs), share: effect.share, physics: effect.physics, fromMs: effect.fromMs };
}

function sizeAt({ fromMs, rampMs }: Effect, atMs: number): number {
  return rampMs <= 0 ? 1 : Math.min(1, (atMs - fromMs) / rampMs);
}
