/** Finds past incidents that were like this one, by typed facts. A name alone says little: the same service may fail in many ways. */
import {
  type PastIncidentRow,
  type PastRemediation,
  type SimilarIncident,
  type TraitClass,
  traitClasses,
  traitClassOf,
  traitsOf,
  traitWeights,
} from '@faultline/model';

const leastSimilarity = 0.3;
const maxSimilar = 3;
const maxShownRemediations = 3;
const minuteMs = 60_000;
/** A class that only one of the two incidents knows: no telemetry of it is not a difference. */
const unknownShare = 0.5;

type Traits = ReadonlyMap<TraitClass, ReadonlySet<string>>;

interface Likeness {
  readonly similarity: number;
  readonly shared: readonly TraitClass[];
}

/** The most similar past incidents, best first. Among equals the newest, then by id. `traits`: those of this incident. */
export function findSimilar(traits: readonly string[], past: readonly PastIncidentRow[]): readonly SimilarIncident[] {
  const own = byClass(traits);
  return past
    .map((row) => ({ row, ...compare(own, byClass(row.traits ?? traitsOfRow(row))) }))
    .filter(({ similarity, shared }) => similarity >= leastSimilarity && shared.some((name) => name !== 'cause'))
    .sort(
      (a, b) =>
        b.similarity - a.similarity ||
        b.row.resolvedAtMs - a.row.resolvedAtMs ||
        (a.row.incidentId < b.row.incidentId ? -1 : 1),
    )
    .slice(0, maxSimilar)
    .map(({ row, similarity, shared }) => similarIncident(row, { similarity, shared }));
}

function similarIncident(row: PastIncidentRow, { similarity, shared }: Likeness): SimilarIncident {
  return {
    incidentId: row.incidentId,
    similarity,
    cause: `${row.causeService} ${row.causeKind}`.trim(),
    resolution: row.resolution,
    minutesToRecovery: Math.max(0, Math.round((row.resolvedAtMs - row.startedAtMs) / minuteMs)),
    resolvedAtMs: row.resolvedAtMs,
    shared,
    remediations: workedFirst(row.remediations ?? []).slice(0, maxShownRemediations),
  };
}

/** The last one that worked says most. */
function workedFirst(remediations: readonly PastRemediation[]): readonly PastRemediation[] {
  const worked = remediations.filter((one) => one.worked).reverse();
  return [...worked, ...remediations.filter((one) => !one.worked)];
}

/** Rows of releases that stored no traits. */
function traitsOfRow({ causeService, causeKind, alertNames }: PastIncidentRow): readonly string[] {
  return [...traitsOf('cause', [causeService]), ...traitsOf('kind', [causeKind]), ...traitsOf('alert', alertNames)];
}

function byClass(traits: readonly string[]): Traits {
  const known = new Map<TraitClass, Set<string>>();
  for (const trait of traits) {
    const name = traitClassOf(trait);
    if (name !== null) known.set(name, (known.get(name) ?? new Set()).add(trait));
  }
  return known;
}

/** The mean of the Jaccard indices of the classes, by their weights. */
function compare(a: Traits, b: Traits): Likeness {
  let sum = 0;
  let most = 0;
  const shared: TraitClass[] = [];
  for (const name of traitClasses) {
    const [left, right] = [a.get(name), b.get(name)];
    if (left === undefined && right === undefined) continue;
    const weight = traitWeights[name];
    most += left === undefined || right === undefined ? weight * unknownShare : weight;
    const index = jaccard(left, right);
    sum += weight * index;
    if (index > 0) shared.push(name);
  }
  return { similarity: most === 0 ? 0 : Math.round((sum / most) * 100) / 100, shared };
}

function jaccard(a: ReadonlySet<string> = new Set(), b: ReadonlySet<string> = new Set()): number {
  const shared = [...b].filter((value) => a.has(value)).length;
  return shared === 0 ? 0 : shared / (a.size + b.size - shared);
}
