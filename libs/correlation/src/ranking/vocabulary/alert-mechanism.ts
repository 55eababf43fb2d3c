/** The mechanism that the name of an alert tells, by the names that rules commonly have. Most alerts only tell of a symptom. */
import type { CauseKind } from '@faultline/model';

const causeNames: readonly (readonly [CauseKind, RegExp])[] = [
  ['memory', /oom|out ?of ?memory/i],
  ['disk', /disk.*(?:full|pressure|space)|filesystem.*(?:full|space)|volume.*full/i],
  ['credential', /cert\w*.*expir|(?:token|credential|secret|key).*expir/i],
  ['queue', /(?:consumer|queue|topic|message)s?[-_ ]?(?:lag|backlog|depth|length)|backlog/i],
  ['pool', /(?:pool|connections?)[-_ ]?(?:is[-_ ]?)?(?:exhaust|full|limit)/i],
  [
    'down',
    /(?:pod|instance|target|container|service|replica|host)s?[-_ ]?(?:is[-_ ]?)?(?:down|not[-_ ]?ready|crash|restart)|crash[-_ ]?loop|unreachable/i,
  ],
  ['node', /node[-_ ]?(?:is[-_ ]?)?(?:down|not[-_ ]?ready|unreachable|pressure)/i],
];

/** The mechanism, or null for a symptom. */
export function mechanismOfAlert(name: string): CauseKind | null {
  return causeNames.find(([, words]) => words.test(name))?.[0] ?? null;
}
