/** Changes as companies have them: several innocent releases at once, and events that arrive late. */

import { shuffled } from '../../random/random.ts';
import { drawChange } from '../fault/fault.ts';
import type { Scenario } from '../scenario.ts';

/**
 * Adds up to six innocent releases: in the ten minutes before the onset, or all within a minute shortly before it, as a release train. They
 * rename instances, so this comes before the simulation.
 */
export function withInnocentReleases(scenario: Scenario): Scenario {
  const { system, faults, changes, onsetMs } = scenario;
  const random = scenario.random.fork('company releases');
  const involved = new Set([...faults.flatMap(({ services }) => services), ...changes.map(({ service }) => service)]);
  const others = system.services.filter(({ name, role }) => role === 'service' && !involved.has(name));
  const count = random.pick([0, 1, 2, 4, 6]);
  const train = random.fork('release train');
  const departureS = train.chance(0.4) ? train.int(60, 180) : null;
  const leadS = (): number => (departureS === null ? random.int(10, 600) : departureS - train.int(0, 50));
  const added = shuffled(others, random)
    .slice(0, count)
    .map((service) => drawChange({ random }, service, onsetMs - leadS() * 1000));
  return { ...scenario, changes: [...changes, ...added].sort((a, b) => a.atMs - b.atMs) };
}

/** Five innocent canaries beside the guilty release, all within a minute: one bad release of six. */
export function withInnocentCanaries(scenario: Scenario): Scenario {
  const { system, faults, changes, onsetMs } = scenario;
  const random = scenario.random.fork('canaries');
  const involved = new Set([...faults.flatMap(({ services }) => services), ...changes.map(({ service }) => service)]);
  const others = system.services.filter(
    ({ name, role, instances }) => role === 'service' && instances.length > 1 && !involved.has(name),
  );
  const added = shuffled(others, random)
    .slice(0, 5)
    .map((service) => drawChange({ random }, service, onsetMs - random.int(0, 60) * 1000, { canary: true }));
  return { ...scenario, changes: [...changes, ...added].sort((a, b) => a.atMs - b.atMs) };
}

/** Indexes of the changes whose event arrives after the alerts. */
export function drawLateChanges({ changes, random }: Scenario): ReadonlySet<number> {
  const own = random.fork('company late changes');
  return new Set([...changes.keys()].filter(() => own.chance(0.25)));
}
