/** People said of similar incidents that this service was not the cause. Similar: an alert of the same name. */
import type { Detection } from '../../finding/finding.ts';
import { counterEvidenceKind, type Suspect } from '../../finding/kind.ts';
import { type EvidenceReference, referenceToOperations } from '../../finding/reference.ts';
import { logOdds } from '../../finding/weight.ts';

type Found = Detection<'rejectedBefore', { readonly times: number; readonly reference: EvidenceReference }>;

export const rejectedBefore = counterEvidenceKind({
  name: 'rejected-before',
  signal: 'any',
  // Below what a refuted test takes away: people judge one incident, and the next one may have another cause.
  weights: { rejectedBefore: logOdds(1, 'against: people refused it as the cause of similar incidents') },
  traits: {},
  detect({ input, service, support }: Pick<Suspect, 'input' | 'service' | 'support'>): Found | null {
    const names = new Set(input.alerts.map(({ name }) => name));
    const similar = (input.answer?.past ?? []).filter(({ alertNames }) => alertNames.some((name) => names.has(name)));
    const times = similar.filter(({ rejectedCauses = [] }) => rejectedCauses.includes(service)).length;
    // Where it was the cause of as many others, the rejections say nothing.
    const confirmed = similar.filter(({ causeService }) => causeService === service).length;
    if (times <= confirmed) return null;
    const reference = support[0]?.reference ?? referenceToOperations(service);
    return {
      weightName: 'rejectedBefore',
      service,
      faultType: null,
      strength: -times / (times + 1),
      facts: { times, reference },
    };
  },
  describe: ({ service, facts: { times } }) => ({
    summary: `people refused ${service} as the cause of ${times === 1 ? 'a similar incident' : `${times} similar incidents`}`,
    before: '',
    during: '',
  }),
  reference: ({ facts }) => facts.reference,
});
