import { Health } from '@faultline/runtime';
import { expect, it } from 'vitest';
import { createLogHealth } from './log-health.ts';

it('says that the log takes no records until a write or the log itself says otherwise', async () => {
  const health = new Health();
  const status = () => health.report().parts['ingest'];
  let asked = 0;
  const answered = Promise.withResolvers<void>();
  const log = createLogHealth({
    health,
    detail: () => 'listening',
    everyMs: 1,
    ping: async () => {
      asked += 1;
      if (asked < 3) throw new Error('the disk is full');
      setImmediate(answered.resolve);
    },
  });
  log.takes(true);
  expect(status()).toEqual({ ok: true, detail: 'listening' });
  log.takes(false);
  expect(status()).toMatchObject({ ok: false });
  await answered.promise;
  expect(status()).toEqual({ ok: true, detail: 'listening' });
  log.takes(false);
  log.takes(true);
  expect(status()?.ok).toBe(true);
  log.stop();
  expect(status()).toBeUndefined();
});
