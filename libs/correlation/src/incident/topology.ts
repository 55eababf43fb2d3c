/** The call graph of the environments that evidence read. */
import type { EvidenceResult } from '@faultline/model';
import { environmentsRead } from '../grouping/environment.ts';
import type { StepContext } from '../state/context.ts';
import { recordKey } from '../state/load.ts';

/** A larger graph is cut in the order of names. */
const maxEdges = 5000;

/** Replaces the known calls by those of the result. Most results repeat the same calls, so a record is written only when they differ. */
export function updateTopology(step: StepContext, result: EvidenceResult): void {
  const { state } = step;
  const edges = topologyOf(result).slice(0, maxEdges);
  const key = environmentsRead(result).join(',');
  if (edges.length === 0 || JSON.stringify({ edges }) === JSON.stringify(state.topologies.get(key))) return;
  state.topologies.set(key, { edges });
  state.callGraphs.clear();
  step.touch(recordKey('topology', key));
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

/** Remembers which environments send telemetry, so that a word that none of them has is not taken for another one. */
export function updateEnvironments(step: StepContext, { environment }: EvidenceResult): void {
  const known = [...(environment?.known ?? [])].sort();
  if (known.length === 0 || JSON.stringify(known) === JSON.stringify(step.state.environments)) return;
  step.state.environments = known;
  step.state.callGraphs.clear();
  step.touch('environments');
}
