import type { TemplateRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, suspectsOf } from '../testing/evidence.ts';
import { edge, operation } from '../testing/fixture.ts';
import { errorLines } from './error-lines.ts';

const outside = (count: readonly [number, number], text: string, instances = ['api-1', 'api-1']): TemplateRow[] =>
  count.map((lines, slice) => ({
    slice,
    service: 'api',
    instance: instances[slice] ?? '',
    operation: '',
    template: text,
    text,
    severityNumber: 9,
    lines,
    spans: lines,
  }));

describe('error lines', () => {
  it('counts lines outside of spans, and reads the mechanism that they name', () => {
    expect(suspectsOf(errorLines, { templates: outside([0, 60], 'lookup db: no such host') })).toEqual(['api dns']);
    expect(suspectsOf(errorLines, { templates: outside([0, 60], 'request served') })).toEqual([]);
  });

  it('only counts a multiple, since load moves counts', () => {
    expect(suspectsOf(errorLines, { templates: outside([180, 60], 'request failed') })).toEqual([]);
    expect(suspectsOf(errorLines, { templates: outside([0, 2], 'request failed') })).toEqual([]);
  });

  it('keeps the strongest line of a service, and names its instance if only one logs it', () => {
    const templates = [...outside([0, 60], 'request failed'), ...outside([0, 90], 'lookup db: no such host')];
    expect(suspectsOf(errorLines, { templates })).toHaveLength(1);
    expect(findingsOf(errorLines, { templates })[0]?.instance).toBe('api-1');
    const both = outside([1, 60], 'request failed', ['api-1', 'api-2']);
    expect(findingsOf(errorLines, { templates: both })[0]?.instance).toBe('');
  });

  it('is refuted by a callee that fails', () => {
    const operations = operation({ service: 'api', self: [5, 5] });
    const edges = edge({ from: 'api', to: 'db', errors: [0, 60] });
    expect(refutationOf(errorLines, { operations, edges })).toBe('refuted: calls to db fail or are slower');
    expect(refutationOf(errorLines, { operations })).toMatch(/^survived/);
  });
});
