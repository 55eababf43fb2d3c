import { emptyEvidenceResult } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { groupRows } from '../rows/groups.ts';
import { child, edge, line, operation, type Rows, slices } from '../testing/fixture.ts';
import type { Signal } from './change-point.ts';
import { errorSignals, patternSignals } from './share-signals.ts';

const groupsOf = (rows: Rows) => groupRows({ ...emptyEvidenceResult, slices, ...rows });
const sharesOf = ({ sums, counts }: Pick<Signal, 'sums' | 'counts'>): string[] =>
  [...sums].map((sum, slice) => `${sum} of ${counts[slice]}`);

describe('errorSignals', () => {
  const errorsOf = (rows: Rows): Record<string, string[]> =>
    Object.fromEntries(errorSignals(groupsOf(rows), slices.length).map((signal) => [signal.service, sharesOf(signal)]));

  it('add the failing calls of all operations of a service', () => {
    const failing = operation({ service: 'api', operation: 'read', self: [5, 5], errors: [1, 40] });
    const alsoFailing = operation({ service: 'api', operation: 'write', self: [5, 5], errors: [0, 2] });
    expect(errorsOf({ operations: [...failing, ...alsoFailing] })).toEqual({ api: ['1 of 1000', '42 of 200'] });
  });

  it('leave out operations without any error: most have none', () => {
    expect(errorsOf({ operations: operation({ service: 'api', self: [5, 5] }) })).toEqual({});
  });

  it('do not hold a failed outgoing call against the service that sent it', () => {
    const sent = (['client', 'producer'] as const).flatMap((kind) =>
      operation({ service: 'api', operation: kind, self: [5, 5], errors: [0, 40] }).map((row) => ({ ...row, kind })),
    );
    expect(errorsOf({ operations: sent })).toEqual({});
  });

  it('see a dependency by its callers only where it sends no spans itself', () => {
    const edges = edge({ from: 'web', to: 'api', errors: [0, 40] });
    expect(errorsOf({ edges })).toEqual({ api: ['0 of 500', '40 of 100'] });
    expect(errorsOf({ edges, operations: operation({ service: 'api', self: [5, 5] }) })).toEqual({});
  });

  it('take fewer errors for no harm', () => {
    const rows = { operations: operation({ service: 'api', self: [5, 5], errors: [5, 1] }) };
    expect(errorSignals(groupsOf(rows), slices.length).map(({ twoSided }) => twoSided)).toEqual([false]);
  });
});

describe('patternSignals', () => {
  const operations = operation({ service: 'web', self: [5, 5] });

  it('are about the caller and about the callee that is no longer reached', () => {
    const [signal, ...others] = patternSignals(groupsOf({ operations, children: child('web', 'mailer', [500, 20]) }));
    expect(others).toEqual([]);
    expect(signal).toMatchObject({ service: 'web', target: 'mailer', twoSided: true });
    expect(signal && sharesOf(signal)).toEqual(['500 of 500', '20 of 100']);
  });

  it('leave out shares that hardly vary', () => {
    expect(patternSignals(groupsOf({ operations, children: child('web', 'mailer', [500, 95]) }))).toEqual([]);
    expect(patternSignals(groupsOf({ operations, children: child('web', 'mailer', [500, 80]) }))).toHaveLength(1);
  });

  it('leave out operations that are not known', () => {
    expect(patternSignals(groupsOf({ children: child('web', 'mailer', [500, 20]) }))).toEqual([]);
  });

  it('count no more spans than there were settled calls', () => {
    const [signal] = patternSignals(groupsOf({ operations, children: child('web', 'mailer', [700, 20]) }));
    expect(signal && sharesOf(signal)).toEqual(['500 of 500', '20 of 100']);
  });

  it('do not take a time without any logs for a line that disappeared', () => {
    const [before] = line('web', 'mail sent', [500, 0]);
    const templates = before === undefined ? [] : [before];
    const [silent] = patternSignals(groupsOf({ operations, templates }));
    expect(silent && sharesOf(silent)).toEqual(['500 of 500', '0 of 0']);
    const logging = [...templates, ...line('web', 'mail skipped', [0, 100]).slice(1)];
    const [sent] = patternSignals(groupsOf({ operations, templates: logging })).filter(({ sums }) => sums[0] === 500);
    expect(sent && sharesOf(sent)).toEqual(['500 of 500', '0 of 100']);
  });
});
