/** An API server that is away, is another server, or lets nothing be watched: health and log say so, once for each outage. */
import { afterEach, expect, it } from 'vitest';
import { resourceKinds, resourceName } from './resources/table.ts';
import { ApiServer } from './testing/api-server.ts';
import { startWatched, type Watched } from './testing/watched.ts';

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

async function start(prepare: (server: ApiServer) => void | Promise<void>, over = {}) {
  const server = await ApiServer.start();
  const { url } = server;
  await prepare(server);
  const watched = await startWatched(url, over);
  stops.push(
    () => server.stop(),
    () => watched.stop(),
  );
  watched.run();
  return { server, watched, url };
}

const partOf = ({ health }: Watched) => health.report().parts['kube'] ?? { ok: true, detail: '' };
const detailOf = (watched: Watched) => partOf(watched).detail;
const timeout = { timeout: 5000 };

it('names the server that is away and the reason, and logs it once', async () => {
  const { watched, url } = await start((server) => server.stop());
  stops.shift();
  await expect.poll(() => detailOf(watched), timeout).toContain('validatingwebhookconfigurations');
  const reason = `the API server ${url} did not answer: ECONNREFUSED`;
  expect(partOf(watched).ok).toBe(false);
  expect(detailOf(watched)).toContain(`0 kinds of east are watched; ${reason} [KUBE_UNAVAILABLE]`);
  expect(watched.warnings).toMatchObject([{ code: 'KUBE_UNAVAILABLE', reason, cluster: 'east' }]);
});

it('logs the next outage, too', async () => {
  const { server, watched } = await start(() => {});
  for (const outage of [1, 2]) {
    await expect.poll(() => detailOf(watched), timeout).toBe('31 kinds of east are watched');
    server.faults.fail = { status: 500, count: 100 };
    server.breakStreams();
    const told = () => watched.warnings.filter(({ reason }) => reason === 'the API server answered 500').length;
    await expect.poll(told, timeout).toBe(outage);
  }
});

it('says that a server without a single kind is no API server', async () => {
  const { watched } = await start(({ faults }) => {
    for (const kind of resourceKinds) faults.absent.add(resourceName(kind));
  });
  await expect.poll(() => detailOf(watched), timeout).toContain('validatingwebhookconfigurations');
  expect(partOf(watched).ok).toBe(false);
  expect(detailOf(watched)).toContain('the API server answered 404 [KUBE_BAD_ANSWER]');
  expect(watched.warnings).toMatchObject([{ code: 'KUBE_BAD_ANSWER' }]);
});

it('is not well where no right was granted', async () => {
  const { watched } = await start(({ faults }) => {
    for (const kind of resourceKinds) faults.forbidden.add(resourceName(kind));
  });
  await expect.poll(() => detailOf(watched), timeout).toContain('validatingwebhookconfigurations');
  expect(partOf(watched)).toMatchObject({ ok: false, detail: expect.stringContaining('[KUBE_FORBIDDEN]') });
});

it('is not well where each kind is left out', async () => {
  const { watched } = await start(() => {}, { leftOut: resourceKinds.map(resourceName) });
  await expect.poll(() => partOf(watched)).toEqual({ ok: false, detail: '0 kinds of east are watched' });
});

it('is not well while the server forgets every version at once', async () => {
  const { server, watched } = await start(({ faults }) => {
    faults.oldestVersion = Number.POSITIVE_INFINITY;
  });
  await expect.poll(() => partOf(watched).ok, timeout).toBe(false);
  expect(watched.warnings).toMatchObject([{ code: 'KUBE_GONE' }]);
  server.faults.oldestVersion = 0;
  await expect.poll(() => server.requests.length, timeout).toBeGreaterThan(62);
});
