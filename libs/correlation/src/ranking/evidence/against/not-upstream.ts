/** No alerting service calls it, directly or through others: harm goes from the callee to the caller. */
import { isDnsOfAlerts } from '../../compare/object-fault/connection.ts';
import type { Detection } from '../../finding/finding.ts';
import { counterEvidenceKind, type Suspect } from '../../finding/kind.ts';
import { type EvidenceReference, referenceToEdges, referenceToOperations } from '../../finding/reference.ts';
import { logOdds } from '../../finding/weight.ts';

type Found = Detection<'notUpstream', { readonly reference: EvidenceReference | null }>;

export const notUpstream = counterEvidenceKind({
  name: 'not-upstream',
  signal: 'any',
  weights: { notUpstream: logOdds(1, 'against: no alerting service calls it, directly or through others') },
  traits: { unconnected: true },
  detect(
    suspect: Pick<Suspect, 'input' | 'related' | 'services' | 'callers' | 'service' | 'support' | 'isPartial'>,
  ): Found | null {
    const { related, services, callers, service, support } = suspect;
    if (related.has(service) || !services.includes(service) || suspect.isPartial) return null;
    if (isDnsOfAlerts(suspect, service)) return null;
    const isCalled = (callers.get(service) ?? []).length > 0;
    const reference = isCalled
      ? referenceToEdges({ caller: '', callee: service })
      : (support[0]?.reference ?? referenceToOperations(service));
    return { weightName: 'notUpstream', service, faultType: null, strength: -1, facts: { reference } };
  },
  describe: ({ service }) => ({
    summary: `no alerting service is known to call ${service}, directly or through others`,
    before: '',
    during: '',
  }),
  reference: ({ facts }) => facts.reference,
});
