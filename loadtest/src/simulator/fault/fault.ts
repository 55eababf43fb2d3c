/** One fault as it is told: what goes wrong where, by which change, and what a good page would say about it. */

import type { Random } from '../../random/random.ts';
import { callersOf, callsPerRequest, type Service, type ServiceRole, type System } from '../system/system.ts';
import type { Change } from './change.ts';
import type { Effect, Impairment, Target } from './effect.ts';

export interface Fault {
  readonly effects: readonly Effect[];
  /** Changes that belong to the fault: the guilty one, if there is one. */
  readonly changes: readonly Change[];
  readonly services: readonly string[];
  /** Index of the instance at fault in its service; null when it is all of them, or none by name. */
  readonly instance: number | null;
  readonly kinds: readonly string[];
  /** When harm began; null for what isGradual up. */
  readonly sinceMs: number | null;
}

export interface FaultContext {
  readonly system: System;
  readonly random: Random;
  readonly onsetMs: number;
  /** Where nothing else is to go wrong: two faults have to be apart. */
  readonly excluded: ReadonlySet<string>;
}

/** Draws a fault; null when the system has no place for one of this family. */
export type Family = (context: FaultContext) => Fault | null;

/** Asked about by at least this share of requests: a fault that hardly anybody meets is no incident. */
const minRequestShare = 0.12;

/** A service of these roles that many requests get to. */
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

/** From the onset to the end, at full size at once, on every call: give what differs. */
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

/** The instance's target: one of several, or null for all of them. */
export function targetOf(service: Service, instance: number | null): Target {
  const name = instance === null ? undefined : service.instances[instance]?.name;
  return name === undefined ? { service: service.name } : { service: service.name, instance: name };
}

/** One in two faults of a service hits one instance only. */
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
