/** What a change delivers: a revision of source code, as images, with its commits. */

/** As far as the source of a change names it. Empty fields are unknown. */
export interface Release {
  /** `host/owner/name` or `owner/name`, in lower case and without `.git`. */
  readonly repository: string;
  /** The revision that it delivers, in hexadecimal digits: whole, or at least the first seven. */
  readonly commit: string;
  /** The revision that ran before. */
  readonly previousCommit: string;
  /** References as written, with tag or digest. At most `maxReleaseImages`. */
  readonly images: readonly string[];
  /** Newest first. At most `maxReleaseCommits`; `omittedCommits` counts the rest. */
  readonly commits: readonly Commit[];
  readonly omittedCommits: number;
}

export interface Commit {
  readonly id: string;
  readonly author: string;
  /** The first line, at most 200 characters. */
  readonly message: string;
  readonly url: string;
  /** Paths within the repository. At most `maxCommitFiles`. Empty: none, or the source lists none. */
  readonly files: readonly string[];
}

export const maxReleaseImages = 20;
export const maxReleaseCommits = 50;
export const maxCommitFiles = 60;

/** A tool's own report of a change that several tools reported. */
export interface ChangeReport {
  readonly changeId: string;
  readonly source: string;
  readonly actor: string;
  readonly summary: string;
  readonly url: string;
  readonly startedAtMs: number;
}

/** What of a failure a commit touches. */
export const commitReasons = ['operation', 'log', 'setting', 'migration'] as const;
export type CommitReason = (typeof commitReasons)[number];

/** A commit of a change, and whether it touches what fails. */
export interface JudgedCommit {
  readonly id: string;
  readonly author: string;
  readonly message: string;
  readonly url: string;
  /** Empty where nothing connects the commit with the failure. */
  readonly touches: readonly CommitTouch[];
}

export interface CommitTouch {
  readonly reason: CommitReason;
  /** The operation, log line or setting that fails. */
  readonly failing: string;
  /** The path, or the words of the message, that touch it. */
  readonly by: string;
}

/** A body of a Git host, an image or a person may write a repository as an address. `git@host:shop/cart.git` is `host/shop/cart`. */
export function repositoryName(text: string): string {
  const address = /^(?:[a-z+]+:\/\/)?(?:[^@/\s]+@)?([^?#\s]*)/i.exec(text.trim())?.[1] ?? '';
  return address
    .replace(/^([^/:]+):(?!\d+\/)/, '$1/')
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '')
    .toLowerCase();
}

/** The first line of a commit's message. */
export function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.trim().slice(0, 200) ?? '';
}
