import type { Incident, PastIncidentRow } from '@faultline/model';

interface SimilarityInput {
  readonly causeService: string;
  readonly causeKind: string;
  readonly alertNames: Pick<ReadonlySet<string>, 'has' | 'size' | 'keys'>;
}

/** The same cause counts most, then the same alerts, then the same kind of cause. The weights sum to 1. */
const weights = { service: 0.5, alerts: 0.3, kind: 0.2 };
const leastSimilarity = 0.3;
const maxSimilar = 3;
const minuteMs = 60_000;

/** The most similar past incidents, best first. Among equals the newest, then by id. */
export function findSimilar(input: SimilarityInput, past: readonly PastIncidentRow[]): Incident['similar'] {
  return past
    .map((row) => ({ row, similarity: similarityOf(input, row) }))
    .filter(({ similarity }) => similarity >= leastSimilarity)
    .sort(
      (a, b) =>
        b.similarity - a.similarity ||
        b.row.resolvedAtMs - a.row.resolvedAtMs ||
        (a.row.incidentId < b.row.incidentId ? -1 : 1),
    )
    .slice(0, maxSimilar)
    .map(({ row, similarity }) => ({
      incidentId: row.incidentId,
      similarity,
      cause: `${row.causeService} ${row.causeKind}`.trim(),
      resolution: row.resolution,
      minutesToRecovery: Math.max(0, Math.round((row.resolvedAtMs - row.startedAtMs) / minuteMs)),
    }));
}

function similarityOf(input: SimilarityInput, row: PastIncidentRow): number {
  const service = row.causeService !== '' && row.causeService === input.causeService ? weights.service : 0;
  const kind = row.causeKind !== '' && row.causeKind === input.causeKind ? weights.kind : 0;
  const sum = service + kind + weights.alerts * jaccard(input.alertNames, new Set(row.alertNames));
  return Math.round(sum * 100) / 100;
}

function jaccard(a: SimilarityInput['alertNames'], b: ReadonlySet<string>): number {
  const shared = [...b].filter((name) => a.has(name)).length;
  const union = a.size + b.size - shared;
  return union === 0 ? 0 : shared / union;
}
