/** The refuting test of a hypothesis: that of its strongest finding. Texts are printed as they are. */
import type { Hypothesis } from '@faultline/model';
import { refuteFinding } from '../evidence/find.ts';
import type { RefutationInputs } from '../finding/kind.ts';
import { notRun, type Refutation } from '../finding/refutation.ts';
import type { Candidate } from '../probability/candidate.ts';

export function refute(inputs: RefutationInputs, { service, findings }: Candidate): Hypothesis['refutation'] {
  const lead = findings.find(({ isAgainst }) => !isAgainst);
  const test = `Does the telemetry of ${service} speak against it?`;
  if (inputs.input.answer === null || lead === undefined) return resultText(notRun(test, 'no evidence is in yet'));
  return resultText(refuteFinding(inputs, lead));
}

const outcomes: Readonly<Record<Refutation['outcome'], string>> = {
  survived: 'no',
  refuted: 'yes',
  'not-run': 'not checked',
};

function resultText({ outcome, test, how }: Refutation): Hypothesis['refutation'] {
  return { test, result: `${outcomes[outcome]}: ${how}` };
}
