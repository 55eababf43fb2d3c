/** Exports the journal of one incident as a file that replays offline. */
import type { Bus } from '@faultline/bus';
import {
  codecs,
  correlationKey,
  cutJournal,
  type ExpectedRevision,
  formatJournalFile,
  type Incident,
  isRawPageId,
  parseScope,
  revisionHash,
  scopeKey,
} from '@faultline/model';
import { notFound, unavailable } from '../errors.ts';
import { readJournal } from './read-journal.ts';

/** Null when the journal of this key does not hold the incident. */
async function exportOrNull(bus: Bus, key: string, incident: Pick<Incident, 'id'>): Promise<string | null> {
  // Read the published revisions first: the journal, read later, then holds everything that led to them.
  const published = await publishedRevisions(bus, key);
  const entries = await cutJournal(readJournal(bus, key), incident.id);
  const lastMs = entries.at(-1)?.atMs;
  if (lastMs === undefined) return null;
  const revisions = published.filter(({ updatedAtMs }) => updatedAtMs <= lastMs).map(expected);
  return formatJournalFile({ incidentId: incident.id, entries, revisions });
}

/** The file of an incident by its id alone, for a log that no service runs on. Throws QUERY_NOT_FOUND. */
export async function exportFromLog(bus: Bus, incidentId: string): Promise<string> {
  for (const key of await scopesOfJournal(bus)) {
    const file = parseScope(key) === null ? null : await exportOrNull(bus, key, { id: incidentId });
    if (file !== null) return file;
  }
  throw notOnLog(incidentId);
}

async function scopesOfJournal(bus: Bus): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (let partition = 0; partition < bus.partitionCount('journal'); partition += 1)
    for await (const { key } of bus.read({ topic: 'journal', partition, from: 0n })) keys.add(key);
  return keys;
}

function notOnLog(incidentId: string): Error {
  return notFound(`the journal has no incident ${incidentId}: check the id; the journal is kept for 14 days`);
}

/**
 * The file of an incident whose scope is known. It reads the whole journal of the scope, so only one export runs at a time. Throws
 * QUERY_NOT_FOUND, or QUERY_UNAVAILABLE while another export runs.
 */
export function createExporter(bus: Bus) {
  let busy = false;
  return async (incident: Pick<Incident, 'id' | 'scope'>): Promise<string> => {
    if (busy) throw unavailable('another export is running; try again in a moment');
    busy = true;
    try {
      for (const key of journalKeys(incident)) {
        const file = await exportOrNull(bus, key, incident);
        if (file !== null) return file;
      }
      throw notOnLog(incident.id);
    } finally {
      busy = false;
    }
  };
}

/** The key of the tenant, then that of the environment, under which older releases wrote. */
function journalKeys({ scope }: Pick<Incident, 'scope'>): ReadonlySet<string> {
  return new Set([correlationKey(scope), scopeKey(scope)]);
}

/** The revisions of a scope that the log still holds. Compaction keeps the last one of each incident. */
async function publishedRevisions(bus: Bus, key: string): Promise<Incident[]> {
  const found: Incident[] = [];
  // Incidents of older releases may be in another partition than their tenant.
  for (let partition = 0; partition < bus.partitionCount('incidents'); partition += 1)
    for await (const { value } of bus.read({ topic: 'incidents', partition, from: 0n })) {
      const decoded = value === null ? null : codecs.incident.decode(value);
      if (decoded?.ok !== true || !journalKeys(decoded.value).has(key)) continue;
      // A raw page has no journal, so no replay can produce it.
      if (!isRawPageId(decoded.value.id)) found.push(decoded.value);
    }
  return found;
}

function expected(incident: Incident): ExpectedRevision {
  return { incidentId: incident.id, revision: incident.revision, hash: revisionHash(incident) };
}
