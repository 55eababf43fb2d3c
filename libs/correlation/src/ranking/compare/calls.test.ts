import { describe, expect, it } from 'vitest';
import { type Window, windowsOf } from '../input/window.ts';
import { countsBySlice } from '../statistics/dispersion.ts';
import { sumHistograms } from '../statistics/sum-histograms.ts';
import { compareRows } from '../testing/evidence.ts';
import { edge, operation } from '../testing/fixture.ts';
import { withIncidentWindow } from './calls.ts';

describe('compareOperations', () => {
  it('sums the rows of each window, and the instances of the incident', () => {
    const [found] = compareRows({
      operations: operation({ service: 'api', self: [5, 50], errors: [1, 2] }),
    }).operations;
    expect(found).toMatchObject({
      service: 'api',
      before: { calls: 500, errors: 1, settledCalls: 500 },
      during: { calls: 100, errors: 2 },
      instances: [{ instance: 'api-1', calls: 100 }],
    });
  });

  it('leaves the gap out', () => {
    const rows = operation({ service: 'api', self: [5, 50] }).map((row) => ({ ...row, slice: 1 }));
    const windows: Window[] = ['baseline', 'gap'];
    const [found] = withIncidentWindow(compareRows({ operations: rows }).operations, [{ rows }], windows);
    expect(found?.during.calls).toBe(0);
  });
});

it('an edge keeps when it was last seen, and the instances of its callee', () => {
  const [found] = compareRows({ edges: edge({ from: 'web', to: 'api' }) }).edges;
  expect(found).toMatchObject({
    caller: 'web',
    callee: 'api',
    lastSeenMs: 770_000,
    instances: [{ instance: 'api-1' }],
  });
});

it('countsBySlice adds up the rows of a slice', () => {
  const rows = [
    { slice: 1, calls: 10, errors: 1 },
    { slice: 1, calls: 5, errors: 2 },
  ];
  const { hits, of } = countsBySlice(rows, 2, ({ errors }) => errors);
  expect([[...hits], [...of]]).toEqual([
    [0, 3],
    [0, 15],
  ]);
});

it('sumHistograms adds up buckets, and leaves nothing behind for the next sum', () => {
  const rows = [
    { h: [[3, 1]] },
    {
      h: [
        [3, 2],
        [1, 1],
      ],
    },
  ] as const;
  const sum = () => sumHistograms<{ readonly h: readonly (readonly [number, number])[] }>(rows, ({ h }) => h);
  expect(sum()).toEqual([
    [1, 1],
    [3, 3],
  ]);
  expect(sum()).toEqual(sum());
});

describe('windowsOf', () => {
  const slices = [0, 100, 200, 300].map((fromMs) => ({ fromMs, toMs: fromMs + 100 }));

  it('leaves a gap where the onset is uncertain', () => {
    expect(windowsOf(slices, { beforeToMs: 100, duringFromMs: 300 })).toEqual(['baseline', 'gap', 'gap', 'incident']);
  });

  it('leaves none where the baseline reaches up to the incident', () => {
    expect(windowsOf(slices, { beforeToMs: 200, duringFromMs: 200 })).toEqual([
      'baseline',
      'baseline',
      'incident',
      'incident',
    ]);
  });
});
