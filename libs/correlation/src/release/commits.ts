/** The commits of a rollout: as its reports list them, or as the pushes since the revision that ran before list them. */
import { type Change, type Commit, maxReleaseCommits } from '@faultline/model';

export interface ReleaseCommits {
  /** Newest first. */
  readonly commits: readonly Commit[];
  readonly omittedCommits: number;
  /** Pushes of the delivered revision itself, which are part of the rollout's story. */
  readonly pushes: readonly Change[];
}

/** Most pushes that are followed back. */
const maxPushes = 20;

/** Pushes by the first digits of the commit that they end with, in the order of the changes. */
export type PushesByCommit = ReadonlyMap<string, readonly Change[]>;

/** As many digits as short forms have at least. */
const shortDigits = 7;

export function indexPushes(changes: readonly Change[]): PushesByCommit {
  return Map.groupBy(changes.filter(isPush), ({ release }) => shortOf(release?.commit ?? ''));
}

function shortOf(commit: string): string {
  return commit.slice(0, shortDigits).toLowerCase();
}

/** A push to a watched branch: it runs nowhere yet, and tells what a later rollout delivers. */
export function isPush({ kind, release }: Change): boolean {
  return kind === 'other' && release != null && release.commit !== '';
}

export function commitsOfRelease(reports: readonly Change[], pushes: PushesByCommit): ReleaseCommits {
  const chain = pushesOf(reports, pushes);
  const lists = [...reports, ...chain].flatMap(({ release }) => (release == null ? [] : [release]));
  // The list of a report is complete where there is one. Pushes are put together.
  const whole = reports.flatMap(({ release }) => (release == null || release.commits.length === 0 ? [] : [release]));
  const [longest] = [...whole].sort((a, b) => b.commits.length - a.commits.length);
  const listed = longest === undefined ? lists.flatMap(({ commits }) => commits) : longest.commits;
  const unique = [...new Map(withFiles(listed, lists).map((commit) => [commit.id, commit])).values()];
  const omitted =
    longest?.omittedCommits ?? chain.reduce((sum, { release }) => sum + (release?.omittedCommits ?? 0), 0);
  return {
    commits: unique.slice(0, maxReleaseCommits),
    omittedCommits: omitted + Math.max(0, unique.length - maxReleaseCommits),
    pushes: chain,
  };
}

/** One tool may list the commits, and another one their files. */
function withFiles(
  commits: readonly Commit[],
  lists: readonly { readonly commits: readonly Commit[] }[],
): readonly Commit[] {
  const known = new Map(
    lists.flatMap((list) => list.commits.filter(({ files }) => files.length > 0)).map((c) => [c.id, c]),
  );
  return commits.map((commit) =>
    commit.files.length > 0 ? commit : { ...commit, files: known.get(commit.id)?.files ?? [] },
  );
}

/** The push of the delivered revision, and those before it as far as the revision that ran before. Newest first. */
function pushesOf(reports: readonly Change[], pushes: PushesByCommit): Change[] {
  const releases = reports.flatMap(({ release }) => (release == null || release.commit === '' ? [] : [release]));
  const [delivered] = releases;
  if (delivered === undefined) return [];
  const previous = releases.map(({ previousCommit }) => previousCommit).find((commit) => commit !== '') ?? '';
  const chain: Change[] = [];
  for (let head = delivered.commit; head !== '' && chain.length < maxPushes; ) {
    const push = (pushes.get(shortOf(head)) ?? []).find(
      ({ id, release }) =>
        release != null &&
        isSameRepository(release.repository, delivered.repository) &&
        isSameCommit(release.commit, head) &&
        !chain.some((known) => known.id === id),
    );
    if (push === undefined) break;
    chain.push(push);
    head = push.release?.previousCommit ?? '';
    // Without the revision that ran before, the last push alone is surely new.
    if (previous === '' || isSameCommit(head, previous)) break;
  }
  return chain;
}

function isSameRepository(a: string, b: string): boolean {
  return a !== '' && (a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`));
}

/** Short forms are the first digits. */
export function isSameCommit(a: string, b: string): boolean {
  const digits = Math.min(a.length, b.length);
  return digits >= shortDigits && a.slice(0, digits).toLowerCase() === b.slice(0, digits).toLowerCase();
}
