/** kill -9 of the whole process at random moments of a play: the same incident, one page, each span once, a balanced ledger, the same bytes on replay. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { replayExport } from '@faultline/correlator';
import { expect, it } from 'vitest';
import { freePorts } from '../cluster/ports.ts';
import { createScene } from '../demo/timeline.ts';
import type { SeenIncident } from '../demo/verdict.ts';
import { createRandom } from '../random/random.ts';
import { createFrontDoor, type FrontDoor } from '../client/client.ts';
import { type Child, startChild } from './child.ts';
import { type Pager, startPager } from './pager.ts';

interface LedgerLine {
  readonly source: string;
  readonly signal: string;
  readonly accepted: number;
  readonly inIncidents: number;
  readonly recorded: number;
  readonly duplicates: number;
  readonly suppressed: number;
  readonly deadLettered: number;
  readonly pending: number;
}

const killsOfHistory = 3;
const killsOfStorm = 2;

it('nothing is lost, counted twice or paged twice when the process is killed again and again', {
  timeout: 240_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-kill-'));
  const pager = await startPager();
  const [http, otlpHttp, otlpGrpc, grpc] = await freePorts(4);
  const child = await startChild(folder, {
    http: { port: http },
    ingest: { otlpHttp: { port: otlpHttp }, otlpGrpc: { port: otlpGrpc } },
    query: { port: grpc },
    notifier: { channels: [{ type: 'webhook', name: 'pager', url: pager.url, secret: 'a-secret-of-the-test' }] },
  });
  try {
    const door = createFrontDoor({
      http: `http://127.0.0.1:${http}`,
      otlp: `http://127.0.0.1:${otlpHttp}`,
      tenant: 'default',
    });
    const scene = createScene({ seed: 23, nowMs: Date.now(), family: null });
    const killingHistory = killRepeatedly(child, killsOfHistory);
    const spans = await scene.sendHistory(door);
    await killingHistory;
    // What alerts have to do with each other is read from the windows: without them it would depend on when the kills came.
    await settledLedger(door);
    const killingStorm = killRepeatedly(child, killsOfStorm);
    await scene.sendStorm(door);
    await killingStorm;
    const ledger = await settledLedger(door);
    expect(ledger.filter((line) => !isBalanced(line))).toEqual([]);
    expect(ledger.find(({ signal }) => signal === 'spans')?.recorded).toBe(spans);
    await expectOneIncident(door, pager, scene.alerts.length, scene.plot.stories[0]?.services[0]);
  } finally {
    await child.stop();
    await pager.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function killRepeatedly(child: Child, kills: number): Promise<void> {
  const random = createRandom(Date.now());
  for (let kill = 0; kill < kills; kill++) {
    await delay(random.int(1_000, 4_000));
    await child.killAndRestart();
  }
}

async function settledLedger(door: FrontDoor): Promise<readonly LedgerLine[]> {
  const giveUpAt = Date.now() + 90_000;
  while (true) {
    const { sources } = await door.get<{ sources: readonly LedgerLine[] }>('/api/v1/ledger');
    if (sources.length > 0 && sources.every(({ pending }) => pending === 0)) return sources;
    if (Date.now() > giveUpAt) throw new Error(`the ledger does not come to rest: ${JSON.stringify(sources)}`);
    await delay(500);
  }
}

/** Alerts and changes end in incidents; telemetry ends in rows. */
function isBalanced(line: LedgerLine): boolean {
  return (
    line.accepted ===
    line.inIncidents + line.recorded + line.duplicates + line.suppressed + line.deadLettered + line.pending
  );
}

async function expectOneIncident(
  door: FrontDoor,
  pager: Pager,
  alerts: number,
  cause: string | undefined,
): Promise<void> {
  const incident = await settledIncident(door, alerts);
  expect(incident.alerts).toHaveLength(alerts);
  expect(incident.hypotheses[0]?.cause.service).toBe(cause);
  const replay = replayExport(await door.getText(`/api/v1/incidents/${incident.id}/export`));
  expect(replay.lines.filter((line) => !line.startsWith('same'))).toEqual([]);
  expect(replay.lines.length).toBeGreaterThan(1);
  expect([...pager.keysByIncident].map(([id, keys]) => [id, keys.size])).toEqual([[incident.id, 1]]);
}

/** A revision follows what it counts by up to a second: the ledger is at rest before the page has every alert. */
async function settledIncident(door: FrontDoor, alerts: number): Promise<SeenIncident> {
  const giveUpAt = Date.now() + 90_000;
  while (true) {
    const { incidents = [] } = await door.get<{ incidents?: readonly { id: string }[] }>('/api/v1/incidents');
    expect(incidents.length).toBeLessThan(2);
    const id = incidents[0]?.id;
    const incident =
      id === undefined ? null : await door.get<SeenIncident & { evidenceState: string }>(`/api/v1/incidents/${id}`);
    if (incident?.evidenceState === 'settled' && incident.alerts.length >= alerts) return incident;
    if (Date.now() > giveUpAt) throw new Error(`no settled incident: ${JSON.stringify(incident)}`);
    await delay(500);
  }
}
