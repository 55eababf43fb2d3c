/** Nothing may stop paging unseen: when a loop gives up for good the process ends, so that a supervisor starts it afresh. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { busConfig, createBus } from '@faultline/bus';
import { silentLogger, systemClock } from '@faultline/runtime';
import { expect, it } from 'vitest';
import { runMainProcess, testFolder } from './testing/child.ts';

it('a loop that fails again and again ends the whole process with 70', { timeout: 90_000 }, async () => {
  const folder = testFolder();
  const config = busConfig.parse({ folder: join(folder, 'log') });
  const { value: bus, stop } = await createBus(config, { logger: silentLogger, clock: systemClock }).start();
  // Sound JSON, and yet no alert.
  await bus.publish([{ topic: 'state', key: 'tenant/production|alert/a', value: Buffer.from('{"incidentId":"i"}') }]);
  await stop();
  const running = runMainProcess({ folder });
  await running.up;
  const { code, stdout, stderr } = await running.ended;
  expect(code).toBe(70);
  expect(stdout + stderr).toContain('the loop of a partition failed permanently');
  expect(stdout + stderr).toContain('CORRELATOR_STATE_UNREADABLE');
  rmSync(folder, { recursive: true, force: true });
});
