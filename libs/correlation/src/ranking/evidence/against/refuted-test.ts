/** The test that would refute the strongest support was run, and did refute it. */
import type { Detection } from '../../finding/finding.ts';
import { counterEvidenceKind, type Suspect } from '../../finding/kind.ts';
import type { EvidenceReference } from '../../finding/reference.ts';
import type { Refutation } from '../../finding/refutation.ts';
import { logOdds } from '../../finding/weight.ts';

type Found = Detection<
  'refutedTest',
  { readonly refutation: Refutation; readonly reference: EvidenceReference | null }
>;

export const refutedTest = counterEvidenceKind({
  name: 'refuted-test',
  signal: 'any',
  weights: { refutedTest: logOdds(1, 'against: the refuting test of its strongest finding refuted it') },
  traits: {},
  detect({ service, support, refute }: Pick<Suspect, 'service' | 'support' | 'refute'>): Found | null {
    // A report is full evidence or none. Where there is a measurement, that has to stand the test.
    const lead = support.find(({ traits }) => traits.report !== true) ?? support[0];
    if (lead === undefined) return null;
    const refutation = refute(lead);
    if (refutation.outcome !== 'refuted') return null;
    return {
      weightName: 'refutedTest',
      service,
      faultType: null,
      entity: lead.entity,
      strength: -Math.min(1, lead.strength),
      facts: { refutation, reference: lead.reference },
    };
  },
  describe: ({ facts: { refutation } }) => ({
    summary: `${refutation.test} Yes: ${refutation.how}`,
    before: '',
    during: '',
  }),
  reference: ({ facts }) => facts.reference,
});
