import { describe, expect, it } from 'vitest';
import { createContext } from '../compare/compare.ts';
import { child, incident, onsetMs, operation, type Rows } from '../fixture.ts';
import { knownOnset } from '../onset/find-onset.ts';
import { othersGoOn } from './refute/truncated-calls.ts';
import { lastCall } from './truncated-calls.ts';

const contextOf = (rows: Rows) => createContext(incident('web', rows), knownOnset(onsetMs));
const servers = (...names: string[]) => names.flatMap((service) => operation({ service, self: [5, 5] }));
/** Still calls `kept` in every span, and `lost` in hardly any since the harm. */
const stops = (service: string, kept: string, lost: string) => [
  ...child(service, kept, [500, 100]),
  ...child(service, lost, [500, 5]),
];

const twoCallers: Rows = {
  operations: servers('web', 'shop', 'stock', 'mail', 'cart'),
  children: [...stops('web', 'stock', 'cart'), ...stops('shop', 'stock', 'mail')],
};

describe('last-call', () => {
  it('blames what several callers still call before they stop', () => {
    const [finding, ...others] = lastCall(contextOf(twoCallers));
    expect(finding).toMatchObject({ service: 'stock', causeKind: 'code' });
    expect(others).toEqual([]);
  });

  it('says much less where a single caller stops: it may be its own next line', () => {
    const rows = { ...twoCallers, children: stops('web', 'stock', 'cart') };
    const [alone] = lastCall(contextOf(rows));
    const [together] = lastCall(contextOf(twoCallers));
    expect(alone?.strength).toBeLessThan(0.5 * (together?.strength ?? 0));
  });

  it('is silent when two are still called, and when everything is', () => {
    const both = [...stops('web', 'stock', 'cart'), ...child('web', 'mail', [500, 100])];
    expect(lastCall(contextOf({ ...twoCallers, children: both }))).toEqual([]);
    const well = [...child('web', 'stock', [500, 100]), ...child('web', 'cart', [500, 100])];
    expect(lastCall(contextOf({ ...twoCallers, children: well }))).toEqual([]);
  });

  it('is refuted by a caller that goes on', () => {
    const children = [
      ...stops('web', 'stock', 'cart'),
      ...child('shop', 'stock', [500, 100]),
      ...child('shop', 'mail', [500, 100]),
    ];
    const edges = ['web', 'shop'].map((from) => ({ from, to: 'stock' }));
    const context = createContext(
      incident('web', { ...twoCallers, children }, { declaredEdges: edges }),
      knownOnset(onsetMs),
    );
    const [lead] = lastCall(context);
    if (lead === undefined) throw new Error('no finding');
    expect(othersGoOn({ context, lead, disturbed: new Set() }).result).toBe('refuted: shop goes on as before');
  });
});
