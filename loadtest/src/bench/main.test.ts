import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('says which benchmarks there are', () => {
  const ended = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), 'nonsense'], { encoding: 'utf8' });
  expect(ended.status).toBe(2);
  expect(ended.stderr).toMatch(/Choose one of: alert-latency, bus, .*soak/);
});
