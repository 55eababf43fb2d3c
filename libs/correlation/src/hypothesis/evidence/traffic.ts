/** Far more requests than before at a service that nobody in the graph calls: the load came from outside. */
import type { Context } from '../context.ts';
import { formatRatio, formatValue } from '../describe.ts';
import type { Finding } from '../finding.ts';

/** Twice the traffic is where capacity planning usually ends. */
const surge = 2;
const minCalls = 50;

export function traffic(context: Context): Finding[] {
  const entries = context.services.filter((name) => context.traced.has(name) && !context.callers.has(name));
  return entries.flatMap((service) => {
    const { before, during } = rates(context, service);
    if (before.calls < minCalls || during.perSecond < surge * before.perSecond) return [];
    const growth = during.perSecond / Math.max(before.perSecond, 1e-9) / surge;
    return [
      {
        kind: 'traffic',
        reason: 'traffic',
        service,
        instance: '',
        causeKind: 'traffic',
        entity: `service:${service}`,
        strength: growth / (growth + 1),
        explainable: 0,
        summary: `requests at ${service} rose ${formatRatio(during.perSecond, before.perSecond)}: ${formatValue(before.perSecond, '/s')} -> ${formatValue(during.perSecond, '/s')}`,
        before: formatValue(before.perSecond, '/s'),
        during: formatValue(during.perSecond, '/s'),
      },
    ];
  });
}

interface Rate {
  readonly calls: number;
  readonly perSecond: number;
}

/** Rates over the slices that hold any call: a patchy past is not a quiet one. */
function rates({ input, onset }: Context, service: string): { before: Rate; during: Rate } {
  const calls = new Map<number, number>();
  for (const row of input.answer?.operations ?? [])
    if (row.service === service && (row.kind === 'server' || row.kind === 'consumer'))
      calls.set(row.slice, (calls.get(row.slice) ?? 0) + row.calls);
  const rate = (during: boolean): Rate => {
    let sum = 0;
    let seconds = 0;
    (input.answer?.slices ?? []).forEach(({ fromMs, toMs }, slice) => {
      const isOnSide = during ? fromMs >= onset.duringFromMs : toMs <= onset.beforeToMs;
      if (slice === 0 || !isOnSide || !calls.has(slice)) return;
      sum += calls.get(slice) ?? 0;
      seconds += (toMs - fromMs) / 1000;
    });
    return { calls: sum, perSecond: seconds === 0 ? 0 : sum / seconds };
  };
  return { before: rate(false), during: rate(true) };
}
