/** When the incident began: the common step of all signals in the evidence, and how sure that is. */
import type { EvidenceResult } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';
import type { Groups } from '../rows/group.ts';
import { gainAt, partsSince, type Signal, stepZs } from './change-point.ts';
import type { Onset } from './moment.ts';
import { ownOnsets } from './own.ts';
import { alertTimes, logPrior, medianLeadMs } from './prior.ts';
import { signalsOf } from './signals.ts';

/** A shift that comes later than this after the last alert is not what the alerts were about. */
const horizonMs = 300_000;
/** Slices are not independent and days drift, so no model of them is fully trusted. */
const trust = 0.5;
/** Where nothing is clear, the steps left are the largest of many that chance makes. The usual lead says more than they do. */
const weakTrust = trust / 4;
/** Times whose log-probability is this close to the best are equally likely. */
const supportNats = 2;
const unsureMs = 60_000;
const maxUnsureMs = 120_000;

/** A known onset: for tests, and to judge again from a given time on. */
export function knownOnset(atMs: number, beforeToMs = atMs): Onset {
  return { atMs, beforeToMs, duringFromMs: atMs, isSeen: true };
}

/** The onset of the incident, and a function from a service to its own onset near that. */
export interface Onsets {
  readonly incident: Onset;
  readonly ofService: (service: string) => number;
}

/** Without evidence, or when nothing shifted, the onset is the usual lead before the first alert. */
export function findOnset(input: RankingInput, groups: Groups, isRelated: (service: string) => boolean): Onsets {
  const { answer, startedAtMs } = input;
  const alertsMs = alertTimes(input.alerts, startedAtMs);
  const lastAlertMs = alertsMs.at(-1) ?? startedAtMs;
  const bounds = answer === null ? [] : boundsOf(answer, lastAlertMs);
  if (answer === null || bounds.length === 0) return nothingSeen(startedAtMs);
  const signals = signalsOf(answer, groups, startedAtMs).filter(({ service }) => isRelated(service));
  const steps = stepsOf(signals, bounds, endOf(answer, lastAlertMs));
  const clear = steps.filter(({ best }) => best > clearZ(signals.length * bounds.length));
  if (steps.length === 0) return nothingSeen(startedAtMs);
  const times = bounds.map((slice) => answer.slices[slice]?.fromMs ?? 0);
  const priors = times.map((atMs) => logPrior(atMs, alertsMs));
  const isSeen = clear.length > 0;
  const found = onsetOf(isSeen ? logChances(clear, priors) : logChances(steps, priors, weakTrust), times);
  const incident = isSeen ? { ...withoutMixedSlice(found, clear, answer), isSeen } : unclear(found.atMs, startedAtMs);
  return { incident, ofService: ownOnsets(signals, { answer, incident }) };
}

function nothingSeen(startedAtMs: number): Onsets {
  const atMs = startedAtMs - medianLeadMs;
  return { incident: unclear(atMs, startedAtMs), ofService: () => atMs };
}

/** Leaves a gap on both sides of the onset. The time since half a minute before the alert always belongs to the incident window. */
function unclear(atMs: number, startedAtMs: number): Onset {
  const latestMs = Math.max(atMs, startedAtMs - unsureMs / 2);
  return {
    atMs,
    beforeToMs: atMs - unsureMs,
    duringFromMs: Math.min(atMs + unsureMs / 2, latestMs),
    isSeen: false,
  };
}

/** The slices that may be the first of the incident: those that begin before the last alert. */
function boundsOf({ slices }: EvidenceResult, lastAlertMs: number): number[] {
  return slices.flatMap(({ fromMs }, slice) => (slice > 0 && fromMs <= lastAlertMs ? [slice] : []));
}

function endOf({ slices }: EvidenceResult, lastAlertMs: number): number {
  const end = slices.findIndex(({ fromMs }) => fromMs >= lastAlertMs + horizonMs);
  return end === -1 ? slices.length : end;
}

/** With less of the harm than this, the first slice is more like the time before than like the incident. */
const mostOf = 0.75;
/** The incident window keeps at least this much time. */
const leastIncidentMs = 60_000;

/** Slices grow long as an incident goes on. One in whose midst the harm began belongs to neither window, if enough time follows. */
function withoutMixedSlice(
  found: Omit<Onset, 'isSeen'>,
  clear: readonly Step[],
  { slices }: EvidenceResult,
): Omit<Onset, 'isSeen'> {
  const bound = slices.findIndex(({ fromMs }) => fromMs === found.duringFromMs);
  const { toMs } = slices[bound] ?? { toMs: 0 };
  const endMs = slices.at(-1)?.toMs ?? 0;
  if (bound < 1 || endMs - toMs < leastIncidentMs) return found;
  const { first } = partsSince(
    clear.map(({ signal }) => signal),
    bound,
  );
  return first < mostOf ? { ...found, duringFromMs: toMs } : found;
}

interface Step {
  readonly service: string;
  readonly signal: Signal;
  readonly zs: Float64Array;
  readonly best: number;
}

/** Chance makes a few steps as weak as this in any incident. They only tell where to look when nothing is clear. */
const weakZ = 3;

/** A step so clear that chance makes none like it among so many signals and times (Bonferroni). */
function clearZ(comparisons: number): number {
  return Math.sqrt(2 * Math.log(Math.max(2, comparisons))) + 0.5;
}

function stepsOf(signals: readonly Signal[], bounds: readonly number[], end: number): Step[] {
  return signals.flatMap((signal) => {
    const zs = stepZs(signal, bounds, end);
    const best = zs.reduce((most, _z, i) => Math.max(most, normalZ(zs, i)), 0);
    return best > weakZ ? [{ service: signal.service, signal, zs, best }] : [];
  });
}

/**
 * The z of a normal distribution that is as unlikely as this step is under noise of unknown size. Few slices make large steps by chance.
 */
function normalZ(zs: Float64Array, i: number): number {
  return Math.sqrt(2 * gainAt(zs, i));
}

/**
 * The log-probability of each time, up to a constant. Each service counts with its best signal. Services share load and neighbours, so
 * together they count as the root of their number.
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
