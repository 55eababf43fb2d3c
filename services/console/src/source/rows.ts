/** What the sources page shows of each source: pure functions from the answers of the API. */
import type { Catalogue, CatalogueEntry } from '../api/client.ts';
import type { DeadLetter, LedgerRow, ReplayDeadLettersResponse } from '../api/types.generated.ts';
import type { Incident } from '../api/types.ts';

export interface SourceRow {
  readonly source: string;
  readonly signal: string;
  readonly accepted: number;
  readonly perMinute: number;
  readonly waiting: number;
  readonly refused: number;
  readonly lastHeard: string | null;
  /** Of the newest refusal; empty where none is known. */
  readonly why: string;
  /** Ids of refusals that can be sent again, newest first. At most 100. */
  readonly refusedIds: readonly string[];
}

/** Most ids that the API takes at once. */
const mostIds = 100;

/** The one that was heard last comes first. */
export function sourceRows(ledger: readonly LedgerRow[], refusals: readonly DeadLetter[]): SourceRow[] {
  const why = new Map<string, string>();
  const idsOf = new Map<string, Set<string>>();
  for (const { id, source, signal, code, reason } of refusals) {
    const key = `${source}/${signal}`;
    if (!why.has(key)) why.set(key, `${reason} [${code}]`);
    idsOf.set(key, (idsOf.get(key) ?? new Set()).add(id));
  }
  return ledger
    .filter(({ source }) => source !== '')
    .map((row) => ({
      source: row.source,
      signal: row.signal,
      accepted: row.accepted,
      perMinute: row.perMinute,
      waiting: row.pending,
      refused: row.deadLettered,
      lastHeard: row.lastHeard,
      why: row.deadLettered > 0 ? (why.get(`${row.source}/${row.signal}`) ?? '') : '',
      refusedIds: [...(idsOf.get(`${row.source}/${row.signal}`) ?? [])].slice(0, mostIds),
    }))
    .sort((a, b) => heardMs(b) - heardMs(a) || (a.source < b.source ? -1 : a.source > b.source ? 1 : 0));
}

function heardMs({ lastHeard }: SourceRow): number {
  return lastHeard === null ? 0 : Date.parse(lastHeard);
}

/** Those that were never heard, to be connected. */
export function unheard({ sources }: Catalogue, rows: readonly SourceRow[]): readonly CatalogueEntry[] {
  const heard = new Set(rows.map(({ source }) => source));
  return sources.filter(({ name }) => !heard.has(name));
}

/** The snippet with the address of this Faultline in the place of `FAULTLINE`. */
export function snippetFor({ snippet, paths: [path = ''] }: CatalogueEntry, origin: string): string {
  const text = snippet === '' ? `https://FAULTLINE${path}` : snippet;
  return text.replaceAll('https://FAULTLINE', origin);
}

/** A rate of less than one is not none. */
export function rateText(perMinute: number): string {
  if (perMinute === 0) return '0';
  return perMinute < 1 ? '< 1' : String(Math.round(perMinute));
}

export interface TestStage {
  readonly text: string;
  readonly isDone: boolean;
}

/** How far a test has got. The incident is the one whose title or alerts name the test's service. */
export function testWay(door: string, incident: Incident | undefined): readonly TestStage[] {
  const pagedAt = incident?.stages?.paged ?? null;
  return [
    { text: `taken by ${door}`, isDone: true },
    { text: 'an incident of its own is open', isDone: incident !== undefined },
    { text: 'notified, marked TEST on each channel', isDone: pagedAt !== null },
    { text: 'ended by itself', isDone: incident?.status === 'resolved' },
  ];
}

export function incidentOfTest(incidents: readonly Incident[], service: string): Incident | undefined {
  return incidents.find(
    ({ title, alerts }) => title.includes(service) || alerts.some(({ entity }) => entity === `service:${service}`),
  );
}

/** How a replay went: the first reason stands for all. */
export function replayText({ replayed, results }: ReplayDeadLettersResponse): string {
  const failed = results.find((result) => !result.replayed);
  return `${replayed} of ${results.length} sent again${failed === undefined ? '' : `. ${failed.text}`}`;
}
