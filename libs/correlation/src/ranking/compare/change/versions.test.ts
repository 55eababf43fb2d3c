import type { OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { deploy, type OperationSpec, onsetMs, operation, startedAtMs } from '../../testing/fixture.ts';
import { contrastVersions } from './versions.ts';

type Spec = Omit<OperationSpec, 'service'>;

const rows = (version: string, spec: Spec, more: Partial<OperationRow> = {}): OperationRow[] =>
  operation({ service: 'api', ...spec }).map((row) => ({ ...row, version, instance: `api-${version}`, ...more }));
const since = (all: OperationRow[]) => all.filter(({ slice }) => slice === 1);

describe('the contrast of versions', () => {
  const change = deploy('api', onsetMs - 20_000);
  const verdict = (operations: OperationRow[], given = change) =>
    contrastVersions(compareRows({ operations }), given, 'api');
  const healthy = rows('1.0', { self: [10, 10] });
  const slow = since(rows('2.0', { self: [0, 100] }));

  it('needs twenty calls on either side', () => {
    const few = since(rows('2.0', { self: [0, 100], calls: [0, 19] }));
    expect(verdict([...healthy, ...few])).toBe('unknown');
    const enough = since(rows('2.0', { self: [0, 100], calls: [0, 20] }));
    expect(verdict([...healthy, ...enough])).toBe('guilty');
  });

  it('takes new instances for the new version where spans name no version', () => {
    const nameless = (all: OperationRow[]) => all.map((row) => ({ ...row, version: '' }));
    expect(verdict(nameless([...healthy, ...slow]))).toBe('guilty');
    expect(verdict([...healthy, ...slow], { ...change, version: '' })).toBe('guilty');
  });

  it('cannot tell instances apart that all served before the change', () => {
    const late = deploy('api', startedAtMs);
    expect(verdict([...healthy, ...slow], { ...late, version: '' })).toBe('unknown');
  });

  it('convicts by one operation, whatever the others show', () => {
    const other = (version: string, spec: Spec) => rows(version, { operation: 'another', ...spec });
    const both = [...other('1.0', { self: [10, 100] }), ...since(other('2.0', { self: [0, 100] }))];
    expect(verdict(both)).toBe('innocent');
    expect(verdict([...both, ...healthy, ...slow])).toBe('guilty');
  });

  it('does not convict by what the service sends', () => {
    const sent = [...healthy, ...slow].map((row) => ({ ...row, kind: 'client' as const }));
    expect(verdict(sent)).toBe('unknown');
  });
});
