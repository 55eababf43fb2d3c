/** From findings to candidates: log-odds summed in a fixed order, then a softmax against "nothing here". */
import type { CauseKind } from '@faultline/model';
import type { Finding } from './finding.ts';
import { weights } from './weights.ts';

export interface Candidate {
  readonly service: string;
  readonly instance: string;
  readonly kind: CauseKind;
  readonly logOdds: number;
  readonly probability: number;
  readonly findings: readonly Finding[];
}

const maxCandidates = 10;

/** Best first; probabilities strictly fall, equal log-odds by name. Services without any evidence are not candidates. */
export function scoreCandidates(findings: readonly Finding[]): Candidate[] {
  const byService = [...Map.groupBy(findings, ({ service }) => service)].map(([service, own]) => ({
    service,
    findings: own.toSorted((a, b) => b.weight - a.weight || (a.summary < b.summary ? -1 : 1)),
    logOdds: sumOf(own),
  }));
  byService.sort((a, b) => b.logOdds - a.logOdds || (a.service < b.service ? -1 : 1));
  const total = byService.reduce((sum, { logOdds }) => sum + Math.exp(logOdds), Math.exp(weights.nothing));
  const candidates = byService.map((one) => ({
    ...one,
    ...leadOf(one.findings),
    probability: Math.exp(one.logOdds) / total,
  }));
  return fallingStrictly(candidates.slice(0, maxCandidates));
}

/** Of each kind the strongest counts whole and the others a fifth: they are not independent of it. */
function sumOf(findings: readonly Finding[]): number {
  let sum = 0;
  for (const [, same] of Map.groupBy(findings, ({ kind }) => kind)) {
    const ordered = same.map(({ weight }) => weight).sort((a, b) => b - a);
    ordered.forEach((weight, i) => {
      sum += i === 0 ? weight : weight / 5 ** i;
    });
  }
  return sum;
}

/** A resource this far off explains why time was added; weaker, it may as well follow from it. */
const tellingResource = 0.3;

/**
 * The mechanism and instance that the strongest evidence suggests; an alert or a change suggests none while there is other evidence.
 * Added time is a symptom: a resource of the same service that is far off is its mechanism.
 */
function leadOf(findings: readonly Finding[]): { kind: CauseKind; instance: string } {
  const telling = findings.filter(({ kind }) => kind !== 'alerts' && kind !== 'changes');
  const lead = telling[0] ?? findings[0];
  const resource = telling.find(({ kind, weight }) => kind === 'resources' && weight >= tellingResource);
  const isTime = lead?.causeKind === 'latency' || lead?.kind === 'edge-gap';
  return {
    kind: (isTime ? resource : undefined)?.causeKind ?? lead?.causeKind ?? 'latency',
    instance: findings.find(({ instance }) => instance !== '')?.instance ?? '',
  };
}

const step = 1e-6;

function fallingStrictly(candidates: readonly Candidate[]): Candidate[] {
  let last = 1;
  return candidates.map((candidate) => {
    const probability = Math.min(Math.round(candidate.probability / step) * step, last - step);
    last = Math.max(0, Number(probability.toFixed(6)));
    return { ...candidate, probability: last };
  });
}
