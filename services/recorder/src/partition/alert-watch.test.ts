import { expect, it } from 'vitest';
import { AlertWatch } from './alert-watch.ts';

function watchOver(alerts: { next: bigint }) {
  const state = { nowMs: 0, looks: 0 };
  const bus = {
    offsets: async () => {
      state.looks++;
      return [{ partition: 0, first: 0n, next: alerts.next }];
    },
  };
  return { state, watch: new AlertWatch({ bus, clock: () => state.nowMs }) };
}

it('an alert makes the next minute urgent, for whoever asks', async () => {
  const alerts = { next: 7n };
  const { state, watch } = watchOver(alerts);
  await watch.isAlerted();
  state.nowMs = 70_000;
  expect(await watch.isAlerted()).toBe(false);
  alerts.next = 8n;
  state.nowMs = 70_250;
  expect(await watch.isAlerted()).toBe(true);
  state.nowMs = 130_249;
  expect(await watch.isAlerted()).toBe(true);
  state.nowMs = 130_250;
  expect(await watch.isAlerted()).toBe(false);
});

it('the first minute is urgent, as an alert may have come before the first look', async () => {
  const { state, watch } = watchOver({ next: 7n });
  expect(await watch.isAlerted()).toBe(true);
  state.nowMs = 60_000;
  expect(await watch.isAlerted()).toBe(false);
});

it('the log is asked at most four times a second', async () => {
  const { state, watch } = watchOver({ next: 0n });
  for (state.nowMs = 0; state.nowMs < 1_000; state.nowMs += 50) await watch.isAlerted();
  expect(state.looks).toBe(4);
});
