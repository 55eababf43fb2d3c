/** Runs the contract suite behind a registry. */
import { silentLogger } from '@faultline/runtime';
import type { BusUnderTest } from '../../../contract/index.ts';
import type { Bus } from '../../port.ts';
import { registryConfig } from '../config.ts';
import { withRegistry } from '../index.ts';

/** Wraps a tested log with the registry at this address. */
export async function behindRegistry(tested: BusUnderTest, url: string): Promise<BusUnderTest> {
  return {
    bus: await decorated(tested.bus, url),
    restart: async () => decorated(await tested.restart(), url),
    maintainAfter: (ms) => tested.maintainAfter(ms),
    close: () => tested.close(),
  };
}

/** Wraps a running log with the registry at this address. */
export async function decorated(bus: Bus, url: string): Promise<Bus> {
  const running = { start: async () => ({ value: bus, stop: async () => {} }) };
  const started = await withRegistry(running, { config: registryConfig.parse({ url }), logger: silentLogger }).start();
  return started.value;
}
