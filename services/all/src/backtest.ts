/** `npm run config -- backtest FILE...`: what the configured rules would have made of exported incidents. */
import { readFileSync } from 'node:fs';
import { type BacktestReport, backtest, rulesOf } from '@faultline/correlator';
import type { AppConfig } from './app-config.ts';

/** Several lines of text. Throws when a file cannot be read, and CORRELATOR_JOURNAL_UNREADABLE when it is no export. */
export function runBacktest(files: readonly string[], { correlator }: Pick<AppConfig, 'correlator'>): string {
  const reports = files.map((file) => ({ file, report: backtest(readFileSync(file, 'utf8'), rulesOf(correlator)) }));
  const lines = reports.flatMap(({ file, report }) => [
    `${file}: ${totalsOf([report])}`,
    ...report.changes.map(indented),
  ]);
  return [...lines, `in all: ${totalsOf(reports.map(({ report }) => report))}`, ''].join('\n');
}

/** `pages 3 -> 1, tickets 0 -> 0, log entries 0 -> 2` */
function totalsOf(reports: readonly BacktestReport[]): string {
  const sum = (side: 'before' | 'after', level: keyof BacktestReport['before']) =>
    reports.reduce((total, report) => total + report[side][level], 0);
  const names = { page: 'pages', ticket: 'tickets', log: 'log entries' } as const;
  const levels = ['page', 'ticket', 'log'] as const;
  return levels.map((level) => `${names[level]} ${sum('before', level)} -> ${sum('after', level)}`).join(', ');
}

function indented(line: string): string {
  return `  ${line}`;
}
