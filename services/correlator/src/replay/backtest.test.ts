import { defaultCoreConfig } from '@faultline/correlation';
import { formatJournalFile, type JournalEntry, scopeKey } from '@faultline/model';
import { expect, it } from 'vitest';
import { alert, scope, startMs } from '../testing/harness.ts';
import { backtest, type Rules } from './backtest.ts';

const { triage, overrides, suppress, catalogue } = defaultCoreConfig;
const usual: Rules = { triage, overrides, suppress, catalogue };
const window = { fromMs: startMs - 1000, untilMs: startMs + 60_000 };
const maintenance = {
  name: 'upgrade',
  owner: 'shop',
  match: { service: 'checkout' },
  level: 'log',
  windows: [window],
} as const;

/** One alert of checkout, paged when the hold budget is over, and a tick after the window. */
const entries = (
  [
    [0, { kind: 'config', config: { ...defaultCoreConfig } }],
    [0, { kind: 'alert', alert: alert('checkout') }],
    [2000, { kind: 'tick' }],
    [90_000, { kind: 'tick' }],
  ] as const
).map(
  ([afterMs, input], index): JournalEntry => ({
    scopeKey: scopeKey(scope),
    seq: index + 1,
    atMs: startMs + afterMs,
    input,
  }),
);
const file = (kept: readonly JournalEntry[] = entries) =>
  formatJournalFile({ incidentId: 'x', entries: kept, revisions: [] });

it('the same rules change nothing', () => {
  expect(backtest(file(), usual)).toMatchObject({ before: { page: 1 }, after: { page: 1 }, changes: [] });
});

it('a window moves the page to its end, although the recorded host slept then', () => {
  const { before, after, changes } = backtest(file(), { ...usual, overrides: [maintenance] });
  expect([before.page, after.page]).toEqual([1, 1]);
  expect(changes).toEqual([
    expect.stringMatching(/paged: .* at .* -> 1 alert, .*held back until now by the rule upgrade/),
  ]);
  expect(changes[0]).toContain(new Date(window.untilMs).toISOString());
});

it('what is still held back when the history ends is a log entry', () => {
  const report = backtest(file(entries.slice(0, 3)), { ...usual, overrides: [maintenance] });
  expect(report.after).toEqual({ page: 0, ticket: 0, log: 1 });
});

it('what is suppressed is no incident', () => {
  const rule = { name: 'known', match: { service: 'checkout' }, fromMs: null, untilMs: null };
  const { after, changes } = backtest(file(), { ...usual, suppress: [rule] });
  expect(after).toEqual({ page: 0, ticket: 0, log: 0 });
  expect(changes).toEqual([expect.stringMatching(/-> no incident$/)]);
});
