/** The plot of one seed: the system, what goes wrong in it and when, innocent changes beside it, and the weather. Everything later follows from it. */

import type { Effect } from './fault/effect.ts';
import { changeless, combinable, families, storiesOnDemand } from './families/index.ts';
import { createRandom, type Random, shuffled } from '../random/random.ts';
import type { Change } from './fault/change.ts';
import { drawChange, effect, type Family, placeOf, type Stage, type Story } from './fault/fault.ts';
import { drawSystem } from './system/draw-system.ts';
import { callersOf, type System } from './system/system.ts';

export interface Plot {
  readonly seed: number;
  readonly family: string;
  readonly system: System;
  readonly onsetMs: number;
  /** None on a day when nothing is wrong; two when two things are. */
  readonly stories: readonly Story[];
  /** In the order of time; those of the stories among them. */
  readonly changes: readonly Change[];
  /** What moves without harm, as something always does: a job that runs every hour, a backup. */
  readonly distractions: readonly Effect[];
  readonly random: Random;
}

const ordinary = Object.keys(families) as (keyof typeof families)[];
/** Nothing is wrong, but somebody is paged. */
export const quietFamilies = ['false-alert', 'flapping'] as const;
const told = { ...families, ...storiesOnDemand };
/** Every family in turn, the hard ones more often: seeds that follow each other cover all of them. */
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
const sizes = { least: 8, most: 60 };

/** Deterministic: the same seed is the same plot on every machine. */
export function drawPlot(seed: number, family = familyNames[seed % familyNames.length] ?? 'cpu'): Plot {
  const random = createRandom(Math.imul(seed, 0x9e3779b1));
  const onsetMs = mondayMs + random.int(0, 6) * 86_400_000 + random.int(0, 86_399) * 1000;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const system = drawSystem(random.fork(`system ${attempt}`));
    const stage = { system, onsetMs, random: random.fork(`fault ${attempt}`), taken: new Set<string>() };
    const fits = system.services.length >= sizes.least && system.services.length <= sizes.most;
    const stories = fits ? drawStories(family, stage) : null;
    if (stories !== null)
      return {
        seed,
        family,
        system,
        onsetMs,
        stories,
        random,
        changes: allChanges(family, stories, stage),
        distractions: drawDistractions(stories, stage),
      };
  }
  throw new Error(`seed ${seed}: no system has a place for a fault of family ${family}`);
}

function drawStories(family: string, stage: Stage): Story[] | null {
  if (quietFamilies.some((quiet) => quiet === family)) return [];
  if (family === 'two-faults') return drawTwo(stage);
  const draw: Family = family === 'innocent' ? stage.random.pick(changeless) : told[family as keyof typeof told];
  const story = draw(stage);
  return story === null ? null : [story];
}

/** Neither is above or below the other in the graph. */
function drawTwo(stage: Stage): Story[] | null {
  const first = stage.random.pick(combinable)(stage);
  if (first === null) return null;
  const taken = new Set(first.services.flatMap((name) => [name, ...relatives(stage.system, name)]));
  const onsetMs = stage.onsetMs + stage.random.int(-45, 45) * 1000;
  const second = stage.random.pick(combinable)({ ...stage, onsetMs, taken });
  return second === null || second.services.some((name) => taken.has(name)) ? null : [first, second];
}

/** Callees below and callers above but for the gateways, which all faults share. */
function relatives({ services, byName }: System, name: string): string[] {
  const below = new Set<string>();
  const down = (one: string): void => {
    for (const { steps } of byName.get(one)?.operations ?? [])
      for (const { to } of steps)
        if (!below.has(to.service)) {
          below.add(to.service);
          down(to.service);
        }
  };
  down(name);
  const above = new Set<string>();
  const up = (one: string): void => {
    for (const caller of callersOf({ services } as System, one))
      if (!above.has(caller.name)) {
        above.add(caller.name);
        up(caller.name);
      }
  };
  up(name);
  return [...below, ...[...above].filter((one) => byName.get(one)?.role !== 'gateway')];
}

/** Most days have some release; right before an innocent onset there are several. */
function allChanges(family: string, stories: readonly Story[], stage: Stage): Change[] {
  const { random, system, onsetMs } = stage;
  const guilty = stories.flatMap(({ changes }) => changes);
  const touched = new Set([...stories.flatMap(({ services }) => services), ...guilty.map(({ service }) => service)]);
  const others = shuffled(
    system.services.filter(({ name, role }) => role === 'service' && !touched.has(name)),
    random,
  );
  const near = family === 'innocent' ? random.int(1, 3) : stories.length === 0 && random.chance(0.5) ? 1 : 0;
  const far = random.chance(0.4) ? random.int(1, 2) : 0;
  const innocent = others.slice(0, near + far).map((service, i) => {
    const leadMs = i < near ? random.int(5, 300) * 1000 : random.int(6, 60) * 60_000;
    return drawChange(stage, service, onsetMs - leadMs, { kind: random.chance(0.25) ? 'config' : 'deploy' });
  });
  return [...guilty, ...innocent].sort((a, b) => a.atMs - b.atMs);
}

/** One busy instance for a minute or three, with plenty of processor left for its calls. */
function drawDistractions(stories: readonly Story[], stage: Stage): Effect[] {
  const { system, onsetMs } = stage;
  const random = stage.random.fork('distraction');
  const atFault = new Set(stories.flatMap(({ services }) => services));
  const others = system.services.filter(
    ({ name, role, usualLoad }) => role === 'service' && usualLoad < 0.3 && !atFault.has(name),
  );
  if (others.length === 0 || !random.chance(0.4)) return [];
  const service = random.pick(others);
  const fromMs = onsetMs + random.int(-600, 120) * 1000;
  const physics = { kind: 'burn', cores: 0.1 + 0.2 * random.next(), perCallMs: 0 } as const;
  const place = placeOf(service, random.int(0, service.instances.length - 1));
  return [effect(stage, place, physics, { fromMs, toMs: fromMs + random.int(60, 180) * 1000 })];
}
