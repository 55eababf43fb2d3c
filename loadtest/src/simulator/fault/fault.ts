/** One fault: its effects, its change, and the right answer for a page about it. */

import type { Random } from '../../random/random.ts';
import { callersOf, callsPerRequest, type Service, type ServiceRole, type System } from '../system/system.ts';
import type { Change } from './change.ts';
import type { Effect, Impairment, Target } from './effect.ts';

export interface Fault {
  readonly effects: readonly Effect[];
  /** Changes that caused the fault. */
  readonly changes: readonly Change[];
  readonly services: readonly string[];
  /** Index of the faulty instance in its service. Null: all instances, or the fault is not in an instance. */
  readonly instance: number | null;
  readonly kinds: readonly string[];
  /** Onset. Null for faults that grow slowly. */
  readonly sinceMs: number | null;
}

export interface FaultContext {
  readonly system: System;
  readonly random: Random;
  readonly onsetMs: number;
  /** Services that a second fault must avoid. */
  readonly excluded: ReadonlySet<string>;
}

/** Draws a fault. Returns null when the system has no suitable target. */
export type Family = (context: FaultContext) => Fault | null;

/** The target must get at least this share of requests. A fault that few requests meet would not be an incident. */
const minRequestShare = 0.12;

/** Draws a service of these roles that gets enough requests. */
export function pickService(
  { system, random, excluded }: FaultContext,
  roles: readonly ServiceRole[],
  fits: (service: Service) => boolean = () => true,
): Service | null {
  const calls = callsPerRequest(system);
  const share = ({ operations }: Service): number =>
    operations.reduce((sum, operation) => sum + (calls.get(operation) ?? 0), 0);
  const able = system.services.filter(
    (service) => roles.includes(service.role) && !excluded.has(service.name) && fits(service),
  );
  const popular = able.filter((service) => share(service) >= minRequestShare);
  const best = able.toSorted((a, b) => share(b) - share(a)).slice(0, 1);
  const from = popular.length > 0 ? popular : best;
  return from.length === 0 ? null : random.pick(from);
}

export function pickCaller({ system, random }: FaultContext, callee: Service): Service | null {
  const callers = callersOf(system, callee.name);
  return callers.length === 0 ? null : random.pick(callers);
}

/** By default an effect starts at the onset, never ends, has no ramp, and affects all calls. */
export function effect(
  context: FaultContext,
  target: Target,
  impairment: Impairment,
  how: Partial<Pick<Effect, 'fromMs' | 'toMs' | 'rampMs' | 'share'>> = {},
): Effect {
  return { fromMs: context.onsetMs, toMs: Number.POSITIVE_INFINITY, rampMs: 0, share: 1, target, impairment, ...how };
}

const people = ['ana', 'bo', 'chidi', 'dana', 'eli', 'deploy-bot'];

export function drawChange(
  { random }: Pick<FaultContext, 'random'>,
  service: Service,
  atMs: number,
  how: { kind?: Change['kind']; canary?: boolean } = {},
): Change {
  const [major, minor] = service.version.split('.').map(Number);
  const version = `${major}.${(minor ?? 0) + 1}.${random.int(0, 9)}`;
  const { kind = 'deploy', canary = false } = how;
  return {
    kind,
    canary,
    service: service.name,
    atMs,
    version,
    previousVersion: service.version,
    actor: random.pick(people),
    summary:
      kind === 'deploy'
        ? `Deployed ${service.name} ${version}`
        : `Changed configuration of ${service.name}, revision ${random.int(100, 999)}`,
    suffix: Array.from({ length: 9 }, () => random.pick([...'bcdfghjklmnpqrstvwxz2456789'])).join(''),
  };
}

/** Targets one instance by its index. Null: all instances. */
export function targetOf(service: Service, instance: number | null): Target {
  const name = instance === null ? undefined : service.instances[instance]?.name;
  return name === undefined ? { service: service.name } : { service: service.name, instance: name };
}

/** Draws one instance with this probability. Returns null for all instances. */
export function maybeOneInstance({ random }: FaultContext, service: Service, chance = 0.5): number | null {
  return service.instances.length > 1 && random.chance(chance) ? random.int(0, service.instances.length - 1) : null;
}

export function createFault(
  context: FaultContext,
  fault: Pick<Fault, 'effects' | 'services' | 'kinds'> & Partial<Fault>,
): Fault {
  const isGradual = fault.effects.some(
    ({ impairment }) => impairment.kind === 'leak-memory' || impairment.kind === 'leak-connections',
  );
  return { changes: [], instance: null, sinceMs: isGradual ? null : context.onsetMs, ...fault };
}
