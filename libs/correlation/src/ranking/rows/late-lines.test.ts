import type { TemplateRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { keyOf } from './call-edge.ts';
import { findLateLines } from './late-lines.ts';

const row = (slice: number, operation: string, lines: number, more: Partial<TemplateRow> = {}): TemplateRow => ({
  slice,
  service: 'cart',
  instance: 'cart-1',
  operation,
  template: 't',
  text: 'served * items',
  severityNumber: 9,
  lines,
  spans: lines,
  ...more,
});
const of = (...templates: TemplateRow[]) => findLateLines({ templates });

describe('lines that were not joined with their spans', () => {
  it('make the slice tell nothing where they are the most', () => {
    const late = of(row(0, 'GET', 90), row(1, '', 20), row(2, 'GET', 15), row(2, '', 5));
    expect([...late.slices]).toEqual([keyOf('cart', 1)]);
  });

  it('are no new lines', () => {
    const templates = [row(0, 'GET', 90), row(1, '', 20), row(1, '', 3, { template: 'new' })];
    const { isLate } = of(...templates);
    expect(templates.map(isLate)).toEqual([false, true, false]);
  });

  it('are those of the same service only', () => {
    expect(of(row(0, 'GET', 90), row(1, '', 20, { service: 'mailer' })).slices.size).toBe(0);
  });

  it('leave a service alone that never logs within spans', () => {
    expect(of(row(0, '', 90), row(1, '', 20)).slices.size).toBe(0);
  });
});
