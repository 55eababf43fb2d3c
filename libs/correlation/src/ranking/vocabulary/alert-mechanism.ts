/** The mechanism that an alert tells: by the names that rules commonly have, or by the reason of a terminated container. Most alerts only tell of a symptom. */
import type { CauseKind } from '@faultline/model';

const causeNames: readonly (readonly [CauseKind, RegExp])[] = [
  ['memory', /oom|out ?of ?memory/i],
  ['disk', /disk.*(?:full|pressure|space)|filesystem.*(?:full|space)|volume.*full/i],
  ['credential', /cert\w*.*expir|(?:token|credential|secret|key).*expir/i],
  ['queue', /(?:consumer|queue|topic|message)s?[-_ ]?(?:group[-_ ]?)?(?:lag|backlog|depth|length)|backlog/i],
  ['pool', /(?:pool|connections?)[-_ ]?(?:is[-_ ]?)?(?:exhaust|full|limit)/i],
  ['node', /node[-_ ]?(?:is[-_ ]?)?(?:down|not[-_ ]?ready|unreachable|pressure)/i],
  [
    'blind',
    /(?:telemetry|metrics?|traces?|logs?|data)[-_ ]?(?:is[-_ ]?|are[-_ ]?)?(?:absent|missing|gap)|no[-_ ]?(?:data|telemetry|metrics)/i,
  ],
  [
    'down',
    /(?:pod|instance|target|container|service|replica|host)s?[-_ ]?(?:is[-_ ]?)?(?:down|not[-_ ]?ready|crash|restart)|crash[-_ ]?loop|unreachable/i,
  ],
];

/** The label in which kube-state-metrics gives the reason of a terminated or waiting container. */
const reasonLabel = 'reason';

interface ToldAlert {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The mechanism, or null for a symptom. */
export function mechanismOfAlert({ name, labels }: ToldAlert): CauseKind | null {
  return isKilledForMemory(labels[reasonLabel] ?? '') ? 'memory' : mechanismOfName(name);
}

function mechanismOfName(name: string): CauseKind | null {
  return causeNames.find(([, words]) => words.test(name))?.[0] ?? null;
}

/** Kubernetes, Docker and the kernel all say OOM. */
export function isKilledForMemory(reason: string): boolean {
  return /oom/i.test(reason);
}

/** Mechanisms of alerts from the most telling: what is down is down because of one of the others. */
const vague: ReadonlySet<CauseKind> = new Set(['down', 'blind']);

/** The most telling mechanism of several alerts about one thing; null when all are symptoms. */
export function mechanismOfAlerts(alerts: readonly ToldAlert[]): CauseKind | null {
  const told = alerts.map(mechanismOfAlert).filter((mechanism) => mechanism !== null);
  return told.find((mechanism) => !vague.has(mechanism)) ?? told[0] ?? null;
}
