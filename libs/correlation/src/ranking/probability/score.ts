/** From features to candidates: log-odds summed in a fixed order, then a softmax against "none of these". */
import type { CauseKind } from '@faultline/model';
import { explainAway } from '../explain/callees.ts';
import { explainShared } from '../explain/shared.ts';
import type { Features } from '../features.ts';
import { type Finding, isSupport, type Weighed } from '../finding/finding.ts';
import type { Calibration, Tuning } from '../weigh/tuning.ts';
import type { Candidate } from './candidate.ts';

/** What scoring gives, before probabilities: best first, equal log-odds by name. Services without any evidence are not candidates. */
export interface Scored {
  readonly candidates: readonly Omit<Candidate, 'probability'>[];
  /** The score of "none of these". */
  readonly nothing: number;
}

const maxCandidates = 10;

/** Weighs the findings, takes off what others explain, and adds up by service. Smooth in the numbers but where a rival takes the lead. */
export function scoreFeatures(features: Features, { numbers }: Tuning): Scored {
  const weigh = (finding: Finding): Weighed => ({ ...finding, weight: numbers[finding.reason] * finding.strength });
  const weighed = features.findings.map(weigh);
  const findings = explainShared(
    explainAway(weighed, features.below, numbers.explained),
    features.shared,
    numbers.explained,
  );
  const all = [...findings, ...weighChanges(features, findings, numbers.change)];
  const candidates = [...Map.groupBy(all, ({ service }) => service)].map(([service, own]) => ({
    service,
    findings: own.toSorted((a, b) => b.weight - a.weight || (a.summary < b.summary ? -1 : 1)),
    logOdds: sumOf(own, numbers.repeated),
  }));
  candidates.sort((a, b) => b.logOdds - a.logOdds || (a.service < b.service ? -1 : 1));
  return {
    candidates: candidates.map((one) => ({ ...one, ...leadOf(one.findings.filter(isSupport)) })),
    nothing: numbers.nothing + numbers.quietSymptom * (1 - features.symptom),
  };
}

/** A change counts as far as its service moved, by its strongest finding; without evidence yet, place is all there is: half. The best of each service. */
function weighChanges({ changes, hasEvidence }: Features, findings: readonly Weighed[], full: number): Weighed[] {
  const own = new Map<string, number>();
  for (const { service, weight, kind } of findings)
    if (kind !== 'alerts') own.set(service, Math.max(own.get(service) ?? 0, weight));
  const best = new Map<string, Weighed>();
  for (const change of changes) {
    const moved = hasEvidence ? Math.min(1, own.get(change.service) ?? 0) : 0.5;
    const weight = full * change.strength * moved;
    if (weight >= minChangeWeight && weight > (best.get(change.service)?.weight ?? 0))
      best.set(change.service, { ...change, weight });
  }
  return [...best.values()];
}

const minChangeWeight = 0.05;

/**
 * All candidates with their probabilities, strictly falling; at most ten. The first's is calibrated: as often right as it says, on cases that
 * the numbers were not fitted on. The others share what it leaves as before (Platt, 1999).
 */
export function candidatesOf({ candidates, nothing }: Scored, { slope, offset }: Calibration): Candidate[] {
  const total = candidates.reduce((sum, { logOdds }) => sum + Math.exp(logOdds), Math.exp(nothing));
  const first = Math.exp(candidates[0]?.logOdds ?? 0) / total;
  const told = 1 / (1 + Math.exp(-offset - slope * Math.log(first / Math.max(1e-12, 1 - first))));
  const rest = (1 - told) / Math.max(1e-12, 1 - first);
  return fallingStrictly(
    candidates.slice(0, maxCandidates).map((one, i) => {
      const probability = Math.exp(one.logOdds) / total;
      return { ...one, probability: i === 0 ? told : Math.min(told, probability * rest) };
    }),
  );
}

/** Of each kind the strongest counts whole and each further one a `repeated` part of the one before: they are not independent of it. */
function sumOf(findings: readonly Weighed[], repeated: number): number {
  let sum = 0;
  for (const [, same] of Map.groupBy(findings, ({ kind }) => kind)) {
    const ordered = same.map(({ weight }) => weight).sort((a, b) => b - a);
    ordered.forEach((weight, i) => {
      sum += i === 0 ? weight : weight * repeated ** i;
    });
  }
  return sum;
}

/** A line that names its mechanism, this strong, says more than that calls fail or take long. */
const tellingWords = 0.3;

/** What a service runs out of makes it fail; a busy processor or disk makes it slow. */
const scarceKinds: ReadonlySet<CauseKind> = new Set(['pool', 'memory', 'queue']);

function isSpoken(kind: string, causeKind: CauseKind): boolean {
  return (kind === 'steps' || kind === 'error-lines') && causeKind !== 'error' && causeKind !== 'code';
}

/** A surge this large explains why the entry itself takes longer. */
const tellingSurge = 1;

/** A resource this far off explains why time was added; weaker, it may as well follow from it. */
const tellingResource = 0.3;

/**
 * The mechanism and instance that the strongest evidence suggests; an alert or a change suggests none while there is other evidence.
 * Added time is a symptom: a resource of the same service that is far off is its mechanism.
 */
function leadOf(findings: readonly Weighed[]): { kind: CauseKind; instance: string } {
  const telling = findings.filter(({ kind, reason }) => kind !== 'changes' && reason !== 'alert');
  const lead = telling[0] ?? findings[0];
  const kind = mechanismBehind(lead, telling) ?? lead?.causeKind ?? 'latency';
  return {
    kind,
    instance: kind === 'traffic' ? '' : (findings.find(({ instance }) => instance !== '')?.instance ?? ''),
  };
}

/** What else the service shows that says why it is slow or fails; null when the lead says it itself, or nothing does. */
function mechanismBehind(lead: Weighed | undefined, telling: readonly Weighed[]): CauseKind | null {
  const isTime = lead?.causeKind === 'latency' || lead?.kind === 'edge-gap';
  const fails = lead?.causeKind === 'error' || lead?.causeKind === 'code' || lead?.causeKind === 'down';
  const isLoad = isTime || lead?.kind === 'resources';
  if (isLoad && telling.some(({ kind, weight }) => kind === 'traffic' && weight >= tellingSurge)) return 'traffic';
  if (!isTime && !fails) return null;
  const told = telling.find(({ kind, causeKind, weight }) => isSpoken(kind, causeKind) && weight >= tellingWords);
  const ranOut = telling.find(({ kind, causeKind }) => kind === 'restarts' && causeKind === 'memory');
  const resource = telling.find(({ kind, weight }) => kind === 'resources' && weight >= tellingResource);
  const scarce = telling.find(
    ({ kind, causeKind, weight }) => kind === 'resources' && weight >= tellingResource && scarceKinds.has(causeKind),
  );
  return (told ?? ranOut ?? (isTime ? resource : scarce))?.causeKind ?? null;
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
