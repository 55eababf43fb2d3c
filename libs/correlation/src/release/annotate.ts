/** Adds to the judged changes what the ranking does not need: who reported them, and their commits. */
import type { EvidenceResult, JudgedChange } from '@faultline/model';
import type { Ranking } from '../ranking/input/ranking.ts';
import { type Failing, failingOf } from './failing.ts';
import type { JoinedChange } from './join.ts';
import { judgeCommits } from './touches.ts';

export function annotateChanges(
  { changes, hypotheses, verdict }: Pick<Ranking, 'changes' | 'hypotheses' | 'verdict'>,
  joined: readonly JoinedChange[],
  result: EvidenceResult | null,
): readonly JudgedChange[] {
  const known = new Map(joined.map((change) => [change.id, change]));
  if (!changes.some(({ id }) => hasMore(known.get(id)))) return changes;
  const failing = verdict === 'identified' ? failingOf(hypotheses[0], result) : null;
  return changes.map((change) => annotated(change, known.get(change.id), failing));
}

function hasMore(change: JoinedChange | undefined): boolean {
  return change !== undefined && (change.reports.length > 0 || (change.release?.commits.length ?? 0) > 0);
}

function annotated(judged: JudgedChange, change: JoinedChange | undefined, failing: Failing | null): JudgedChange {
  if (change === undefined) return judged;
  const { reports, release } = change;
  const commits = release?.commits ?? [];
  return {
    ...judged,
    ...(reports.length > 0 && { reports }),
    ...(commits.length > 0 && {
      commits: shownCommits(judged, judgeCommits(commits, judged.verdict === 'innocent' ? null : failing)),
      commitCount: commits.length + (release?.omittedCommits ?? 0),
    }),
  };
}

/** A page has many changes. Those that are not suspected show only what speaks against them. */
function shownCommits({ verdict }: JudgedChange, commits: ReturnType<typeof judgeCommits>) {
  return verdict === 'suspect' ? commits : commits.filter(({ touches }) => touches.length > 0);
}
