/** A prediction for one case, from a running Faultline or from the ranking alone. */
import { type Ranking, type RankingInput, rankHypotheses } from '@faultline/correlation';
import type { TriageLevel } from '@faultline/model';

interface PredictedHypothesis {
  readonly service: string;
  readonly kind: string;
  readonly instance: string;
  readonly probability: number;
  /** Summary of the blamed change. */
  readonly change: string | null;
  /** Case time, epoch ms. */
  readonly sinceMs: number | null;
}

/** One incident. The probabilities of its hypotheses decrease. */
export interface Prediction {
  readonly verdict: string;
  /** How it reaches people. Left out: unknown, as in kept evidence. */
  readonly level?: TriageLevel;
  readonly alertCount: number;
  /** The first hundred alerts. Left out: unknown. */
  readonly alerts?: readonly GroupedAlert[];
  readonly hypotheses: readonly PredictedHypothesis[];
}

export interface GroupedAlert {
  readonly name: string;
  /** Case time, epoch ms. */
  readonly atMs: number;
}

/** Ranks kept evidence with the current code. */
export function rankAgain(
  input: RankingInput,
  shiftMs: number,
  rank: (input: RankingInput) => Ranking = rankHypotheses,
): Prediction {
  const { verdict, hypotheses } = rank(input);
  const summaries = new Map(input.changes.map(({ id, summary }) => [id, summary]));
  return {
    verdict,
    alertCount: input.alerts.length,
    alerts: input.alerts.map(({ name, startsAtMs }) => ({ name, atMs: startsAtMs - shiftMs })),
    hypotheses: hypotheses.map(({ cause, probability, changeId, sinceMs }) => ({
      ...cause,
      probability,
      change: changeId === null ? null : (summaries.get(changeId) ?? changeId),
      sinceMs: sinceMs === null ? null : sinceMs - shiftMs,
    })),
  };
}

/** The judged part of an incident of the API. */
export interface IncidentJson {
  readonly id: string;
  readonly startedAt: string;
  readonly verdict: string;
  readonly triage: { readonly level: TriageLevel } | null;
  readonly status: string;
  readonly evidenceState: string;
  readonly alertCount: number;
  readonly alerts?: readonly { readonly name: string; readonly startsAt: string }[];
  readonly hypotheses: readonly {
    readonly probability: number;
    readonly since: string | null;
    readonly change: { readonly summary: string } | null;
    readonly cause: { readonly service: string; readonly kind: string; readonly instance: string };
  }[];
}

export function predictionOf(
  { verdict, triage, alertCount, alerts = [], hypotheses }: IncidentJson,
  shiftMs: number,
): Prediction {
  return {
    verdict,
    level: triage?.level ?? 'page',
    alertCount,
    alerts: alerts.map(({ name, startsAt }) => ({ name, atMs: Date.parse(startsAt) - shiftMs })),
    hypotheses: hypotheses.map(({ cause, probability, change, since }) => ({
      ...cause,
      probability,
      change: change?.summary ?? null,
      sinceMs: since === null ? null : Date.parse(since) - shiftMs,
    })),
  };
}
