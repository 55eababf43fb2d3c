/** The evidence of a hypothesis, as the incident shows it. */
import type { Evidence, TimeRange } from '@faultline/model';
import type { Comparison } from '../compare/comparison.ts';
import type { Weighed } from '../weigh/weigh.ts';

/** What fits on a page. The rest repeats it. */
const maxFor = 8;
const maxAgainst = 4;

type Inputs = Pick<Comparison, 'input' | 'onset'>;

/** The strongest findings for and against, out of findings that are sorted by weight. */
export function shownEvidence(inputs: Inputs, findings: readonly Weighed[]): Evidence[] {
  const supporting = findings.filter(({ isAgainst }) => !isAgainst).slice(0, maxFor);
  const opposing = findings.filter(({ isAgainst }) => isAgainst).slice(-maxAgainst);
  const ranges = rangesOf(inputs);
  return [...supporting, ...opposing].map((finding) => {
    const { kind, entity, before, during, weight, reference } = finding;
    const source = reference === null ? null : { ...reference, ...ranges };
    const rounded = Math.round(weight * 100) / 100;
    return { kind, entity, summary: summaryOf(finding), before, during, weight: rounded, query: '', source };
  });
}

/** The finding's summary, and what accounts for a part of it. */
export function summaryOf({ summary, explainedBy }: Pick<Weighed, 'summary' | 'explainedBy'>): string {
  return explainedBy.reduce((text, name) => `${text} (partly explained by ${name})`, summary);
}

const hourMs = 3_600_000;

/** The two windows. Until evidence is in, an hour before the first alert and the time since. */
function rangesOf({ input: { answer, startedAtMs, nowMs }, onset }: Inputs): { before: TimeRange; during: TimeRange } {
  const [first, last] = [answer?.slices[0], answer?.slices.at(-1)];
  if (first === undefined || last === undefined)
    return {
      before: { fromMs: startedAtMs - hourMs, toMs: startedAtMs },
      during: { fromMs: startedAtMs, toMs: nowMs },
    };
  return {
    before: { fromMs: first.fromMs, toMs: Math.min(onset.beforeToMs, onset.duringFromMs) },
    during: { fromMs: onset.duringFromMs, toMs: last.toMs },
  };
}
