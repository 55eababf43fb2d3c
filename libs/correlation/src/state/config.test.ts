import { expect, it } from 'vitest';
import { scope } from '../testing/player.ts';
import { defaultCoreConfig, parseCoreConfig } from './config.ts';
import { loadState } from './load.ts';

const page = { critical: 'page', error: 'page', warning: 'page', info: 'page' };
const levels = { none: page, limited: page, broad: page, unknown: page };
const older = {
  retryAskMs: 0,
  concurrentMs: 0,
  heartbeatFactor: 0,
  maxRevisionBytes: 0,
  maxOpenedPerMinute: 0,
  maxChanges: 500,
  maxChangeBytes: 0,
  triage: { ...defaultCoreConfig.triage, levels, standingAfterMs: 0 },
};

it('settings of an older release lack some: those are as that release behaved', () => {
  const config = parseCoreConfig({ maxHops: 7 });
  expect(config).toEqual({ ...defaultCoreConfig, ...older, maxHops: 7 });
});

it('the same is true of settings in the changelog', () => {
  const { config } = loadState(scope, [{ key: 'config', value: '{"maxHops":7}' }]);
  expect(config).toEqual({ ...defaultCoreConfig, ...older, maxHops: 7 });
});

it('the default times fit together: a storm is shorter than the gap of an incident, and a hold than a reopening', () => {
  const { holdBudgetMs, answerBudgetMs, stormHoldMs, stormGapMs, joinGapMs, resolveHoldMs, reopenMs } =
    defaultCoreConfig;
  expect(holdBudgetMs).toBeLessThan(answerBudgetMs);
  expect(stormHoldMs).toBeLessThanOrEqual(stormGapMs);
  expect(stormGapMs).toBeLessThan(joinGapMs);
  expect(resolveHoldMs).toBeLessThan(reopenMs);
});
