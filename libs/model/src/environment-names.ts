/**
 * The names of environments, as data. Everybody writes them their own way, and one system must have one name: `prd`, `Production` and
 * `production-eu-1` are the environment `production`.
 */

/** From a name, lower case, to the name that stands for it everywhere. */
export const environmentNames: Readonly<Record<string, string>> = {
  ...aliases('production', ['prod', 'prd', 'live', 'produktion']),
  ...aliases('staging', ['stage', 'stg', 'stag']),
  ...aliases('preproduction', ['preprod', 'pre-prod', 'pre-production', 'pre_prod', 'pre_production']),
  ...aliases('nonproduction', ['nonprod', 'non-prod', 'non-production', 'non_prod', 'non_production']),
  ...aliases('development', ['dev', 'devel', 'develop']),
  ...aliases('test', ['testing', 'tst']),
  ...aliases('qa', []),
  ...aliases('uat', []),
  ...aliases('acceptance', ['acc']),
  ...aliases('integration', ['integ']),
  ...aliases('sandbox', ['sbx']),
  ...aliases('demo', []),
  ...aliases('performance', ['perf', 'loadtest', 'load-test']),
};

function aliases(canonical: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries([canonical, ...names].map((name) => [name, canonical]));
}

/**
 * Parts of a compound name that say where, not what: regions, clusters and cells. `dev-john` and `staging-payments` are environments of
 * their own, as `john` is no place.
 */
export const placeWords: ReadonlySet<string> = new Set([
  ...['africa', 'america', 'asia', 'australia', 'brazil', 'canada', 'europe', 'india', 'japan', 'uk'],
  ...['north', 'south', 'east', 'west', 'central', 'northeast', 'northwest', 'southeast', 'southwest'],
  ...['northamerica', 'southamerica', 'gov', 'global'],
  ...['region', 'cluster', 'cell', 'zone', 'dc', 'k8s', 'eks', 'gke', 'aks', 'blue', 'green', 'primary', 'secondary'],
]);

/** `eu`, `eu1`, `use1`, `euw2`, `eastus2`, `dc1`, `fra3`. */
export const placePattern =
  /^((eu|us|ap|sa|ca|af|me|il|cn|asia|uk)(n|s|e|w|c|ne|nw|se|sw|north|south|east|west|central)?\d*[a-z]?|(north|south|east|west|central)(us|eu|europe|asia|india)?\d*|(dc|az|cluster|cell|zone|region)\d+|(fra|ams|lon|dub|par|iad|sfo|nyc|sin|syd|hel|nbg|fsn|sea|pdx|cdg|lhr)\d*)$/;

/**
 * The environment of test alerts that people send to see the way to their pager. Nothing of another environment is ever grouped with them, and
 * each page of them is marked.
 */
export const testEnvironment = 'faultline-test';
