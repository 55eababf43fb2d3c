/**
 * Kills the whole process at random moments. It must end with the same incident, one page, each span once, a balanced
 * loss ledger, and an identical replay.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { replayExport } from '@faultline/correlator';
import { freePorts } from '@faultline/servers';
import { expect, it } from 'vitest';
import { createClient, type FaultlineClient } from '../client/client.ts';
import type { IncidentJson } from '../demo/checks.ts';
import { createTimeline } from '../demo/timeline.ts';
import { createRandom } from '../random/random.ts';
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

const killsDuringHistory = 3;
const killsDuringAlerts = 2;

it('loses nothing, and counts and pages nothing twice, when the process is killed repeatedly', {
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
    const client = createClient({
      http: `http://127.0.0.1:${http}`,
      otlp: `http://127.0.0.1:${otlpHttp}`,
      tenant: 'default',
    });
    const timeline = createTimeline({ seed: 23, nowMs: Date.now(), family: null });
    const historyKills = killRepeatedly(child, killsDuringHistory);
    const spans = await timeline.sendHistory(client);
    await historyKills;
    // Grouping reads the windows. Without this wait, it would depend on the time of the kills.
    await settledLedger(client);
    const alertKills = killRepeatedly(child, killsDuringAlerts);
    await timeline.sendAlerts(client);
    await alertKills;
    const ledger = await settledLedger(client);
    expect(ledger.filter((line) => !isBalanced(line))).toEqual([]);
    expect(ledger.find(({ signal }) => signal === 'spans')?.recorded).toBe(spans);
    await expectOneIncident(client, pager, timeline.alerts.length, timeline.scenario.faults[0]?.services[0]);
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

async function settledLedger(client: FaultlineClient): Promise<readonly LedgerLine[]> {
  const giveUpAt = Date.now() + 90_000;
  while (true) {
    const { sources } = await client.get<{ sources: readonly LedgerLine[] }>('/api/v1/ledger');
    if (sources.length > 0 && sources.every(({ pending }) => pending === 0)) return sources;
    if (Date.now() > giveUpAt) throw new Error(`the ledger still has pending items: ${JSON.stringify(sources)}`);
    await delay(500);
  }
}

/** Alerts and changes end in incidents, telemetry in rows. */
function isBalanced(line: LedgerLine): boolean {
  return (
    line.accepted ===
    line.inIncidents + line.recorded + line.duplicates + line.suppressed + line.deadLettered + line.pending
  );
}

async function expectOneIncident(
  client: FaultlineClient,
  pager: Pager,
  alerts: number,
  cause: string | undefined,
): Promise<void> {
  const incident = await settledIncident(client, alerts);
  expect(incident.alerts).toHaveLength(alerts);
  expect(incident.hypotheses[0]?.cause.service).toBe(cause);
  const replay = replayExport(await client.getText(`/api/v1/incidents/${incident.id}/export`));
  expect(replay.lines.filter((line) => !line.startsWith('same'))).toEqual([]);
  expect(replay.lines.length).toBeGreaterThan(1);
  expect([...pager.keysByIncident].map(([id, keys]) => [id, keys.size])).toEqual([[incident.id, 1]]);
}

/** Revisions follow their inputs by up to a second, so the ledger settles first. */
async function settledIncident(client: FaultlineClient, alerts: number): Promise<IncidentJson> {
  const giveUpAt = Date.now() + 90_000;
  while (true) {
    const { incidents = [] } = await client.get<{ incidents?: readonly { id: string }[] }>('/api/v1/incidents');
    expect(incidents.length).toBeLessThan(2);
    const id = incidents[0]?.id;
    const incident =
      id === undefined ? null : await client.get<IncidentJson & { evidenceState: string }>(`/api/v1/incidents/${id}`);
    if (incident?.evidenceState === 'settled' && incident.alerts.length >= alerts) return incident;
    if (Date.now() > giveUpAt) throw new Error(`no settled incident: ${JSON.stringify(incident)}`);
    await delay(500);
  }
}
