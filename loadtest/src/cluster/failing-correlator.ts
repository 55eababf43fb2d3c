/**
 * A correlator with a bug. It throws whenever an incident would open that starts at `failsAtMs` of its minute.
 * Otherwise it works like Faultline's own correlator.
 */
import { parseArgs } from 'node:util';
import { loadAppConfig } from '@faultline/all';
import { createBus } from '@faultline/bus';
import { planEvidence, rankHypotheses } from '@faultline/correlation';
import { createCorrelator } from '@faultline/correlator';
import {
  systemClock as clock,
  createLogger,
  Health,
  runMain,
  type StopStack,
  startOne,
  startWith,
} from '@faultline/runtime';
import { createStore } from '@faultline/store';
import { failsAtMs } from './failing-alert.ts';

const options = { config: { type: 'string' }, only: { type: 'string' } } as const;
const { config: file } = parseArgs({ options }).values;
const config = loadAppConfig(file === undefined ? {} : { file });
const logger = createLogger(config.log);
const ranker = {
  rankHypotheses,
  planEvidence: (times: Parameters<typeof planEvidence>[0]) => {
    if (times.startedAtMs % 60_000 === failsAtMs) throw new Error('an injected bug');
    return planEvidence(times);
  },
};

async function start(stack: StopStack): Promise<{ readonly failed: Promise<void> }> {
  const bus = await startOne(stack, 'bus', createBus(config.bus, { logger, clock }));
  const store = await startOne(stack, 'store', createStore(config.store, { logger, clock }));
  const parts = { bus, store, config: config.correlator, logger, clock, health: new Health(), ranker };
  const { done } = await startOne(stack, 'correlator', createCorrelator(parts));
  process.stdout.write('Faultline is up\n');
  return { failed: done };
}

const ended = Promise.withResolvers<number>();
await runMain({
  until: ended.promise,
  logger,
  start: async () => {
    const started = await startWith(start, { logger, deadlineMs: 20_000 });
    started.value.failed.catch(() => ended.resolve(70));
    return started;
  },
});
