/** The instance of a cause: the one that its evidence points at, else the only one that there is, else none. */
import type { Comparison } from '../compare/comparison.ts';
import type { Candidate } from '../probability/candidate.ts';

export function instanceOf(
  { presence, operations }: Pick<Comparison, 'presence' | 'operations'>,
  { service, instance }: Pick<Candidate, 'service' | 'instance'>,
): string {
  if (instance !== '') return instance;
  const known = new Set<string>();
  for (const row of presence) if (row.service === service && row.instance !== '') known.add(row.instance);
  for (const { service: at, instances } of operations)
    if (at === service) for (const one of instances) if (one.instance !== '') known.add(one.instance);
  const [only, second] = known;
  return second === undefined ? (only ?? '') : '';
}
