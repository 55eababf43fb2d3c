/** Most of a service's callers are served as before: an unhealthy service affects its callers. */
import { isWorse } from '../../compare/worse.ts';
import type { Detection } from '../../finding/finding.ts';
import { listed } from '../../finding/format.ts';
import { counterEvidenceKind, type Suspect } from '../../finding/kind.ts';
import { referenceToEdges } from '../../finding/reference.ts';
import { logOdds } from '../../finding/weight.ts';

/** Fewer calls of one caller tell nothing. */
const fewCalls = 20;

interface Facts {
  readonly healthy: readonly string[];
  readonly callers: number;
}
type Found = Detection<'callersUnaffected', Facts>;

export const callersUnaffected = counterEvidenceKind({
  name: 'callers-unaffected',
  signal: 'spans',
  weights: { callersUnaffected: logOdds(1, 'against: most of its callers are served as before') },
  traits: {},
  detect(suspect: Pick<Suspect, 'edges' | 'service' | 'support' | 'isPartial'>): Found | null {
    const { edges, service, support } = suspect;
    if (support[0]?.traits.hiddenInAnswers === true) return null;
    const calls = edges.filter(
      ({ callee, before, during }) => callee === service && before.calls >= fewCalls && during.calls >= fewCalls,
    );
    const healthy = calls.filter((edge) => !isWorse(edge)).map(({ caller }) => caller);
    if (calls.length < 2 || healthy.length * 2 <= calls.length || suspect.isPartial) return null;
    const facts = { healthy, callers: calls.length };
    const strength = -healthy.length / calls.length;
    return { weightName: 'callersUnaffected', service, faultType: null, strength, facts };
  },
  describe: ({ service, facts: { healthy, callers } }) => ({
    summary: `${healthy.length} of ${callers} callers of ${service} are served as before: ${listed(healthy)}`,
    before: '',
    during: '',
  }),
  reference: ({ service }) => referenceToEdges({ caller: '', callee: service }),
});
