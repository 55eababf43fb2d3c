/** A Faultline that sends its traces to itself is no endless loop: handling its own traces is not traced. */
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Scenario, startScenario } from './testing/scenario.ts';
import { shopTraces } from './testing/shop.ts';

const timeout = 60_000;

interface Ledger {
  readonly sources: readonly { readonly source: string; readonly signal: string; readonly accepted: string }[];
}

const acceptedSpans = async (scenario: Scenario) => {
  const { sources } = await scenario.get<Ledger>('/api/v1/ledger');
  return sources.filter(({ signal }) => signal === 'spans').reduce((sum, { accepted }) => sum + Number(accepted), 0);
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Each round is long enough for an export and for traces to settle. */
async function roundsUntilQuiet(scenario: Scenario): Promise<number> {
  let before = 0;
  let quiet = 0;
  let rounds = 0;
  while (quiet < 5 && rounds < 20) {
    rounds += 1;
    scenario.at(30 * rounds);
    await delay(1000);
    const accepted = await acceptedSpans(scenario);
    quiet = accepted === before ? quiet + 1 : 0;
    before = accepted;
  }
  return rounds;
}

it('its own port as the endpoint is no endless loop', { timeout }, async () => {
  const port = await freePort();
  const scenario = await startScenario({
    telemetry: { otlpEndpoint: `http://127.0.0.1:${port}`, exportIntervalMs: 1000 },
    ingest: { otlpHttp: { port }, otlpGrpc: { port: 0 } },
  });
  const now = scenario.nowMs();
  await scenario.sendTraces(shopTraces({ fromMs: now - 10_000, brokenFromMs: now, toMs: now }));
  const sent = await acceptedSpans(scenario);
  await scenario.between(0, 30, async () => ((await acceptedSpans(scenario)) > sent ? true : null));
  expect(await roundsUntilQuiet(scenario)).toBeLessThan(20);
  await scenario.end();
});
