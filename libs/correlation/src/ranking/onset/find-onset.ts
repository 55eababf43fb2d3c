/** When the harm began: the common step of all that the evidence can tell of, and how sure that is. */
import type { EvidenceResult } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';
import type { Groups } from '../rows/group.ts';
import { gainAt, type Signal, stepZs } from './change-point.ts';
import type { Onset } from './moment.ts';
import { ownOnsets } from './own.ts';
import { signalsOf } from './signals.ts';

/**
 * How long before its alert harm begins, as a log-normal: scrapes take half a minute, rules average and wait for none to ten. The median is
 * two minutes; one in six is under a minute and one in six above four, and ten are not ruled out.
 */
const medianLeadMs = 120_000;
const leadSigma = 0.7;
/** An alert cannot come sooner than its rule is evaluated. */
const minLeadMs = 15_000;
/** What moves later than this after the first alert is not what the alert told of. */
const horizonMs = 300_000;
/** Slices are not independent, and days drift: no model of them is to be taken at its word. */
const trust = 0.5;
/** Where nothing is clear, what is left are the largest of many steps that chance makes: the usual lead says more. */
const weakTrust = trust / 4;
/** Times whose log-probability is this close to the best are as good. */
const supportNats = 2;
const unsureMs = 60_000;
const maxUnsureMs = 120_000;

/** A known onset: for tests, and for looking again from a given time on. */
export function knownOnset(atMs: number, beforeToMs = atMs): Onset {
  return { atMs, beforeToMs, duringFromMs: atMs, isSeen: true };
}

/** The onset of the incident, and a function that gives that of one service: its own step, near the incident's. */
export interface Onsets {
  readonly incident: Onset;
  readonly ofService: (service: string) => number;
}

/** Without any evidence, or when nothing moved, the onset is the usual lead before the first alert. */
export function findOnset(input: RankingInput, groups: Groups, isRelated: (service: string) => boolean): Onsets {
  const { answer, startedAtMs } = input;
  const bounds = answer === null ? [] : boundsOf(answer, startedAtMs);
  if (answer === null || bounds.length === 0) return nothingSeen(startedAtMs);
  const signals = signalsOf(answer, groups, startedAtMs).filter(({ service }) => isRelated(service));
  const steps = stepsOf(signals, bounds, endOf(answer, startedAtMs));
  const clear = steps.filter(({ best }) => best > clearZ(signals.length * bounds.length));
  if (steps.length === 0) return nothingSeen(startedAtMs);
  const times = bounds.map((slice) => answer.slices[slice]?.fromMs ?? 0);
  const priors = times.map((atMs) => logPrior(startedAtMs - atMs));
  const isSeen = clear.length > 0;
  const found = onsetOf(isSeen ? logChances(clear, priors) : logChances(steps, priors, weakTrust), times);
  const incident = isSeen ? { ...found, isSeen } : unclear(found.atMs, startedAtMs);
  return { incident, ofService: ownOnsets(signals, { answer, incident }) };
}

function nothingSeen(startedAtMs: number): Onsets {
  const atMs = startedAtMs - medianLeadMs;
  return { incident: unclear(atMs, startedAtMs), ofService: () => atMs };
}

/** Unsure on both windows, but a time since the alert's half minute before always counts as during. */
function unclear(atMs: number, startedAtMs: number): Onset {
  const latestMs = Math.max(atMs, startedAtMs - unsureMs / 2);
  return {
    atMs,
    beforeToMs: atMs - unsureMs,
    duringFromMs: Math.min(atMs + unsureMs / 2, latestMs),
    isSeen: false,
  };
}

/** The slices that may be the harm's first: those that begin before the alert. */
function boundsOf({ slices }: EvidenceResult, startedAtMs: number): number[] {
  return slices.flatMap(({ fromMs }, slice) => (slice > 0 && fromMs <= startedAtMs ? [slice] : []));
}

function endOf({ slices }: EvidenceResult, startedAtMs: number): number {
  const end = slices.findIndex(({ fromMs }) => fromMs >= startedAtMs + horizonMs);
  return end === -1 ? slices.length : end;
}

interface Step {
  readonly service: string;
  readonly zs: Float64Array;
  readonly best: number;
}

/** Chance makes a few steps as weak as this in any incident: they only tell where to look when nothing is clear. */
const weakZ = 3;

/** A step that chance does not make even once among so many signals and times (Bonferroni). */
function clearZ(comparisons: number): number {
  return Math.sqrt(2 * Math.log(Math.max(2, comparisons))) + 0.5;
}

function stepsOf(signals: readonly Signal[], bounds: readonly number[], end: number): Step[] {
  return signals.flatMap((signal) => {
    const zs = stepZs(signal, bounds, end);
    const best = zs.reduce((most, _z, i) => Math.max(most, normalZ(zs, i)), 0);
    return best > weakZ ? [{ service: signal.service, zs, best }] : [];
  });
}

/** As unlikely by the normal as the step is for noise of unknown size: few slices make large steps by chance. */
function normalZ(zs: Float64Array, i: number): number {
  return Math.sqrt(2 * gainAt(zs, i));
}

function logPrior(leadMs: number): number {
  const distance = Math.log(Math.max(minLeadMs, leadMs) / medianLeadMs) / leadSigma;
  return -(distance * distance) / 2;
}

/**
 * Log-probability of each time, but for a constant. A service speaks with its best signal; services share load and neighbours, so together
 * they count as the root of their number.
 */
function logChances(steps: readonly Step[], priors: readonly number[], trusted = trust): number[] {
  const voices = [...Map.groupBy(steps, ({ service }) => service).values()];
  const scale = trusted / Math.sqrt(Math.max(1, voices.length));
  const voice = (own: readonly Step[], i: number): number =>
    own.reduce((most, { zs }) => Math.max(most, gainAt(zs, i)), 0);
  return priors.map((prior, i) => prior + scale * voices.reduce((sum, own) => sum + voice(own, i), 0));
}

function onsetOf(chances: readonly number[], times: readonly number[]): Omit<Onset, 'isSeen'> {
  const best = bestOf(chances);
  const atMs = times[best] ?? 0;
  const isGood = (i: number): boolean => (chances[i] ?? Number.NEGATIVE_INFINITY) >= (chances[best] ?? 0) - supportNats;
  let [low, high] = [best, best];
  while (low > 0 && isGood(low - 1)) low--;
  while (high + 1 < times.length && isGood(high + 1)) high++;
  const earliestMs = times[low - 1] ?? (times[low] ?? atMs) - unsureMs;
  return {
    atMs,
    beforeToMs: Math.max(earliestMs, atMs - maxUnsureMs),
    duringFromMs: Math.min(times[high] ?? atMs, atMs + maxUnsureMs),
  };
}

function bestOf(chances: readonly number[]): number {
  return chances.reduce((best, chance, i) => (chance > (chances[best] ?? 0) ? i : best), 0);
}
