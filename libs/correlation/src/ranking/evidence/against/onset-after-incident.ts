/** It shifted clearly later than the incident began elsewhere: a cause does not come after its effect. */
import type { Detection } from '../../finding/finding.ts';
import { formatSeconds } from '../../finding/format.ts';
import { counterEvidenceKind, type Suspect } from '../../finding/kind.ts';
import { type EvidenceReference, referenceToOperations } from '../../finding/reference.ts';
import { logOdds } from '../../finding/weight.ts';

/** A slice: two onsets this close are the same time. */
const slackMs = 30_000;
/** Beyond that, a minute is half of a proof. */
const halfMs = 60_000;

type Found = Detection<'onsetAfterIncident', { readonly lateMs: number; readonly reference: EvidenceReference | null }>;

export const onsetAfterIncident = counterEvidenceKind({
  name: 'onset-after-incident',
  signal: 'any',
  weights: { onsetAfterIncident: logOdds(1, 'against: it shifted after the incident began elsewhere') },
  traits: {},
  detect({
    onset,
    onsetOf,
    service,
    support,
  }: Pick<Suspect, 'onset' | 'onsetOf' | 'service' | 'support'>): Found | null {
    const lateMs = onsetOf(service) - onset.duringFromMs - slackMs;
    if (!onset.isSeen || lateMs <= 0) return null;
    // The strongest support is what shifted: a service without spans has no calls of its own to look at.
    const reference = support[0]?.reference ?? referenceToOperations(service);
    const strength = -lateMs / (lateMs + halfMs);
    const facts = { lateMs: lateMs + slackMs, reference };
    return { weightName: 'onsetAfterIncident', service, faultType: null, strength, facts };
  },
  describe: ({ service, facts }) => ({
    summary: `${service} shifted ${formatSeconds(facts.lateMs)} after the incident began elsewhere`,
    before: '',
    during: '',
  }),
  reference: ({ facts }) => facts.reference,
});
