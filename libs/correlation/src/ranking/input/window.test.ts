import { describe, expect, it } from 'vitest';
import { windowsOf } from './window.ts';

const slices = [0, 100, 200, 300].map((fromMs) => ({ fromMs, toMs: fromMs + 100 }));

describe('windowsOf', () => {
  it.each([
    ['a sure onset leaves no gap', 200, 200, ['baseline', 'baseline', 'incident', 'incident']],
    ['an unsure onset leaves out the slices in between', 100, 300, ['baseline', 'gap', 'gap', 'incident']],
    ['a slice that holds the onset belongs to neither side', 250, 260, ['baseline', 'baseline', 'gap', 'incident']],
    [
      'an onset known to the moment leaves its slice to the baseline',
      250,
      250,
      ['baseline', 'baseline', 'baseline', 'incident'],
    ],
    ['a baseline that reaches into the incident', 300, 200, ['baseline', 'baseline', 'incident', 'incident']],
    ['an onset before all evidence', -1, 0, ['incident', 'incident', 'incident', 'incident']],
    ['an onset after all evidence', 400, 400, ['baseline', 'baseline', 'baseline', 'baseline']],
  ])('%s', (_what, beforeToMs, duringFromMs, windows) => {
    expect(windowsOf(slices, { beforeToMs, duringFromMs })).toEqual(windows);
  });
});
