import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, strengthOf, suspectsOf } from '../testing/evidence.ts';
import { child, edge, line, operation, type Rows } from '../testing/fixture.ts';
import { patternShift } from './pattern-shift.ts';

const operations = operation({ service: 'api', self: [5, 5] });

describe('pattern shift', () => {
  it('sees a call that is no longer made, whatever the load', () => {
    const half = operation({ service: 'api', self: [5, 5], calls: [500, 40] });
    const suspects = (spans: readonly [number, number]) =>
      suspectsOf(patternShift, { operations: half, children: child('api', 'db', spans) });
    expect(suspects([490, 1])).toEqual(['api code']);
    expect(suspects([490, 39])).toEqual([]);
  });

  it('calls a new error line an error, and reads its mechanism', () => {
    const served = line('api', 'served', [500, 100]);
    const suspects = (text: string) =>
      suspectsOf(patternShift, { operations, templates: [...served, ...line('api', text, [0, 90], 17)] });
    expect(suspects('no price for item *')).toEqual(['api error']);
    expect(suspects('lookup db: no such host')).toEqual(['api dns']);
  });

  it('takes one harmless line in place of another for another branch of the data', () => {
    const common = line('api', 'served', [500, 100]);
    const lost = line('api', 'path a', [400, 10]);
    const gained = line('api', 'path b', [100, 90]);
    const strength = (templates: Rows['templates'] = []) => strengthOf(patternShift, { operations, templates });
    expect(strength([...common, ...lost, ...gained])).toBeLessThan(0.5 * strength([...common, ...lost]));
  });

  it('does not read a gap in log collection as new lines', () => {
    const more = ['a', 'b', 'c'].flatMap((service) => operation({ service, self: [5, 5] }));
    const templates = ['api', 'a', 'b', 'c'].flatMap((service) => line(service, 'served', [20, 100]));
    expect(suspectsOf(patternShift, { operations: [...operations, ...more], templates })).toEqual([]);
  });

  it('refers to the child call or to the line', () => {
    const [call] = findingsOf(patternShift, { operations, children: child('api', 'db', [490, 1]) });
    expect(call?.reference).toMatchObject({ view: 'children', service: 'api', peer: 'db', text: 'serve' });
    const templates = [...line('api', 'served', [500, 100]), ...line('api', 'request failed', [0, 90], 17)];
    const [logged] = findingsOf(patternShift, { operations, templates });
    expect(logged?.reference).toMatchObject({ view: 'lines', service: 'api', text: 'request failed' });
  });

  it('may all be explained, and is refuted by a callee that fails', () => {
    const rows = { operations, children: child('api', 'db', [490, 1]) };
    expect(findingsOf(patternShift, rows)[0]?.explainable).toBe(1);
    const edges = edge({ from: 'api', to: 'db', errors: [0, 60] });
    expect(refutationOf(patternShift, { ...rows, edges })).toBe('refuted: calls to db fail or are slower');
    expect(refutationOf(patternShift, { operations })).toMatch(/^survived/);
  });
});
