/** Finds the rules that may fit a service without looking at each: most rules of a large catalogue name another service. */
import type { CatalogueRule } from '../state/config.ts';

interface Placed {
  readonly rule: CatalogueRule;
  readonly position: number;
}

interface CatalogueIndex {
  /** By the service that the rule names. */
  readonly byService: ReadonlyMap<string, readonly Placed[]>;
  /** Rules that name no service. */
  readonly others: readonly Placed[];
}

/** A catalogue is replaced as a whole, so what was made of one stays right. */
const indexes = new WeakMap<readonly CatalogueRule[], CatalogueIndex>();

/** In the order of the catalogue. `services`: the values that the label `service` has. */
export function rulesThatMayFit(
  catalogue: readonly CatalogueRule[],
  services: ReadonlySet<string>,
): readonly CatalogueRule[] {
  const index = indexes.get(catalogue) ?? createIndex(catalogue);
  indexes.set(catalogue, index);
  const named = [...services].flatMap((service) => index.byService.get(service) ?? []);
  return [...index.others, ...named].sort((a, b) => a.position - b.position).map(({ rule }) => rule);
}

function createIndex(catalogue: readonly CatalogueRule[]): CatalogueIndex {
  const placed = catalogue.map((rule, position) => ({ rule, position }));
  const grouped = Map.groupBy(placed, ({ rule }) => rule.match['service']);
  const others = grouped.get(undefined) ?? [];
  const byService = new Map<string, readonly Placed[]>();
  for (const [service, rules] of grouped) if (service !== undefined) byService.set(service, rules);
  return { byService, others };
}
