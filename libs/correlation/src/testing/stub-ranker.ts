/** A ranker that says exactly what a scenario wants: services with errors are degraded, the one with originating errors is the cause. */
import type {
  EnvironmentReading,
  EvidenceQuery,
  EvidenceResult,
  Hypothesis,
  MissingEvidence,
  OperationRow,
} from '@faultline/model';
import type { Ranking, RankingInput } from '../ranking/input/ranking.ts';
import type { Ranker } from '../state/ranker.ts';

/** The evidence of a scenario. */
interface StubEvidence {
  readonly disturbed: readonly string[];
  readonly edges: readonly (readonly [string, string])[];
  readonly cause: string;
  /** A cause that sends no telemetry: only the calls to it fail. */
  readonly callee?: string;
  /** Which environments were read; null: a result of an older release. */
  readonly environment?: EnvironmentReading | null;
  readonly settled: boolean;
  readonly missing: readonly MissingEvidence[];
}

/** The result that makes the stub say so. */
export function stubResult(query: EvidenceQuery, evidence: StubEvidence): EvidenceResult {
  const names = evidence.cause === '' ? evidence.disturbed : [...new Set([...evidence.disturbed, evidence.cause])];
  return {
    questionId: query.id,
    incidentId: query.incidentId,
    slices: query.slices,
    watermarks: { spans: 0, logs: 0, metrics: 0 },
    settled: evidence.settled,
    missing: evidence.missing,
    operations: names.map((service) => operation(service, service === evidence.cause)),
    ...(evidence.environment ? { environment: evidence.environment } : {}),
    edges: evidence.edges.map(([caller, callee]) => ({
      slice: 0,
      caller,
      callee,
      callerInstance: '',
      calleeInstance: '',
      operation: '',
      source: 'trace',
      calls: 1,
      errors: callee === evidence.callee ? 1 : 0,
      duration: [],
      gap: [],
      lastSeenMs: query.askedAtMs,
    })),
    templates: [],
    children: [],
    series: [],
    presence: [],
    past: [],
  };
}

function operation(service: string, isCause: boolean): OperationRow {
  return {
    slice: 1,
    service,
    instance: '',
    operation: '',
    kind: 'server',
    version: '',
    calls: 1,
    errors: 1,
    ownErrors: isCause ? 1 : 0,
    duration: [],
    settledCalls: 1,
    self: [],
  };
}

export const stubRanker: Ranker = {
  planEvidence: ({ startedAtMs, nowMs }) => ({
    slices: [
      { fromMs: startedAtMs - 60_000, toMs: startedAtMs },
      { fromMs: startedAtMs, toMs: nowMs },
    ],
    series: { fromMs: startedAtMs, toMs: nowMs, stepMs: 10_000 },
    seriesHistory: { fromMs: startedAtMs - 60_000, toMs: startedAtMs },
  }),
  rankHypotheses: rank,
};

function rank({ answer, changes }: RankingInput): Ranking {
  const rows = answer?.operations ?? [];
  const own = rows.find(({ ownErrors }) => ownErrors > 0)?.service;
  const cause = own ?? answer?.edges.find(({ errors }) => errors > 0)?.callee;
  return {
    verdict: cause === undefined ? 'inconclusive' : 'identified',
    hypotheses: cause === undefined ? [] : [stubHypothesis(cause)],
    graph: { nodes: [], edges: [] },
    changes: changes.map((change) => ({
      id: change.id,
      kind: change.kind,
      entity: `service:${change.entities.service ?? ''}`,
      startedAtMs: change.startedAtMs,
      actor: change.actor,
      summary: change.summary,
      url: change.url,
      verdict: change.entities.service === cause ? 'suspect' : 'possible',
      reason: '',
    })),
    timeline: [],
    missingEvidence: [],
    disturbed: rows.length > 0,
    disturbedServices: rows.map(({ service }) => service).sort(),
  };
}

/** The only hypothesis of the stub: this service returns errors. */
export function stubHypothesis(service: string): Hypothesis {
  return {
    rank: 1,
    probability: 0.8,
    sinceMs: null,
    cause: { service, instance: '', kind: 'error' },
    changeId: null,
    path: [service],
    evidence: [],
    refutation: { test: '', result: '' },
  };
}
