/** Most of those that call a service are served as before: what ails a service ails its callers. */
import { isWorse } from '../../compare/degraded.ts';
import { lookAtEdges } from '../../finding/reference.ts';
import { listed } from '../../finding/refutation.ts';
import { against, type CounterEvidence, hitsInPart } from './suspect.ts';

/** Fewer calls of one caller tell nothing. */
export const fewCalls = 20;

/** A wrong answer is as quick as a right one, and no status tells of it: only what its callers do then. */
const wordless: ReadonlySet<string> = new Set(['last-call', 'steps']);

export const callersWell: CounterEvidence = (suspect) => {
  const { context, service, support } = suspect;
  if (wordless.has(support[0]?.kind ?? '')) return [];
  const calls = context.edges.filter(
    ({ callee, before, during }) => callee === service && before.calls >= fewCalls && during.calls >= fewCalls,
  );
  const well = calls.filter((edge) => !isWorse(edge)).map(({ caller }) => caller);
  if (calls.length < 2 || well.length * 2 <= calls.length || hitsInPart(suspect)) return [];
  const summary = `${well.length} of ${calls.length} callers of ${service} are served as before: ${listed(well)}`;
  const strength = -well.length / calls.length;
  return [
    {
      ...against,
      kind: 'callers-well',
      reason: 'callersWell',
      service,
      entity: `service:${service}`,
      strength,
      summary,
      look: lookAtEdges('', service),
    },
  ];
};
