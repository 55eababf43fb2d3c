/** A Faultline that sends its traces to itself: they come to rest, as what handles them is not traced. */
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { shopTraces } from './testing/shop.ts';
import { beginStory, type Story } from './testing/story.ts';

const timeout = 60_000;

interface Ledger {
  readonly sources: readonly { readonly source: string; readonly signal: string; readonly accepted: string }[];
}

const acceptedSpans = async (story: Story) => {
  const { sources } = await story.get<Ledger>('/api/v1/ledger');
  return sources.filter(({ signal }) => signal === 'spans').reduce((sum, { accepted }) => sum + Number(accepted), 0);
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** In each round there is time for an export, and traces settle. */
async function roundsUntilQuiet(story: Story): Promise<number> {
  let before = 0;
  let quiet = 0;
  let rounds = 0;
  while (quiet < 5 && rounds < 20) {
    rounds += 1;
    story.at(30 * rounds);
    await delay(1000);
    const accepted = await acceptedSpans(story);
    quiet = accepted === before ? quiet + 1 : 0;
    before = accepted;
  }
  return rounds;
}

it('its own port as the endpoint is no endless loop', { timeout }, async () => {
  const port = await freePort();
  const story = await beginStory({
    telemetry: { otlpEndpoint: `http://127.0.0.1:${port}`, exportIntervalMs: 1000 },
    ingest: { otlpHttp: { port }, otlpGrpc: { port: 0 } },
  });
  const now = story.nowMs();
  await story.sendTraces(shopTraces({ fromMs: now - 10_000, brokenFromMs: now, toMs: now }));
  const sent = await acceptedSpans(story);
  await story.between(0, 30, async () => ((await acceptedSpans(story)) > sent ? true : null));
  expect(await roundsUntilQuiet(story)).toBeLessThan(20);
  await story.end();
});
