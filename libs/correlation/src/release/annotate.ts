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
  const leading = { failing: failingOf(hypotheses[0], result), isIdentified: verdict === 'identified' };
  return changes.map((change) => annotated(change, known.get(change.id), leading));
}

/** What fails by the leading hypothesis. While no cause is identified, it is a suspicion. */
interface Leading {
  readonly failing: Failing | null;
  readonly isIdentified: boolean;
}

function hasMore(change: JoinedChange | undefined): boolean {
  return change !== undefined && (change.reports.length > 0 || (change.release?.commits.length ?? 0) > 0);
}

function annotated(judged: JudgedChange, change: JoinedChange | undefined, leading: Leading): JudgedChange {
  if (change === undefined) return judged;
  const { reports, release } = change;
  const commits = release?.commits ?? [];
  return {
    ...judged,
    ...(reports.length > 0 && { reports }),
    ...(commits.length > 0 && {
      commits: shownCommits(
        judged,
        judgeCommits(commits, judged.verdict === 'innocent' ? null : leading.failing),
        leading,
      ),
      commitCount: commits.length + (release?.omittedCommits ?? 0),
    }),
  };
}

/** Of a change that is only possible: people look for the cause themselves, and the newest commits are the likeliest. */
const mostPossibleCommits = 3;

/**
 * A suspect shows all commits. With an identified cause, any other change shows those that touch what fails. Without one, a
 * change that may be the cause shows its newest commits, too, because nothing else narrows the search.
 */
function shownCommits(
  { verdict }: JudgedChange,
  commits: ReturnType<typeof judgeCommits>,
  { isIdentified }: Leading,
): ReturnType<typeof judgeCommits> {
  if (verdict === 'suspect') return commits;
  const marked = commits.filter(({ touches }) => touches.length > 0);
  if (isIdentified || verdict === 'innocent') return marked;
  return commits.slice(0, Math.max(marked.length, mostPossibleCommits));
}
