/** Reads a sender's word for severity. The words are data. */
import type { Severity } from '@faultline/model';

const words: Readonly<Record<Severity, string>> = {
  critical:
    'critical crit page pager fatal emergency emerg alert disaster high urgent highest severe blocker outage down immediate catastrophic',
  // `average` is a word of Zabbix only: the third of its five levels of problems, above `warning`.
  error: 'error err major average',
  warning: 'warning warn minor medium moderate',
  info: 'info information informational notice low lowest trivial none debug ok ticket',
};

/** Texts of several words that mean something else than their words. */
const phrases: readonly (readonly [Severity, readonly string[]])[] = [
  ['warning', ['non critical', 'not critical', 'noncritical']],
  ['info', ['not classified']],
];

/** Ranks count down from the worst, as in `P1`, `S1`, `sev1`. */
const ranks: readonly Severity[] = ['critical', 'critical', 'error', 'warning', 'info', 'info'];

const severityOfWord = new Map<string, Severity>([
  ...entriesOf('critical'),
  ...entriesOf('error'),
  ...entriesOf('warning'),
  ...entriesOf('info'),
]);

function entriesOf(severity: Severity): (readonly [string, Severity])[] {
  return words[severity].split(' ').map((word) => [word, severity]);
}

/**
 * What a word is taken for when it is missing or unknown. Somebody set up the alert so that somebody acts, and triage may log a warning without
 * telling anybody. So what the sender does not say must not be read as harmless.
 */
export const unknownSeverity: Severity = 'error';

/** The severity that a sender's word means. */
export function severityOf(word: string): Severity {
  return knownSeverity(word) ?? unknownSeverity;
}

/** Null when the word is missing or unknown. Reads words (`critical`), ranks (`P1`, `sev_1`) and both (`5 - Disaster`). */
export function knownSeverity(word: string): Severity | null {
  const tokens = tokensOf(word);
  const text = tokens.join(' ');
  const phrase = phrases.find(([, texts]) => texts.includes(text))?.[0] ?? severityOfWord.get(text);
  if (phrase !== undefined) return phrase;
  return tokens.length > maxTokens ? null : compoundOf(tokens);
}

/** The label that states the severity of an alert. Empty: none does. */
export function severityWordOf(labels: Readonly<Record<string, string>>): string {
  return labels['severity'] ?? labels['priority'] ?? labels['level'] ?? '';
}

/** A longer text is a sentence, and its words mean something else. */
const maxTokens = 4;

const worstFirst: readonly Severity[] = ['critical', 'error', 'warning', 'info'];

/** Words and named ranks agree in most texts; else the worst holds. A bare number counts only alone: `5 - Disaster` counts up, `1 - High` down. */
function compoundOf(tokens: readonly string[]): Severity | null {
  const stated = tokens.flatMap((token, at) => {
    const isNegated = /^(no|non|not)$/.test(tokens[at - 1] ?? '');
    const found = isNegated || token === 'alert' ? undefined : (severityOfWord.get(token) ?? rankOf(token, namedRank));
    return found === undefined ? [] : [found];
  });
  const bare = tokens.flatMap((token) => rankOf(token, bareRank) ?? []);
  const all = stated.length > 0 ? stated : bare;
  return worstFirst.find((severity) => all.includes(severity)) ?? null;
}

const namedRank = /^(?:p|s|sev|severity|prio|priority)([0-5])$/;
const bareRank = /^([0-5])$/;

function rankOf(token: string, pattern: RegExp): Severity | undefined {
  const [, rank] = pattern.exec(token) ?? [];
  return rank === undefined ? undefined : ranks[Number(rank)];
}

/** `Sev-1`, `sev_1`, `Severity: 1` and `severity1` are one token. */
function tokensOf(word: string): string[] {
  const text = word.toLowerCase().replaceAll(/\b(p|s|sev|severity|prio|priority)[\s_:#-]*(?=[0-9]+\b)/g, '$1');
  return text.split(/[^\p{L}\p{N}]+/u).filter((token) => token !== '');
}
