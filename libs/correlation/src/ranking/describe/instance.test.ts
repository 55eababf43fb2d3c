import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { operation, presence, type Rows } from '../testing/fixture.ts';
import { instanceOf } from './instance.ts';

const instance = (rows: Rows): string => instanceOf(compareRows(rows), { service: 'api', instance: '' });
const operations = operation({ service: 'api', self: [5, 5] });

describe('instanceOf', () => {
  it('finds the only instance in spans or in signs of life', () => {
    expect(instance({ operations })).toBe('api-1');
    expect(instance({ presence: [presence('api', 1)] })).toBe('api-1');
    expect(instance({ operations, presence: [presence('api', 1)] })).toBe('api-1');
  });

  it('names none of two, wherever they were seen', () => {
    const other = { ...presence('api', 1), instance: 'api-2' };
    expect(instance({ operations, presence: [other] })).toBe('');
  });

  it('does not take an instance of another service', () => {
    expect(instance({ operations: operation({ service: 'web', self: [5, 5] }), presence: [presence('db', 1)] })).toBe(
      '',
    );
  });

  it('does not count rows without an instance', () => {
    expect(instance({ operations, presence: [{ ...presence('api', 1), instance: '' }] })).toBe('api-1');
  });
});
