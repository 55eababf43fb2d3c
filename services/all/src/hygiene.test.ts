import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { reportText, runHygiene } from './hygiene.ts';

const finding = {
  kind: 'always-together',
  alert: 'Slow/Checkout',
  source: 'alertmanager',
  other: 'DatabaseSlow',
  teams: ['shop'],
  incidents: 6,
  firings: 7,
  patchTarget: 'alertmanager',
  patch: 'inhibit_rules: []\n',
  savedPages: 0,
  savedAlerts: 6,
  missedIncidents: [],
};
const report = {
  findings: [finding],
  debt: [{ month: '2026-03', team: '', pages: 4, savedPages: 1 }],
  incidents: 9,
  truncated: false,
};
const folder = mkdtempSync(join(tmpdir(), 'faultline-hygiene-'));
let server: Server | undefined;
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A Faultline that answers every request with this. Returns its address and the requests. */
async function answering(status: number, body: string) {
  const seen: { url: string; authorization: string }[] = [];
  server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '' });
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, seen };
}

const options = { tenant: undefined, token: 'secret', days: 30, out: undefined, nowMs: Date.UTC(2026, 2, 31) };

it('says why, what the patch would have done, and what each owner owes', () => {
  expect(reportText(report, { days: 30, out: undefined })).toBe(`9 incidents of the last 30 days

Slow/Checkout (alertmanager): DatabaseSlow always fires, too, in 6 incidents
  owner: shop
  the patch would have saved 0 pages and 6 alerts; incidents with impact missed: none
    inhibit_rules: []

Pages that the patches would have saved, by month and owner:
  2026-03  unowned: 1 of 4
`);
});

it('asks for the days that are wanted, and writes each patch to a file', async () => {
  const { url, seen } = await answering(200, JSON.stringify(report));
  const text = await runHygiene({ ...options, url, out: folder });
  expect(seen).toEqual([{ url: '/api/v1/hygiene?from=2026-03-01T00%3A00%3A00.000Z', authorization: 'Bearer secret' }]);
  const file = join(folder, 'always-together-Slow_Checkout.alertmanager.yml');
  expect(text).toContain(`patch: ${file}`);
  expect(readFileSync(file, 'utf8')).toBe(finding.patch);
});

it('an answer that is no report, and a number of days that is none, are errors with a code', async () => {
  const { url } = await answering(403, 'no');
  await expect(runHygiene({ ...options, url })).rejects.toMatchObject({ code: 'ALL_HYGIENE_FAILED' });
  await expect(runHygiene({ ...options, url, days: Number.NaN })).rejects.toThrow('--days');
});
