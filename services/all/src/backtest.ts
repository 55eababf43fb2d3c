/** `npm run config -- backtest FILE...`: what the configured rules would have made of exported incidents. */
import { readFileSync } from 'node:fs';
import { type BacktestIncident, type BacktestRule, backtest, rulesOf } from '@faultline/correlator';
import { previewRoute } from '@faultline/notifier';
import type { AppConfig } from './app-config.ts';

type Rules = Pick<AppConfig, 'correlator' | 'notifier'>;

/** Several lines of text. Throws when a file cannot be read, and CORRELATOR_JOURNAL_UNREADABLE when it is no export. */
export function runBacktest(files: readonly string[], { correlator, notifier }: Rules): string {
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  const { incidents, rules, regroupings } = backtest(texts, rulesOf(correlator));
  const routes = incidents.flatMap((incident) => routeLines(incident, notifier));
  const changes = incidents.flatMap(({ change }) => (change === '' ? [] : [change]));
  return [
    ...changes,
    ...regroupings,
    ...routes,
    ...rules.map(ruleLine),
    `${incidents.length} incidents: ${totalsOf(incidents)}`,
    '',
  ].join('\n');
}

/** `inc1 "checkout fails": channels pager, chat -> night-desk by the rule quiet hours`. None where no rule changes them. */
function routeLines({ id, told }: BacktestIncident, notifier: AppConfig['notifier']): readonly string[] {
  if (told === null) return [];
  const { before, after, rule } = previewRoute(told, notifier);
  if (before.join() === after.join()) return [];
  return [`${id} "${told.title}": channels ${before.join(', ')} -> ${after.join(', ')} by the rule ${rule}`];
}

/** `rule nightly held 0: alert HighLatency does not match service=pay` */
function ruleLine({ name, heldIds, why }: BacktestRule): string {
  return `rule ${name} held ${heldIds.length}${why === '' ? '' : `: ${why}`}`;
}

/** `pages 3 -> 1, tickets 0 -> 0, log entries 0 -> 2` */
function totalsOf(incidents: readonly BacktestIncident[]): string {
  const count = (side: 'before' | 'after', level: string) =>
    incidents.filter((incident) => incident[side] === level).length;
  const names = { page: 'pages', ticket: 'tickets', log: 'log entries' };
  return Object.entries(names)
    .map(([level, name]) => `${name} ${count('before', level)} -> ${count('after', level)}`)
    .join(', ');
}
