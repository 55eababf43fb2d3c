/**
 * Marks the commits that touch what fails, by their paths and messages. It is a hint for people: it moves no probability. A word that many
 * commits share tells none of them apart, so it counts for none.
 */
import {
  type Commit,
  type CommitReason,
  type CommitTouch,
  type JudgedCommit,
  maxJudgedCommits,
} from '@faultline/model';
import type { Failing } from './failing.ts';
import { fileNameOf, isMigration, sourceFilesOf, wordsOf } from './words.ts';

/** Of more commits than this, one word of half of them tells nothing. */
const fewCommits = 3;
const maxTouches = 3;

interface Text {
  /** A path, or the message. */
  readonly text: string;
  readonly isPath: boolean;
  readonly words: ReadonlySet<string>;
}

interface ReadCommit {
  readonly commit: Commit;
  readonly texts: readonly Text[];
}

/** Marked ones first, in the order of the list, which is newest first. */
export function judgeCommits(commits: readonly Commit[], failing: Failing | null): JudgedCommit[] {
  const read = commits.map(readCommit);
  const usual = usualWords(read, failing);
  const judged = read.map(({ commit: { files: _files, ...commit }, texts }) => ({
    ...commit,
    touches: failing === null ? [] : touchesOf(texts, failing, usual).slice(0, maxTouches),
  }));
  return [
    ...judged.filter(({ touches }) => touches.length > 0),
    ...judged.filter(({ touches }) => touches.length === 0),
  ].slice(0, maxJudgedCommits);
}

function readCommit(commit: Commit): ReadCommit {
  const paths = commit.files.map((text) => ({ text, isPath: true, words: new Set(wordsOf(text)) }));
  return {
    commit,
    texts: [...paths, { text: commit.message, isPath: false, words: new Set(wordsOf(commit.message)) }],
  };
}

function usualWords(read: readonly ReadCommit[], failing: Failing | null): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { texts } of read)
    for (const word of new Set(texts.flatMap(({ words }) => [...words]))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const shared = [...counts].filter(([, count]) => read.length > fewCommits && count * 2 > read.length);
  return new Set([...shared.map(([word]) => word), ...(failing?.services ?? []).flatMap(wordsOf)]);
}

function touchesOf(texts: readonly Text[], failing: Failing, usual: ReadonlySet<string>): CommitTouch[] {
  const { operations, logLines, settings } = failing;
  const found = [
    ...logLines.map((line) => touchOf('log', line, texts, isInFrameOf(line))),
    ...settings.map((name) => touchOf('setting', name, texts, (text) => namesSetting(text, name))),
    ...operations.map((operation) => touchOf('operation', operation, texts, meansSame(operation, usual))),
    ...[...logLines, ...operations].map((line) => touchOf('migration', line, texts, migrates(line, usual))),
    ...logLines.map((line) =>
      touchOf('log', line, texts, meansSame(line, usual, { minWords: minLogWords, minShare: logShare })),
    ),
  ];
  const touches = found.flatMap((touch) => (touch === null ? [] : [touch]));
  return [...new Map(touches.map((touch) => [`${touch.reason} ${touch.by}`, touch])).values()];
}

function touchOf(
  reason: CommitReason,
  failing: string,
  texts: readonly Text[],
  matches: (text: Text) => boolean,
): CommitTouch | null {
  const text = texts.find(matches);
  return text === undefined ? null : { reason, failing: failing.slice(0, 120), by: text.text.slice(0, 200) };
}

/** Files that every second package has, so that their names tell nothing. */
const namelessFiles = /^(?:index|main|mod|lib|app|server|__init__|utils?|helpers?|types?)\./i;

/** A stack frame of the line is in this file. The line is read once, not once for each path. */
function isInFrameOf(line: string): (text: Text) => boolean {
  const files = new Set(sourceFilesOf(line));
  return ({ text, isPath }) => {
    const name = fileNameOf(text);
    return isPath && files.has(name) && !namelessFiles.test(name);
  };
}

const settingsFile = /\.(?:ya?ml|json|toml|ini|conf|cfg|properties|env|tf|tfvars|tpl)$|(?:^|\/)\.env/i;

/** A file of settings has the name, or the message says it. */
function namesSetting({ text, isPath }: Text, name: string): boolean {
  const plain = (value: string) => value.toLowerCase().replace(/[_.]+/g, '-');
  if (name.length < 4) return false;
  if (isPath) return settingsFile.test(text) && plain(fileNameOf(text).replace(/\.\w+$/, '')) === plain(name);
  // A setting of one word is a word of many a message, unless it is written as the setting is.
  const [wanted, message] = /[_.-]/.test(name) ? [plain(name), plain(text)] : [name, text];
  return new RegExp(`(?:^|[^A-Za-z0-9-])${escaped(wanted)}(?![A-Za-z0-9-])`).test(message);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A line of free text shares one word with many a message. */
const minLogWords = 2;

/** Of a line of free text more must be found than of a name. */
const operationShare = 1 / 2;
const logShare = 2 / 3;

/** So many of the distinctive words of what fails are in one path, or in the message. */
function meansSame(
  failing: string,
  usual: ReadonlySet<string>,
  { minWords = 1, minShare = operationShare } = {},
): (text: Text) => boolean {
  const words = distinctive(failing, usual);
  return ({ words: found }) => {
    const hits = words.filter((word) => found.has(word)).length;
    return hits >= minWords && hits >= words.length * minShare;
  };
}

/** A migration whose path names a table that the failing line names. */
function migrates(failing: string, usual: ReadonlySet<string>): (text: Text) => boolean {
  const words = distinctive(failing, usual);
  return ({ text, isPath, words: found }) => isPath && isMigration(text) && words.some((word) => found.has(word));
}

function distinctive(text: string, usual: ReadonlySet<string>): string[] {
  return wordsOf(text).filter((word) => !usual.has(word));
}
