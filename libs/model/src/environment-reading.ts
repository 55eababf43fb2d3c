/** Decides which environments of a tenant the evidence of an incident is read from. Pure: the store looks up where things send telemetry. */
import { isWellKnownEnvironment, unnamedEnvironment } from './environment.ts';

/**
 * Why these environments are read.
 * - `named`: the alerts name them. `only-one`: the alerts name none, and what they are about sends telemetry in one.
 * - `likeliest`: in several, but most of it in this one. `only-environment`: nobody sends telemetry by these names; the tenant has one environment.
 * - `elsewhere`: the one that the alerts name sends nothing; what they are about sends telemetry in one other.
 * - `unnamed`: what they are about sends telemetry that names no environment either.
 * - `shared`: a node, a cluster or a callee without telemetry that these environments have in common.
 * - `ambiguous`: it sends telemetry in several, and nothing tells which is meant. `no-telemetry`: in none.
 * - `unresolved`: where it sends telemetry could not be looked up.
 */
export const environmentReasons = [
  'named',
  'only-one',
  'likeliest',
  'only-environment',
  'elsewhere',
  'unnamed',
  'shared',
  'ambiguous',
  'no-telemetry',
  'unresolved',
] as const;
export type EnvironmentReason = (typeof environmentReasons)[number];

/** Names, `kind:name`, that send telemetry in an environment, or are called there. */
export interface SeenIn {
  readonly environment: string;
  readonly names: readonly string[];
}

export interface EnvironmentReading {
  readonly reason: EnvironmentReason;
  /** The environments that were read, sorted. `default` is telemetry that names none. */
  readonly read: readonly string[];
  /** What the alerts name, sorted. */
  readonly named: readonly string[];
  /** Where what the alerts are about was seen, by environment. */
  readonly seen: readonly SeenIn[];
  /** All environments of the tenant that send telemetry, sorted. */
  readonly known: readonly string[];
  /** Services that several of the environments have: in this result they are called `environment/name`. */
  readonly qualified?: readonly string[];
}

export interface EnvironmentFacts {
  readonly named: readonly string[];
  readonly seen: readonly SeenIn[];
  readonly known: readonly string[];
}

/** Most environments that one result covers. */
const maxRead = 3;

/** Which environments to read. Never empty. */
export function decideReading(facts: EnvironmentFacts): EnvironmentReading {
  const known = facts.known.filter((name) => name !== unnamedEnvironment);
  const seen = facts.seen.filter(({ environment, names }) => environment !== unnamedEnvironment && names.length > 0);
  const isUnnamed = seen.length === 0 && facts.seen.some(({ names }) => names.length > 0);
  const { reason, environments } =
    facts.named.length > 0
      ? decideNamed({ ...facts, known, seen }, isUnnamed)
      : decideUnnamed({ known, seen }, isUnnamed);
  // Telemetry without an environment belongs to the one that is read. Of several it is unknown which.
  const read = environments.length > 1 ? environments : [...environments, unnamedEnvironment];
  const shown = { seen: boundSeen(facts.seen, read), known: facts.known.slice(0, maxKnown) };
  return { ...facts, ...shown, reason, read: [...new Set(read)].sort() };
}

/** What a result shows: a tenant may have thousands of environments and names, and a record has room for a few. */
const maxKnown = 500;
const maxSeen = 20;
const maxSeenChars = 50_000;

/** Those that are read come first; the order stays. */
function boundSeen(seen: readonly SeenIn[], read: readonly string[]): readonly SeenIn[] {
  const isRead = ({ environment }: SeenIn) => read.includes(environment);
  const first = [...seen.filter(isRead), ...seen.filter((one) => !isRead(one))].slice(0, maxSeen);
  let chars = 0;
  const hasRoom = (name: string) => {
    chars += name.length;
    return chars <= maxSeenChars;
  };
  const kept = new Map(first.map((one) => [one, one.names.slice(0, maxSeen).filter(hasRoom)]));
  return seen.flatMap((one) => {
    const names = kept.get(one);
    return names === undefined ? [] : [{ ...one, names }];
  });
}

interface Decided {
  readonly reason: EnvironmentReason;
  readonly environments: readonly string[];
}

function decideNamed({ named, known, seen }: EnvironmentFacts, isUnnamed: boolean): Decided {
  const sending = named.filter((name) => known.includes(name));
  if (sending.length > 0) return { reason: 'named', environments: sending.slice(0, maxRead) };
  // Everybody's words for production and staging never mean each other. A team's own word may mean either.
  const isOwnWord = named.every((name) => !isWellKnownEnvironment(name));
  const [only, ...others] = seen.filter(({ environment }) => isOwnWord || !isWellKnownEnvironment(environment));
  if (only !== undefined && others.length === 0) return { reason: 'elsewhere', environments: [only.environment] };
  return { reason: isUnnamed ? 'unnamed' : 'no-telemetry', environments: named.slice(0, maxRead) };
}

function decideUnnamed({ known, seen }: Omit<EnvironmentFacts, 'named'>, isUnnamed: boolean): Decided {
  const [first, ...others] = seen;
  if (first === undefined) {
    const [only] = known;
    if (isUnnamed) return { reason: 'unnamed', environments: known.length === 1 ? known : [] };
    if (known.length === 1 && only !== undefined) return { reason: 'only-environment', environments: [only] };
    return { reason: 'no-telemetry', environments: [] };
  }
  if (others.length === 0) return { reason: 'only-one', environments: [first.environment] };
  const most = Math.max(...seen.map(({ names }) => names.length));
  const best = seen.filter(({ names }) => names.length === most);
  const [likeliest] = best;
  if (likeliest !== undefined && best.length === 1)
    return { reason: 'likeliest', environments: [likeliest.environment] };
  const environments = best.map(({ environment }) => environment).sort(productionFirst);
  return { reason: areShared(best) ? 'shared' : 'ambiguous', environments: environments.slice(0, maxRead) };
}

/** A service has a namesake in each environment; a node, a cluster and a callee without telemetry of its own are one thing. */
function areShared(seen: readonly SeenIn[]): boolean {
  return seen.every(({ names }) => names.some((name) => /^(node|cluster|callee):/.test(name)));
}

function productionFirst(a: string, b: string): number {
  const rank = (name: string) => (name === 'production' ? 0 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
