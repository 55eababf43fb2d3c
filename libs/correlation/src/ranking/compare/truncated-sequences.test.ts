import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { child, operation, type Rows } from '../testing/fixture.ts';
import { truncatedSequences } from './truncated-sequences.ts';

const web = operation({ service: 'web', self: [5, 5] });
const found = (rows: Rows) => truncatedSequences(compareRows({ operations: web, ...rows }));
const callees = (rows: Rows) => found(rows).map(({ caller, callee }) => `${caller} -> ${callee}`);
/** An inner operation of `web`, mostly a client span, that calls a service. */
const inner = (name: string, spans: readonly [number, number], to: string) => ({
  operations: operation({ service: 'web', operation: name, self: [1, 1], calls: spans }).map((row) => ({
    ...row,
    kind: 'client' as const,
  })),
  children: [
    ...child('web', 'web', spans).map((row) => ({ ...row, childOperation: name })),
    ...child('web', to, spans).map((row) => ({ ...row, operation: name })),
  ],
});

describe('a truncated sequence', () => {
  it('keeps one service of all that the operation called', () => {
    const children = [...child('web', 'auth', [500, 100]), ...child('web', 'cart', [500, 2])];
    const [sequence] = found({ children });
    expect(sequence).toMatchObject({ caller: 'web', operation: 'serve', callee: 'auth', kept: 1 });
    expect(sequence?.left).toBeCloseTo(0.02);
    expect(sequence?.strength).toBeGreaterThan(0.8);
  });

  it('is weaker the more of the other calls is left', () => {
    const strength = (left: number) =>
      found({ children: [...child('web', 'auth', [500, 100]), ...child('web', 'cart', [500, left])] })[0]?.strength ??
      0;
    expect(strength(50)).toBeLessThan(0.6 * strength(2));
    expect(strength(100)).toBe(0);
  });

  it('takes what is left most of all others for what is left', () => {
    const others = [...child('web', 'cart', [500, 2]), ...child('web', 'stock', [500, 60])];
    expect(found({ children: [...child('web', 'auth', [500, 100]), ...others] })[0]?.left).toBeCloseTo(0.6);
  });

  it('never keeps more than all, where a call is made more often', () => {
    const children = [...child('web', 'auth', [250, 100]), ...child('web', 'cart', [500, 2])];
    expect(found({ children })[0]?.kept).toBe(1);
  });

  it('needs two services to tell them apart', () => {
    expect(callees({ children: child('web', 'auth', [500, 2]) })).toEqual([]);
  });

  it('does not ask for calls that few spans made', () => {
    expect(callees({ children: [...child('web', 'auth', [500, 100]), ...child('web', 'cart', [70, 0])] })).toEqual([]);
  });

  it('needs some calls in both windows', () => {
    const operations = operation({ service: 'web', self: [5, 5], calls: [500, 4] });
    const children = [...child('web', 'auth', [500, 4]), ...child('web', 'cart', [500, 0])];
    expect(callees({ operations, children })).toEqual([]);
  });

  it('is one of the operations that serve', () => {
    const operations = web.map((row) => ({ ...row, kind: 'client' as const }));
    const children = [...child('web', 'auth', [500, 100]), ...child('web', 'cart', [500, 2])];
    expect(callees({ operations, children })).toEqual([]);
  });
});

describe('an inner operation', () => {
  it('stands for the one service that it reaches', () => {
    const auth = inner('GET auth', [500, 100], 'auth');
    const rows = {
      operations: [...web, ...auth.operations],
      children: [...auth.children, ...child('web', 'cart', [500, 2])],
    };
    expect(callees(rows)).toEqual(['web -> auth']);
  });

  it('that reaches two services stands for itself, and then no callee is what is left', () => {
    const both = inner('render', [500, 100], 'auth');
    const more = child('web', 'ads', [500, 100]).map((row) => ({ ...row, operation: 'render' }));
    const rows = {
      operations: [...web, ...both.operations],
      children: [...both.children, ...more, ...child('web', 'cart', [500, 2])],
    };
    expect(callees(rows)).toEqual([]);
  });

  it('may call itself, and then all of its calls lead to the same service', () => {
    const loop = child('web', 'web', [500, 100]);
    expect(callees({ children: [...loop, ...child('web', 'cart', [500, 2])] })).toEqual([]);
  });
});
