/** The scenario of one seed: its system, faults, changes and harmless effects. Everything else is derived from it. */

import { createRandom, type Random, shuffled } from '../random/random.ts';
import { combinableFamilies, families, familiesOnDemand, familiesWithoutChange } from './families/index.ts';
import type { Change } from './fault/change.ts';
import type { Effect } from './fault/effect.ts';
import { drawChange, effect, type Family, type Fault, type FaultContext, targetOf } from './fault/fault.ts';
import { drawSystem } from './system/draw-system.ts';
import { callersOf, type System } from './system/system.ts';

export interface Scenario {
  readonly seed: number;
  readonly family: string;
  readonly system: System;
  readonly onsetMs: number;
  /** Empty for a false alert, two for `two-faults`. */
  readonly faults: readonly Fault[];
  /** In order of time, guilty and innocent. */
  readonly changes: readonly Change[];
  /** Activity that does no harm, such as an hourly job or a backup. */
  readonly harmlessEffects: readonly Effect[];
  readonly random: Random;
}

const ordinary = Object.keys(families) as (keyof typeof families)[];
/** Nothing is wrong, but an alert fires. */
export const familiesWithoutFault = ['false-alert', 'flapping'] as const;
const allFamilies = { ...families, ...familiesOnDemand };
/** Consecutive seeds cover all families. The hard ones come more often. */
export const familyNames: readonly string[] = [
  ...ordinary,
  'innocent',
  'two-faults',
  'false-alert',
  'innocent',
  'two-faults',
  'flapping',
];

const mondayMs = Date.UTC(2026, 2, 2);
const attempts = 100;
const serviceCount = { least: 8, most: 60 };

/**
 * Deterministic: the same seed gives the same scenario on every machine. The text in a `fork` selects its random
 * stream, so it must not change.
 */
export function drawScenario(seed: number, family = familyNames[seed % familyNames.length] ?? 'cpu'): Scenario {
  const random = createRandom(Math.imul(seed, 0x9e3779b1));
  const onsetMs = mondayMs + random.int(0, 6) * 86_400_000 + random.int(0, 86_399) * 1000;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const system = drawSystem(random.fork(`system ${attempt}`));
    const context = { system, onsetMs, random: random.fork(`fault ${attempt}`), excluded: new Set<string>() };
    const fits = system.services.length >= serviceCount.least && system.services.length <= serviceCount.most;
    const faults = fits ? drawFaults(family, context) : null;
    if (faults !== null)
      return {
        seed,
        family,
        system,
        onsetMs,
        faults,
        random,
        changes: allChanges(family, faults, context),
        harmlessEffects: drawHarmlessEffects(faults, context),
      };
  }
  throw new Error(`seed ${seed}: no system has a target for a fault of family ${family}`);
}

function drawFaults(family: string, context: FaultContext): Fault[] | null {
  if (familiesWithoutFault.some((name) => name === family)) return [];
  if (family === 'two-faults') return drawTwoFaults(context);
  const draw: Family =
    family === 'innocent'
      ? context.random.pick(familiesWithoutChange)
      : allFamilies[family as keyof typeof allFamilies];
  const fault = draw(context);
  return fault === null ? null : [fault];
}

/** Two faults of which neither is upstream of the other. */
function drawTwoFaults(context: FaultContext): Fault[] | null {
  const first = context.random.pick(combinableFamilies)(context);
  if (first === null) return null;
  const excluded = new Set(first.services.flatMap((name) => [name, ...connectedServices(context.system, name)]));
  const onsetMs = context.onsetMs + context.random.int(-45, 45) * 1000;
  const second = context.random.pick(combinableFamilies)({ ...context, onsetMs, excluded });
  return second === null || second.services.some((name) => excluded.has(name)) ? null : [first, second];
}

/** All direct and indirect callees and callers, without the gateways, which all services share. */
function connectedServices({ services, byName }: System, name: string): string[] {
  const callees = new Set<string>();
  const addCallees = (one: string): void => {
    for (const { steps } of byName.get(one)?.operations ?? [])
      for (const { to } of steps)
        if (!callees.has(to.service)) {
          callees.add(to.service);
          addCallees(to.service);
        }
  };
  addCallees(name);
  const callers = new Set<string>();
  const addCallers = (one: string): void => {
    for (const caller of callersOf({ services }, one))
      if (!callers.has(caller.name)) {
        callers.add(caller.name);
        addCallers(caller.name);
      }
  };
  addCallers(name);
  return [...callees, ...[...callers].filter((one) => byName.get(one)?.role !== 'gateway')];
}

/** Most scenarios have a release. The `innocent` family has several shortly before the onset. */
function allChanges(family: string, faults: readonly Fault[], context: FaultContext): Change[] {
  const { random, system, onsetMs } = context;
  const guilty = faults.flatMap(({ changes }) => changes);
  const involved = new Set([...faults.flatMap(({ services }) => services), ...guilty.map(({ service }) => service)]);
  const others = shuffled(
    system.services.filter(({ name, role }) => role === 'service' && !involved.has(name)),
    random,
  );
  const recentCount = family === 'innocent' ? random.int(1, 3) : faults.length === 0 && random.chance(0.5) ? 1 : 0;
  const earlierCount = random.chance(0.4) ? random.int(1, 2) : 0;
  const innocent = others.slice(0, recentCount + earlierCount).map((service, i) => {
    const leadMs = i < recentCount ? random.int(5, 300) * 1000 : random.int(6, 60) * 60_000;
    return drawChange(context, service, onsetMs - leadMs, { kind: random.chance(0.25) ? 'config' : 'deploy' });
  });
  return [...guilty, ...innocent].sort((a, b) => a.atMs - b.atMs);
}

/** One busy instance for one to three minutes, with enough CPU left for its calls. */
function drawHarmlessEffects(faults: readonly Fault[], context: FaultContext): Effect[] {
  const { system, onsetMs } = context;
  const random = context.random.fork('distraction');
  const atFault = new Set(faults.flatMap(({ services }) => services));
  const others = system.services.filter(
    ({ name, role, usualLoad }) => role === 'service' && usualLoad < 0.3 && !atFault.has(name),
  );
  if (others.length === 0 || !random.chance(0.4)) return [];
  const service = random.pick(others);
  const fromMs = onsetMs + random.int(-600, 120) * 1000;
  const impairment = { kind: 'cpu', cores: 0.1 + 0.2 * random.next(), perCallMs: 0 } as const;
  const target = targetOf(service, random.int(0, service.instances.length - 1));
  return [effect(context, target, impairment, { fromMs, toMs: fromMs + random.int(60, 180) * 1000 })];
}
