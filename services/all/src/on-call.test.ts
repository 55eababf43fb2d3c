import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadAppConfig } from './app-config.ts';
import { reportOnCall } from './on-call.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'on-call-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const clock = () => Date.UTC(2026, 10, 30, 12);
const load = (schedules: object[]) => loadAppConfig({ env: {}, folder, overrides: { notifier: { schedules } } });

it('says who is on call and until when, and what cannot be read', async () => {
  const path = join(folder, 'schedules.yaml');
  const turns = 'layers: [{ people: [mira, bob], start: 2026-11-30T09:00:00, turnDays: 1 }]';
  writeFileSync(path, `schedules: [{ name: shop, ${turns} }]`);
  const config = load([
    { type: 'file', name: 'shop', path },
    { type: 'file', name: 'gone', path: join(folder, 'gone.yaml') },
  ]);
  const { text, problems } = await reportOnCall(config, clock);
  expect(text).toBe('shop: mira, until 2026-12-01T09:00:00.000Z\ngone: nobody\n');
  expect(problems).toEqual([expect.stringMatching(/^gone: .*ENOENT/)]);
  expect((await reportOnCall(config, clock, 'shop')).problems).toEqual([]);
  expect(await reportOnCall(config, clock, 'pay')).toEqual({
    text: '',
    problems: ['no schedule pay; there are shop, gone'],
  });
});

it('without schedules it says where to read', async () => {
  expect((await reportOnCall(load([]), clock)).text).toContain('docs/on-call.md');
});
