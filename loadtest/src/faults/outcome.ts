/** Reads the outcome of a workload from the API, the pager and the store, once everything has settled. */
import { setTimeout as delay } from 'node:timers/promises';
import { replayExport } from '@faultline/correlator';
import type { FaultlineClient } from '../client/client.ts';
import { type AskClickHouse, type Digest, settledState, takeDigest } from './digest.ts';
import type { Pager } from './pager.ts';
import type { Sent } from './sender.ts';
import { tenantsOf, type Workload } from './workload.ts';

export interface LedgerLine {
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

export interface Outcome {
  readonly sent: Sent;
  /** Sums over sources, by signal. */
  readonly ledger: Readonly<Record<string, Omit<LedgerLine, 'source' | 'signal'>>>;
  readonly digest: Digest;
  /** `id: number of members`, sorted, as the API returns them. */
  readonly incidents: readonly string[];
  readonly pages: {
    readonly incidents: number;
    readonly pages: number;
    readonly repeats: number;
    readonly edits: number;
  };
  /** Revisions in the exported journals after replay. */
  readonly replay: {
    readonly exports: number;
    /** Errors of exports that were refused. */
    readonly refused: readonly string[];
    readonly same: number;
    readonly different: number;
  };
  /** From the last accepted message until everything was settled. */
  readonly settleSeconds: number;
}

export interface Observed {
  /** Asks for what is of one tenant. */
  readonly clientOf: (tenant: string) => FaultlineClient;
  readonly ask: AskClickHouse;
  readonly pager: Pager;
  readonly workload: Workload;
}

const pollMs = 1_000;

/**
 * Waits until nothing is pending, all traces have settled and all incidents have a page, or until the timeout. Then
 * reads everything.
 */
export async function readOutcome(observed: Observed, sent: Sent, timeoutMs: number): Promise<Outcome> {
  const startMs = performance.now();
  await waitUntilIdle(observed, sent, timeoutMs);
  const settleSeconds = Math.round((performance.now() - startMs) / 100) / 10;
  const { ask, pager } = observed;
  const clients = clientsOf(observed);
  const incidents = (await Promise.all(clients.map(listIncidents))).flat();
  return {
    sent,
    ledger: sumBySignal(await ledgerOf(clients)),
    digest: await takeDigest(ask),
    incidents: incidents.map(({ id, alertCount }) => `${id}: ${alertCount}`).sort(),
    pages: {
      incidents: pager.keysByIncident.size,
      pages: [...pager.keysByIncident.values()].reduce((sum, keys) => sum + keys.size, 0),
      repeats: pager.repeats,
      edits: pager.edits,
    },
    replay: await replayTenants(clients),
    settleSeconds,
  };
}

function clientsOf({ clientOf, workload }: Observed): readonly FaultlineClient[] {
  return tenantsOf(workload.size).map(clientOf);
}

async function waitUntilIdle(observed: Observed, sent: Sent, timeoutMs: number): Promise<void> {
  const { ask, pager, workload } = observed;
  const clients = clientsOf(observed);
  const giveUpAt = performance.now() + timeoutMs;
  while (performance.now() < giveUpAt) {
    const ledger = sumBySignal(await ledgerOf(clients));
    const isIdle = Object.values(ledger).every(({ pending }) => pending === 0);
    const { calls, settledCalls } = await settledState(ask).catch(() => ({ calls: 0, settledCalls: -1 }));
    const paged = pager.keysByIncident.size >= workload.incidents + workload.poisonAlerts;
    if (
      isIdle &&
      paged &&
      calls >= sent.spans &&
      calls === settledCalls &&
      (await membersWritten(ask, sent.alerts - workload.poisonAlerts))
    )
      break;
    await delay(pollMs);
  }
  // The last rows and page edits may still be on their way.
  await delay(3 * pollMs);
}

async function membersWritten(ask: AskClickHouse, alerts: number): Promise<boolean> {
  const [row] = await ask<{ members: string }>(
    "SELECT count() AS members FROM incident_alerts FINAL WHERE Membership = 'present'",
  );
  return Number(row?.members) >= alerts;
}

/** The ledger counts by source. Without tokens every client reads the lines of all tenants. */
async function ledgerOf([client]: readonly FaultlineClient[]): Promise<readonly LedgerLine[]> {
  return client === undefined ? [] : (await client.get<{ sources: readonly LedgerLine[] }>('/api/v1/ledger')).sources;
}

function sumBySignal(lines: readonly LedgerLine[]): Outcome['ledger'] {
  const sums: Record<string, Omit<LedgerLine, 'source' | 'signal'>> = {};
  for (const { source: _source, signal, ...numbers } of lines) {
    const before = sums[signal];
    const add = (field: keyof typeof numbers) => numbers[field] + (before?.[field] ?? 0);
    sums[signal] = {
      accepted: add('accepted'),
      inIncidents: add('inIncidents'),
      recorded: add('recorded'),
      duplicates: add('duplicates'),
      suppressed: add('suppressed'),
      deadLettered: add('deadLettered'),
      pending: add('pending'),
    };
  }
  return sums;
}

interface ListedIncident {
  readonly id: string;
  readonly alertCount: number;
  readonly startedAt: string;
}

async function listIncidents(client: FaultlineClient): Promise<ListedIncident[]> {
  const all: ListedIncident[] = [];
  for (let token = ''; ; ) {
    const path = `/api/v1/incidents?view=summary&pageSize=200${token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`}`;
    const page = await client.get<{ incidents?: ListedIncident[]; nextPageToken?: string }>(path);
    all.push(...(page.incidents ?? []));
    token = page.nextPageToken ?? '';
    if (token === '') return all;
  }
}

/** Exports the last incident of each tenant. While an earlier incident is open, its journal covers that one too. */
async function replayTenants(clients: readonly FaultlineClient[]): Promise<Outcome['replay']> {
  const counts = { exports: 0, refused: [] as string[], same: 0, different: 0 };
  for (const client of clients) {
    const incidents = await listIncidents(client);
    const last = incidents.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1)).at(-1);
    if (last === undefined) continue;
    counts.exports += 1;
    const file = await client.getText(`/api/v1/incidents/${last.id}/export`).catch((error: unknown) => {
      counts.refused.push(String(error));
      return null;
    });
    if (file === null) continue;
    const { lines } = replayExport(file);
    counts.same += lines.filter((line) => line.startsWith('same')).length;
    counts.different += lines.filter((line) => /^(DIFFERS|LOST)/.test(line)).length;
  }
  return counts;
}
