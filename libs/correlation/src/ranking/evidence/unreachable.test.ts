import type { OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, suspectsOf } from '../testing/evidence.ts';
import { child, edge, operation, type Rows, underLoad, withRates } from '../testing/fixture.ts';
import { unreachable } from './unreachable.ts';

const calling = (errors: readonly [number, number], kind: OperationRow['kind'] = 'client'): OperationRow[] =>
  operation({ service: 'web', self: [1, 1], errors }).map((row) => ({ ...row, kind }));

describe('unreachable', () => {
  it('blames the callee of calls that fail with no server behind them', () => {
    const rows = { operations: calling([0, 90]), children: child('web', 'api', [500, 10]) };
    expect(suspectsOf(unreachable, rows)).toEqual(['api down']);
  });

  it('takes servers that are missing without a failure for missing telemetry', () => {
    const rows = { operations: calling([0, 0]), children: child('web', 'api', [500, 10]) };
    expect(suspectsOf(unreachable, rows)).toEqual([]);
  });

  it('takes messages that are not read for a backlog of their reader', () => {
    const rows = { operations: calling([0, 0], 'producer'), children: child('web', 'mailer', [500, 10]) };
    expect(findingsOf(unreachable, rows)).toMatchObject([
      { service: 'mailer', faultType: 'queue', weightName: 'backlog' },
    ]);
  });

  const call = (from: string, to: string, failing: boolean) =>
    edge({ from, to, silent: true, errors: [0, failing ? 60 : 0] });

  it('is refuted by callers that are served as before, unless failed calls leave no record', () => {
    const outcome = (...edges: ReturnType<typeof edge>[]): string =>
      refutationOf(unreachable, { edges: edges.flat() }, { lead: { weightName: 'unreachable' } });
    expect(outcome(call('web', 'api', true), call('shop', 'api', true))).toMatch(
      /^survived: 2 of 2 callers are affected/,
    );
    expect(outcome(call('web', 'api', true), call('a', 'api', false), call('b', 'api', false))).toMatch(/^refuted/);
    expect(outcome(call('web', 'api', false), call('a', 'api', false))).toMatch(/^not-run: failed calls do not record/);
  });

  it('a backlog is refuted by a sender that sends more', () => {
    const lead = { weightName: 'backlog', edge: { caller: 'web', callee: 'api' } };
    const outcome = (rows: Rows) => refutationOf(unreachable, rows, { lead, more: underLoad(rows) });
    expect(outcome({ operations: withRates('web', [100, 100], 'producer') })).toMatch(/^survived/);
    expect(outcome({ operations: withRates('web', [100, 300], 'producer') })).toMatch(/^refuted/);
    expect(outcome({})).toMatch(/^not-run/);
  });
});
