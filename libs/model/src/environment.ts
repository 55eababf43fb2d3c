/** Which environment a signal is from: by its labels, folded to one name for each environment, or by a setting. Pure and total. */
import type { Entities } from './entity.ts';
import { environmentNames, placePattern, placeWords } from './environment-names.ts';
import { type Labels, labelOf } from './label-reader.ts';
import { isPlaceholder } from './names.ts';
import { plainName } from './plain-name.ts';

/** Label names that mean the environment, best first. */
export const defaultEnvironmentAliases: readonly string[] = [
  'deployment.environment.name',
  'deployment.environment',
  'deployment_environment_name',
  'deployment_environment',
  'environment',
  'env',
  'stage',
];

/** The environment of telemetry that names none, as the store's column has it. Alerts and changes that name none have an empty one. */
export const unnamedEnvironment = 'default';

/** Kinds of entity that may belong to one environment by a setting. */
export const environmentOwners = ['cluster', 'namespace', 'service'] as const;
export type EnvironmentOwner = (typeof environmentOwners)[number];

export interface EnvironmentRules {
  /** Label names, best first. */
  readonly labels: readonly string[];
  /** From a name, lower case, to the name that stands for it. */
  readonly names: ReadonlyMap<string, string>;
  /** The environment of each cluster, namespace and service that a setting declares. */
  readonly declared: { readonly [owner in EnvironmentOwner]?: Readonly<Record<string, string>> };
}

export interface EnvironmentSettings {
  /** Label names of your own, looked at first. */
  readonly labels?: readonly string[];
  /** Names of your own: from a name to the environment that it means. */
  readonly names?: Readonly<Record<string, string>>;
  /** Built-in names that do not hold here. */
  readonly removed?: readonly string[];
  readonly declared?: EnvironmentRules['declared'];
}

/** The built-in rules with the settings' changes. */
export function createEnvironmentRules(settings: EnvironmentSettings = {}): EnvironmentRules {
  const { labels = [], names = {}, removed = [], declared = {} } = settings;
  const gone = new Set(removed.map((name) => name.toLowerCase()));
  const builtIn = Object.entries(environmentNames).filter(([name]) => !gone.has(name));
  const known = new Map(builtIn);
  const own = Object.entries(names).map(
    ([name, meant]) => [plain(name), foldEnvironment(meant, { names: known }).environment] as const,
  );
  return { labels: [...labels, ...defaultEnvironmentAliases], names: new Map([...known, ...own]), declared };
}

export const defaultEnvironmentRules = createEnvironmentRules();

/** A name, folded. */
export interface FoldedEnvironment {
  /** Empty when the name is a placeholder. */
  readonly environment: string;
  /** The rest of a compound name: `eu-1` of `production-eu-1`. Empty when there is none. */
  readonly cluster: string;
}

/** Longest name that is looked at, and most parts of a compound one. Both bound the work for a name that a stranger sends. */
const maxChars = 150;
const maxParts = 12;

/** The one name of an environment, fit for a topic key (no slash, lower case), and what a compound name says beside it. */
export function foldEnvironment(
  name: string,
  rules: Pick<EnvironmentRules, 'names'> = defaultEnvironmentRules,
): FoldedEnvironment {
  const short = plainName(name.slice(0, maxChars));
  if (isPlaceholder(short, 'cluster')) return { environment: '', cluster: '' };
  const word = plain(short);
  const known = rules.names.get(word);
  return known === undefined ? foldCompound(word, rules) : { environment: known, cluster: '' };
}

function plain(name: string): string {
  return name.trim().toLowerCase().replaceAll('/', '-').replace(/\s+/g, '-');
}

/** A name splits only where one end is an environment and the rest is a place. */
function foldCompound(word: string, { names }: Pick<EnvironmentRules, 'names'>): FoldedEnvironment {
  const parts = word.split(/[-_.:]+/).filter((part) => part !== '');
  if (parts.length > maxParts) return { environment: word, cluster: '' };
  for (let size = parts.length - 1; size > 0; size -= 1)
    for (const [from, rest] of [
      [parts.slice(0, size), parts.slice(size)],
      [parts.slice(-size), parts.slice(0, -size)],
    ] as const) {
      const environment = names.get(from.join('-'));
      if (environment !== undefined && isPlace(rest, environment)) return { environment, cluster: rest.join('-') };
    }
  const numbered = /^([a-z]+)(\d+)$/.exec(word);
  const environment = names.get(numbered?.[1] ?? '');
  if (environment === 'production') return { environment, cluster: numbered?.[2] ?? '' };
  return { environment: word, cluster: '' };
}

/** Numbers alone are cells of production. Elsewhere they tell environments apart: `staging-2` is not `staging-1`. */
function isPlace(parts: readonly string[], environment: string): boolean {
  const words = parts.filter((part) => !/^\d+[a-z]?$/.test(part));
  if (words.length === 0) return environment === 'production';
  return words.every((part) => placeWords.has(part) || placePattern.test(part));
}

/** Whether a name means an environment to everybody. Any other may be a team's word for a cluster or a colour. */
export function isWellKnownEnvironment(environment: string): boolean {
  return Object.hasOwn(environmentNames, environment) && environmentNames[environment] === environment;
}

/** The environment of a signal, and what says so. */
export interface EnvironmentResolution extends FoldedEnvironment {
  /** The label or the declared entity, `kind:name`; empty when nothing says it. */
  readonly namedBy: string;
  /** As it was written. */
  readonly value: string;
}

const notNamed: EnvironmentResolution = { environment: '', cluster: '', namedBy: '', value: '' };

/** By the labels, then by what a setting declares of the cluster, the namespace or the service. */
export function explainEnvironment(
  labels: Labels,
  entities: Entities = {},
  rules: EnvironmentRules = defaultEnvironmentRules,
): EnvironmentResolution {
  for (const label of rules.labels) {
    const value = labelOf(labels, label);
    const folded = foldEnvironment(value, rules);
    if (folded.environment !== '') return { ...folded, namedBy: label, value };
  }
  return declaredEnvironment(entities, rules);
}

function declaredEnvironment(entities: Entities, rules: EnvironmentRules): EnvironmentResolution {
  for (const owner of environmentOwners) {
    const name = entities[owner] ?? '';
    const declared = rules.declared[owner] ?? {};
    const value = Object.hasOwn(declared, name) ? (declared[name] ?? '') : '';
    if (value !== '') return { ...foldEnvironment(value, rules), namedBy: `${owner}:${name}`, value };
  }
  return notNamed;
}

/** The environment that the labels name; empty when they name none. */
export function environmentOf(labels: Labels, rules: EnvironmentRules = defaultEnvironmentRules): string {
  return explainEnvironment(labels, {}, rules).environment;
}

/** The entities, with the cluster that a compound name of an environment says. */
export function withCluster(entities: Entities, { cluster }: Pick<FoldedEnvironment, 'cluster'>): Entities {
  return cluster === '' || entities.cluster !== undefined ? entities : { ...entities, cluster };
}
