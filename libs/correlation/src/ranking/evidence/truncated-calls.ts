/**
 * The last call before the break: an operation still calls one service as before, and hardly any of the others that it used to call after it.
 * What that service answered made it stop, although no status and no line says so. With one caller the fault may as well be in the caller's
 * own next step. With several callers that share only this call, the callee's answer is to blame (fan-in).
 */
import type { Comparison } from '../compare/comparison.ts';
import { type TruncatedSequence, truncatedSequences } from '../compare/truncated-sequences.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent, listed } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToChildren } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';

/** What a single caller's sequence keeps: it is more likely that the caller itself stops there. */
const singleCallerShare = 0.4;

interface Facts {
  readonly callers: readonly string[];
  /** The clearest of the sequences. */
  readonly lead: TruncatedSequence;
}
type Found = Detection<'truncatedCalls', Facts>;

export const truncatedCalls = evidenceKind({
  name: 'truncated-calls',
  signal: 'spans',
  weights: {
    truncatedCalls: logOdds(3.5, 'the last call that an operation still makes: its response made the callers stop'),
  },
  traits: { failsCallers: true, visibleToCallers: true, hiddenInAnswers: true },
  detect(inputs: Pick<Comparison, 'patterns' | 'operations'>): Found[] {
    const byCallee = Map.groupBy(truncatedSequences(inputs), ({ callee }) => callee);
    return [...byCallee].flatMap(([callee, all]) => judge(callee, all));
  },
  describe: ({ service, facts: { callers, lead } }) => ({
    summary: `${callers.join(' and ')} still call ${service} and then stop: of ${lead.operation}, ${formatPercent(lead.kept)} of the calls to it are left, and at most ${formatPercent(lead.left)} of those to others`,
    before: '100 %',
    during: formatPercent(lead.left),
  }),
  reference: ({ facts: { lead } }) =>
    referenceToChildren({ service: lead.caller, operation: lead.operation, peer: '', text: '' }),
  refute: othersGoOn,
});

function judge(callee: string, all: readonly TruncatedSequence[]): Found[] {
  const byCaller = [...Map.groupBy(all, ({ caller }) => caller).values()].map(strongest);
  const together = 1 - byCaller.reduce((rest, { strength }) => rest * (1 - strength), 1);
  const strength = byCaller.length > 1 ? together : singleCallerShare * together;
  const lead = strongest(byCaller);
  if (strength < minStrength) return [];
  const edge = { caller: lead.caller, callee };
  const facts = { callers: byCaller.map(({ caller }) => caller), lead };
  return [{ weightName: 'truncatedCalls', service: callee, faultType: 'code', edge, strength, facts }];
}

function strongest(all: readonly TruncatedSequence[]): TruncatedSequence {
  return all.reduce((best, one) => (one.strength > best.strength ? one : best));
}

/** A weaker sign is no stop. */
const clearStrength = 0.05;

/** What one caller does after an answer may be its own fault. What all do is the answer's. */
function othersGoOn(
  inputs: Pick<RefutationInputs, 'patterns' | 'operations' | 'callers'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const stopping = new Set(
    truncatedSequences(inputs)
      .filter(({ callee, strength }) => callee === service && strength >= clearStrength)
      .map(({ caller }) => caller),
  );
  const test = `Do other callers of ${service} go on after calling it?`;
  const others = (inputs.callers.get(service) ?? []).filter((caller) => !stopping.has(caller));
  if (stopping.size > 1) return survived(test, `${listed([...stopping])} stop after it`);
  return others.length === 0
    ? notRun(test, `only ${listed([...stopping])} calls ${service}`)
    : refuted(test, `${listed(others)} ${others.length === 1 ? 'goes' : 'go'} on as before`);
}
