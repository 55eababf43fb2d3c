/** The call graph of the scope, as evidence shows it. */
import type { EvidenceResult } from '@faultline/model';
import type { StepContext } from '../state/context.ts';

/** A larger graph is cut in the order of names. */
const maxEdges = 5000;

/** Replaces the known calls by those of the result. Most results repeat the same calls, so a record is written only when they differ. */
export function updateTopology(step: StepContext, result: EvidenceResult): void {
  const edges = topologyOf(result).slice(0, maxEdges);
  if (edges.length === 0 || JSON.stringify({ edges }) === JSON.stringify(step.state.topology)) return;
  step.state.topology = { edges };
  step.state.graph = null;
  step.touch('topology');
}

/** Who calls whom, sorted, each pair once: in the whole system where the result has that, else in its rows. */
export function topologyOf({
  edges,
  topology = edges.map(({ caller, callee }) => [caller, callee] as const),
}: Pick<EvidenceResult, 'topology'> & {
  readonly edges: readonly Pick<EvidenceResult['edges'][number], 'caller' | 'callee'>[];
}): readonly (readonly [string, string])[] {
  const pairs = new Map(topology.map(([caller, callee]) => [`${caller}\n${callee}`, [caller, callee] as const]));
  pairs.delete('\n');
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}
