/** What would speak against a hypothesis, and whether the evidence at hand was asked. */
import type { Hypothesis } from '@faultline/model';
import type { Context } from './context.ts';
import { formatPercent } from './describe.ts';
import type { Candidate } from './score.ts';

/** One test and its result, printable. */
export function refute(context: Context, candidate: Candidate, rivals: readonly Candidate[]): Hypothesis['refutation'] {
  if (context.input.answer === null)
    return { test: 'is time or are errors added elsewhere?', result: 'not run: no evidence is in yet' };
  switch (candidate.findings[0]?.kind) {
    case 'self-time':
    case 'edge-gap':
    case 'silent-hop':
      return timeElsewhere(context, candidate);
    case 'own-errors':
    case 'steps':
      return failingBelow(context, candidate, rivals);
    default:
      return rivalTest(candidate, rivals);
  }
}

function timeElsewhere(context: Context, { service }: Candidate): Hypothesis['refutation'] {
  const { self, gap, silent, totalUs } = context.ledger;
  const own = [self, gap, silent].reduce((sum, part) => sum + Math.max(0, part.get(service)?.addedUs ?? 0), 0);
  const share = own / totalUs;
  return {
    test: `if it were not ${service}, most of the added time would be elsewhere`,
    result: `${share >= 0.5 ? 'survived' : 'weak'}: ${formatPercent(share)} of the added time is at ${service}`,
  };
}

function failingBelow(
  context: Context,
  { service }: Candidate,
  rivals: readonly Candidate[],
): Hypothesis['refutation'] {
  const below = rivals.filter((rival) => context.callees.get(service)?.includes(rival.service) && rival.logOdds >= 1);
  return {
    test: `if it were not ${service}, something that it calls would have moved itself`,
    result:
      below.length === 0
        ? 'survived: nothing that it calls moved'
        : `weak: ${below.map((rival) => rival.service).join(', ')} moved as well`,
  };
}

function rivalTest({ service, probability }: Candidate, rivals: readonly Candidate[]): Hypothesis['refutation'] {
  const rival = rivals.find((other) => other.service !== service);
  const test = `does another service explain it better than ${service}?`;
  if (rival === undefined) return { test, result: 'survived: no other service shows anything' };
  const result = `${rival.service}: ${rival.findings[0]?.summary ?? ''}`;
  return { test, result: probability > rival.probability ? `survived; next is ${result}` : `failed: ${result}` };
}
