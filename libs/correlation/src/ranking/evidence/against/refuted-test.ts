/** The test that would refute what speaks for a service most was run, and did. */
import { refuteFinding } from '../../describe/refutation.ts';
import { against, type CounterEvidence } from './suspect.ts';

export const refutedTest: CounterEvidence = ({ context, service, support, disturbed }) => {
  // An alert is in full or not at all; where there is more, that is what has to stand the test.
  const lead = support.find(({ kind }) => kind !== 'alerts') ?? support[0];
  if (lead === undefined) return [];
  const { test, result } = refuteFinding({ context, lead, disturbed });
  if (!result.startsWith('refuted: ')) return [];
  const summary = `${test}; ${result.slice('refuted: '.length)}`;
  const strength = -Math.min(1, lead.strength);
  return [
    {
      ...against,
      kind: 'refuted-test',
      reason: 'refutedTest',
      service,
      entity: lead.entity,
      strength,
      summary,
      look: lead.look,
    },
  ];
};
