import { describe, expect, it } from 'vitest';
import type { Contrast } from '../compare/change/contrast.ts';
import { deploy, onsetMs } from '../testing/fixture.ts';
import { controlText, whenText } from './change-text.ts';

describe('whenText', () => {
  it.each([
    ['a while before', 300_000, '5 min before the onset'],
    ['just before', 1_000, '1 s before the onset'],
    ['at the onset', 0, 'right at the onset'],
    ['within what the onset is known to', -60_000, 'right at the onset'],
    ['clearly after', -90_000, '90 s after the onset'],
  ])('says %s', (_, ageMs, text) => {
    expect(whenText(deploy('api', onsetMs - ageMs), onsetMs)).toBe(text);
  });
});

describe('controlText', () => {
  const versions = (verdict: Contrast['verdict']) => controlText({ verdict, service: 'api', clusters: null });
  const clusters = { here: 'east', others: ['north', 'west'] };

  it('says how the instances without the change are', () => {
    expect(versions('guilty')).toBe('instances of api without the change are healthy');
    expect(versions('innocent')).toBe('instances of api without the change are affected as well');
  });

  it('says nothing without a control group', () => {
    expect(versions('unknown')).toBe('');
  });

  it.each([
    ['innocent', 'others-suffer-too', 'api in cluster north, west, where it was not made, is affected as well'],
    ['innocent', 'changed-one-is-healthy', 'api in cluster east, where it was made, is healthy'],
    ['innocent', 'others-run-same-release', 'api in cluster north, west is healthy with the same release'],
    ['guilty', 'others-are-healthy', 'api in cluster north, west, where it was not made, is healthy'],
  ] as const)('names the clusters that decided: %s, %s', (verdict, control, text) => {
    expect(controlText({ verdict, service: 'api', clusters: { verdict, control, ...clusters } })).toBe(text);
  });
});
