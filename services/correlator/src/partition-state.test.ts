import type { LedgerTotals } from '@faultline/model';
import { expect, it } from 'vitest';
import { addCount } from './partition-state.ts';

it('counts add up by field, by kind of alert and by the rule that suppressed', () => {
  const totals = new Map<string, LedgerTotals>();
  const add = (field: 'inIncidents' | 'suppressed', alert?: Parameters<typeof addCount>[2]['alert']) =>
    addCount(totals, 'w', { source: 'am', signal: 'alerts', field, by: 1, ...(alert && { alert }) });
  add('inIncidents', { kind: 'fault', suppressedBy: null });
  add('suppressed', { kind: 'heartbeat', suppressedBy: 'heartbeat' });
  const key = add('suppressed', { kind: 'heartbeat', suppressedBy: 'heartbeat' });
  expect(totals.get(key)).toMatchObject({
    totals: { inIncidents: 1, suppressed: 2, duplicates: 0 },
    alertKinds: { fault: 1, heartbeat: 2 },
    suppressedBy: { heartbeat: 2 },
  });
});

it('what is no alert has neither', () => {
  const totals = new Map<string, LedgerTotals>();
  const key = addCount(totals, 'w', { source: 'ci', signal: 'changes', field: 'recorded', by: 1 });
  expect(totals.get(key)).not.toHaveProperty('alertKinds');
});
