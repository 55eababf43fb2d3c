import { defaultCoreConfig } from '@faultline/correlation';
import { formatJournalFile, type JournalEntry, scopeKey } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { alert, scope, startMs } from '../testing/harness.ts';
import { backtest, type Rules } from './backtest.ts';

const { triage, overrides, groups, suppress, catalogue } = defaultCoreConfig;
const usual: Rules = { triage, overrides, groups, suppress, catalogue };
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

/** Incidents of each level before and after, and what is said of those that change. */
const played = (rules: Rules, files: readonly string[] = [file()]) => {
  const { incidents, rules: told } = backtest(files, rules);
  return {
    levels: incidents.map(({ before, after }) => [before, after]),
    changes: incidents.flatMap(({ change }) => (change === '' ? [] : [change])),
    rules: told.map(({ name, heldIds, why }) => `${name} held ${heldIds.length}: ${why}`),
  };
};

it('the same rules change nothing', () => {
  expect(played(usual)).toEqual({ levels: [['page', 'page']], changes: [], rules: [] });
});

it('an incident in two exports counts once', () => {
  const { levels, rules } = played({ ...usual, overrides: [maintenance] }, [file(), file(entries.slice(0, 3)), file()]);
  expect(levels).toEqual([['page', 'page']]);
  expect(rules).toEqual(['upgrade held 1: ']);
});

it('says why a rule held nothing back', () => {
  const early = { ...maintenance, windows: [{ fromMs: startMs - 2000, untilMs: startMs - 1000 }] };
  const other = { ...maintenance, match: { source: 'prometheus', service: 'pay' } };
  expect(played({ ...usual, overrides: [early, other] }).rules).toEqual([
    'upgrade held 0: no alert came while a window was open',
    expect.stringMatching(/^upgrade held 0: alert \S+ does not match (service=pay|source=prometheus)$/),
  ]);
});

it('a window moves the page to its end, although the recorded host slept then', () => {
  const { levels, changes } = played({ ...usual, overrides: [maintenance] });
  expect(levels).toEqual([['page', 'page']]);
  expect(changes).toEqual([
    expect.stringMatching(/paged: .* at .* -> 1 alert, .*held back until now by the rule upgrade/),
  ]);
  expect(changes[0]).toContain(new Date(window.untilMs).toISOString());
});

it('what is still held back when the history ends is a log entry', () => {
  const { levels } = played({ ...usual, overrides: [maintenance] }, [file(entries.slice(0, 3))]);
  expect(levels).toEqual([['page', 'log']]);
});

it('what is suppressed is no incident', () => {
  const rule = { name: 'known', match: { service: 'checkout' }, fromMs: null, untilMs: null };
  const { levels, changes } = played({ ...usual, suppress: [rule] });
  expect(levels).toEqual([['page', null]]);
  expect(changes).toEqual([expect.stringMatching(/-> no incident$/)]);
});

describe('rules about grouping', () => {
  const always = [{ fromMs: 0, untilMs: startMs + 3_600_000 }];
  const rule = { name: 'batch', owner: 'data', match: {}, windows: always } as const;
  const second = { ...alert('mail'), startsAtMs: startMs + 300_000 };
  const two = [
    ...entries,
    { scopeKey: scopeKey(scope), seq: 5, atMs: startMs + 300_000, input: { kind: 'alert', alert: second } as const },
    { scopeKey: scopeKey(scope), seq: 6, atMs: startMs + 303_000, input: { kind: 'tick' } as const },
  ];
  const changesBy = (one: Rules, kept: readonly JournalEntry[] = two) => backtest([file(kept)], one).regroupings;
  const together = { ...rule, mode: 'together', by: ['source'] } as const;

  it('which incidents become one', () => {
    expect(changesBy({ ...usual, groups: [together] })).toEqual([
      expect.stringMatching(
        /^merged: \w+ ".* on checkout" \(1 alert\) \+ \w+ ".* on mail" \(1 alert\) -> \w+$|^merged: \w+ ".* on mail.*checkout.* -> \w+$/,
      ),
    ]);
    expect(played({ ...usual, groups: [together] }, [file(two)]).levels).toContainEqual(['page', null]);
    expect(changesBy(usual)).toEqual([]);
  });

  it('which incident becomes several', () => {
    const groupedBefore = two.map((entry) =>
      entry.input.kind === 'config'
        ? { ...entry, input: { kind: 'config', config: { ...defaultCoreConfig, groups: [together] } } as const }
        : entry,
    );
    expect(changesBy(usual, groupedBefore)).toEqual([expect.stringMatching(/^split: \w+ -> \w+ .* \+ \w+ /)]);
  });
});
