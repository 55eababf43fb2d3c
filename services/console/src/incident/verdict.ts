import type { Hypothesis, Incident } from '../api/types.ts';

const mechanisms: Readonly<Record<string, string>> = {
  cpu: 'out of CPU',
  memory: 'short of memory',
  disk: 'slow or full disk',
  network: 'network trouble',
  dns: 'DNS failing',
  error: 'returning errors',
  latency: 'slow by itself',
  down: 'down',
  pool: 'pool exhausted',
  queue: 'queue backing up',
  dependency: 'external dependency failing',
  code: 'code fault',
  config: 'configuration fault',
  credential: 'credential failing',
  traffic: 'more traffic than it can take',
  node: 'node trouble',
  zone: 'zone trouble',
  blind: 'went silent',
};

/** What is wrong, in words: `out of CPU`. A kind this console does not know is shown as it is. */
export function mechanism(kind: string): string {
  return mechanisms[kind] ?? kind;
}

/** How sure the page is, before any number. */
export function verdictLabel(incident: Pick<Incident, 'verdict' | 'evidenceState' | 'hypotheses'>): string {
  if (incident.evidenceState === 'pending') return 'First guess, evidence on its way';
  if (incident.verdict === 'inconclusive')
    return incident.hypotheses.length > 0 ? 'Inconclusive: best lead' : 'Inconclusive';
  return incident.evidenceState === 'provisional' ? 'Likely cause, still settling' : 'Likely cause';
}

/** Evidence for and against, strongest first. */
export function splitEvidence({ evidence }: Pick<Hypothesis, 'evidence'>) {
  const strongest = [...evidence].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return {
    speaksFor: strongest.filter(({ weight }) => weight >= 0),
    speaksAgainst: strongest.filter(({ weight }) => weight < 0),
  };
}

/** Log-odds as one to three marks: 0.7 doubles the odds, 1.6 makes them five times as high. */
export function strength(weight: number): 1 | 2 | 3 {
  const size = Math.abs(weight);
  return size >= 1.6 ? 3 : size >= 0.7 ? 2 : 1;
}

const shownHypotheses = 5;
const leastProbability = 0.02;

/** Those worth a look at once, at least the first two; the others are a click away. */
export function splitHypotheses(hypotheses: readonly Hypothesis[]) {
  const isLikely = ({ probability }: Hypothesis, index: number) =>
    index < 2 || (index < shownHypotheses && probability >= leastProbability);
  return {
    likely: hypotheses.filter(isLikely),
    lessLikely: hypotheses.filter((each, index) => !isLikely(each, index)),
  };
}
