/** An API server that is away, is another server, or lets nothing be watched: health and log say so, once for each outage. */
import { afterEach, expect, it } from 'vitest';
import { resourceKinds, resourceName } from './resources/table.ts';
import { ApiServer, always } from './testing/api-server.ts';
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
const timeout = { timeout: 20_000 };

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

/** More than an event may have, without an end of the line. */
function* endlessLine() {
  for (let sent = 0; sent < 50; sent += 1) yield 'x'.repeat(2 ** 20);
}
const changed = (object: unknown) => [`${JSON.stringify({ type: 'MODIFIED', object })}\n`];

it.each<[string, { list?: string; watch?: Iterable<string> }, string]>([
  ['an endless line', { watch: { [Symbol.iterator]: endlessLine } }, 'the API server sent too much for a watch event'],
  ['an event without metadata', { watch: changed({ spec: 1 }) }, 'neither a list nor a watch event'],
  ['an event of the wrong type', { watch: changed('pod') }, 'neither a list nor a watch event'],
  ['a page of HTML', { list: '<html>' }, 'neither a list nor a watch event'],
  ['items that are no list', { list: '{"metadata":{"resourceVersion":"1"},"items":{}}' }, 'neither a list'],
  ['items that are no objects', { list: '{"metadata":{"resourceVersion":"1"},"items":[1]}' }, 'neither a list'],
  [
    'the same page for ever',
    { list: '{"metadata":{"resourceVersion":"1","continue":"a"},"items":[]}' },
    'page token twice',
  ],
])('goes on without a kind whose answer is %s', async (_what, wrong, reason) => {
  const { watched } = await start(({ faults }) => {
    faults.wrongAnswers.set('pods', {
      ...(wrong.list !== undefined && { list: always(wrong.list) }),
      ...(wrong.watch !== undefined && { watch: always(wrong.watch) }),
    });
  });
  await expect
    .poll(() => watched.warnings, timeout)
    .toMatchObject([{ code: 'KUBE_BAD_ANSWER', resource: 'pods', reason: expect.stringContaining(reason) }]);
  await expect.poll(() => detailOf(watched), timeout).toBe('30 kinds of east are watched; not reachable for pods');
});

it('takes objects of the wrong shape without an end', async () => {
  const wrong = [{}, { metadata: 1 }, { metadata: { name: 5, labels: 'x' }, spec: [], status: 'x' }];
  const { watched } = await start(({ faults }) => {
    const list = JSON.stringify({ metadata: { resourceVersion: '1' }, items: wrong });
    for (const kind of resourceKinds) faults.wrongAnswers.set(resourceName(kind), { list: always(list) });
  });
  await expect.poll(() => detailOf(watched), timeout).toBe('31 kinds of east are watched');
});
