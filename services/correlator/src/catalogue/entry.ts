/** The catalogue: what sources say of owners and runbooks, and the rules of the core that come of it. Pure. */
import type { CatalogueRule } from '@faultline/correlation';
import type { CauseKind } from '@faultline/model';

export interface Runbook {
  readonly title: string;
  readonly url: string;
  /** For this kind of fault only. Empty: for any. */
  readonly causeKind: CauseKind | '';
}

/** What one source says of the services that match. Empty: it does not say. */
export interface CatalogueEntry {
  /** Labels of an alert or of the cause, as in `correlator.catalogue`. */
  readonly match: Readonly<Record<string, string>>;
  readonly team: string;
  readonly contact: string;
  readonly runbooks: readonly Runbook[];
  /** A name of the service in another entry, whose owner it has unless `team` is named. */
  readonly sameAs: readonly string[];
  /** Who says so, for people: `owners.yaml`, `cluster east: Deployment shop/pay (label team)`. */
  readonly source: string;
}

/** How to reach a team, and who says so. */
export interface TeamContact {
  readonly team: string;
  readonly contact: string;
  readonly source: string;
}

/** What one source says: a file, a cluster, or the configuration. */
export interface CatalogueSource {
  readonly entries: readonly CatalogueEntry[];
  readonly teams: readonly TeamContact[];
}

/** A rule of the core, and who says so. */
export interface SourcedRule extends CatalogueRule {
  readonly source: string;
  /** Who says how to reach the team. Empty: nobody. */
  readonly contactSource: string;
}

/**
 * The rules of all sources, the strongest source first. The core takes the team and the runbook of a service each from the first rule that
 * has one. So a file that names only the runbook does not hide the owner that a cluster knows.
 */
export function mergeSources(sources: readonly CatalogueSource[]): readonly SourcedRule[] {
  const entries = sources.flatMap((source) => source.entries);
  const teams = new Map<string, TeamContact>();
  for (const contact of sources.flatMap((source) => source.teams))
    if (!teams.has(contact.team)) teams.set(contact.team, contact);
  const named = entriesByService(entries);
  return entries.flatMap((entry) => rulesOf(ownerOf(entry, named), teams));
}

/** The first entry with a team for each service. */
function entriesByService(entries: readonly CatalogueEntry[]): ReadonlyMap<string, CatalogueEntry> {
  const named = new Map<string, CatalogueEntry>();
  for (const entry of entries) {
    const { service } = entry.match;
    if (service !== undefined && entry.team !== '' && !named.has(service)) named.set(service, entry);
  }
  return named;
}

function ownerOf(entry: CatalogueEntry, named: ReadonlyMap<string, CatalogueEntry>): CatalogueEntry {
  if (entry.team !== '') return entry;
  const other = entry.sameAs.map((name) => named.get(name)).find((found) => found !== undefined);
  if (other === undefined) return entry;
  const { team, contact, source } = other;
  return { ...entry, team, contact: contact || entry.contact, source: `${entry.source}, as ${source}` };
}

function rulesOf(entry: CatalogueEntry, teams: ReadonlyMap<string, TeamContact>): readonly SourcedRule[] {
  const { match, team, source, runbooks } = entry;
  const ofTeam = entry.contact === '' ? teams.get(team) : undefined;
  const contact = entry.contact || (ofTeam?.contact ?? '');
  const contactSource = ofTeam?.source ?? (contact === '' ? '' : source);
  const none = { match, team: '', contact: '', runbookTitle: '', runbookUrl: '', source, contactSource: '' };
  const owner = team === '' ? [] : [{ ...none, team, contact, contactSource }];
  const helps = runbooks.map(({ title, url, causeKind }) => ({
    ...none,
    runbookTitle: title,
    runbookUrl: url,
    causeKind,
  }));
  return [...owner, ...helps];
}
