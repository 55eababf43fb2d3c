/** An alert speaks of a service. Little by itself: symptoms alert more readily than causes. */
import type { CauseKind } from '@faultline/model';
import type { Context } from '../compare/comparison.ts';
import type { Finding } from '../finding/finding.ts';
import { lookAtAlerts } from '../finding/reference.ts';
import type { RankedAlert } from '../input/ranking.ts';

/** Alerts on a state that makes others suffer, by the names that rules commonly have. The rest tell of symptoms. */
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

function causeNamed({ name }: RankedAlert): CauseKind | null {
  return causeNames.find(([, words]) => words.test(name))?.[0] ?? null;
}

export function alerts(context: Context): Finding[] {
  const byService = Map.groupBy(
    context.input.alerts,
    ({ entities }) => entities.database ?? entities.service ?? entities.workload ?? '',
  );
  return [...byService].flatMap(([service, all]) => {
    if (service === '') return [];
    const calleeAlerts = (context.callees.get(service) ?? []).some((callee) => context.alerting.has(callee));
    const named = all.map(causeNamed).find((kind) => kind !== null) ?? null;
    return [
      {
        kind: 'alerts',
        reason: named === null ? 'alert' : 'causeAlert',
        service,
        instance: all.find(({ entities }) => entities.pod)?.entities.pod ?? '',
        causeKind: named ?? 'latency',
        entity: `service:${service}`,
        strength: calleeAlerts && named === null ? 0 : 1,
        explainable: 0,
        summary: `${all.length === 1 ? 'an alert' : `${all.length} alerts`} on ${service}: ${all[0]?.name ?? ''}${calleeAlerts ? '; what it calls alerts as well' : ''}`,
        before: '',
        during: 'firing',
        look: lookAtAlerts(service),
      },
    ];
  });
}
