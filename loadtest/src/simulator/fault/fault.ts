/** One fault as it is told: what goes wrong where, by which change, and what a good page would say about it. */

import type { Effect, Physics, Place } from './effect.ts';
import type { Random } from '../../random/random.ts';
import type { Change } from './change.ts';
import { callersOf, callsPerRequest, type Service, type ServiceRole, type System } from '../system/system.ts';

export interface Story {
  readonly effects: readonly Effect[];
  /** Changes that belong to the fault: the guilty one, if there is one. */
  readonly changes: readonly Change[];
  readonly services: readonly string[];
  /** Index of the instance at fault in its service; null when it is all of them, or none by name. */
  readonly instance: number | null;
  readonly kinds: readonly string[];
  /** When harm began; null for what creeps up. */
  readonly sinceMs: number | null;
}

export interface Stage {
  readonly system: System;
  readonly random: Random;
  readonly onsetMs: number;
  /** Where nothing else is to go wrong: two faults have to be apart. */
  readonly taken: ReadonlySet<string>;
}

/** Draws a fault; null when the system has no place for one of this family. */
export type Family = (stage: Stage) => Story | null;

/** Asked about by at least this share of requests: a fault that hardly anybody meets is no incident. */
const popularShare = 0.12;

/** A service of these roles that many requests get to. */
export function pickService(
  { system, random, taken }: Stage,
  roles: readonly ServiceRole[],
  fits: (service: Service) => boolean = () => true,
): Service | null {
  const calls = callsPerRequest(system);
  const share = ({ operations }: Service): number =>
    operations.reduce((sum, operation) => sum + (calls.get(operation) ?? 0), 0);
  const able = system.services.filter(
    (service) => roles.includes(service.role) && !taken.has(service.name) && fits(service),
  );
  const popular = able.filter((service) => share(service) >= popularShare);
  const best = able.toSorted((a, b) => share(b) - share(a)).slice(0, 1);
  const from = popular.length > 0 ? popular : best;
  return from.length === 0 ? null : random.pick(from);
}

export function pickCaller({ system, random }: Stage, callee: Service): Service | null {
  const callers = callersOf(system, callee.name);
  return callers.length === 0 ? null : random.pick(callers);
}

/** From the onset to the end, at full size at once, on every call: give what differs. */
export function effect(
  stage: Stage,
  place: Place,
  physics: Physics,
  how: Partial<Pick<Effect, 'fromMs' | 'toMs' | 'rampMs' | 'share'>> = {},
): Effect {
  return { fromMs: stage.onsetMs, toMs: Number.POSITIVE_INFINITY, rampMs: 0, share: 1, place, physics, ...how };
}

const people = ['ana', 'bo', 'chidi', 'dana', 'eli', 'deploy-bot'];

export function drawChange(
  { random }: Pick<Stage, 'random'>,
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

/** The instance's place: one of several, or null for all of them. */
export function placeOf(service: Service, instance: number | null): Place {
  const name = instance === null ? undefined : service.instances[instance]?.name;
  return name === undefined ? { service: service.name } : { service: service.name, instance: name };
}

/** One in two faults of a service hits one instance only. */
export function someInstance({ random }: Stage, service: Service, chance = 0.5): number | null {
  return service.instances.length > 1 && random.chance(chance) ? random.int(0, service.instances.length - 1) : null;
}

export function told(stage: Stage, story: Pick<Story, 'effects' | 'services' | 'kinds'> & Partial<Story>): Story {
  const creeps = story.effects.some(
    ({ physics }) => physics.kind === 'leak-memory' || physics.kind === 'leak-connections',
  );
  return { changes: [], instance: null, sinceMs: creeps ? null : stage.onsetMs, ...story };
}
