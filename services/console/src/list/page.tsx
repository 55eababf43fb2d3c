import { useState } from 'preact/hooks';
import type { Incident } from '../api/types.ts';
import { ago, count, duration, environmentsText } from '../part/format.ts';
import { StatusMark, TriageMark } from '../part/status.tsx';
import { listCauseText, openIncidentsText, words } from '../words.ts';

export interface ListPageProps {
  readonly incidents: readonly Incident[];
  /** False until the server has sent every incident. */
  readonly complete: boolean;
  readonly nowMs: number;
}

/** A filter is worth its space from this many incidents on. */
const filterFrom = 8;

/** Open incidents first, then those recently resolved. Newest first. */
export function ListPage({ incidents, complete, nowMs }: ListPageProps) {
  const [filter, setFilter] = useState('');
  const newestFirst = [...incidents].sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  const isLogged = ({ status, triage }: Incident) => status !== 'resolved' && triage?.level === 'log';
  const open = newestFirst.filter((incident) => incident.status !== 'resolved' && !isLogged(incident));
  const shown = newestFirst.filter((incident) => isMatch(incident, filter));
  const logged = shown.filter(isLogged);
  const resolved = shown.filter(({ status }) => status === 'resolved');
  return (
    <div class="list">
      <h1>{openIncidentsText(open.length, complete)}</h1>
      {complete && incidents.length === 0 && <p class="quiet">{words.quiet}</p>}
      {incidents.length >= filterFrom && (
        <input
          type="search"
          class="filter"
          aria-label={words.filter}
          placeholder={words.filter}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      {incidents.length > 0 && shown.length === 0 && <p class="quiet">{words.noMatch}</p>}
      <Rows
        incidents={shown.filter((incident) => incident.status !== 'resolved' && !isLogged(incident))}
        nowMs={nowMs}
      />
      {logged.length > 0 && (
        <>
          <h2>{words.logEntries(logged.length)}</h2>
          <Rows incidents={logged} nowMs={nowMs} />
        </>
      )}
      {resolved.length > 0 && (
        <>
          <h2>{words.recentlyResolved}</h2>
          <Rows incidents={resolved} nowMs={nowMs} />
        </>
      )}
    </div>
  );
}

/** Every word of the filter must be found. */
export function isMatch(incident: Incident, filter: string): boolean {
  const { title, severity, status, triage } = incident;
  const text = [title, severity, status, triage?.level ?? '', environmentsText(incident), listCauseText(incident)]
    .join(' ')
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** More rows than this slow the page down. */
const rowsShown = 50;

function Rows({ incidents, nowMs }: Pick<ListPageProps, 'incidents' | 'nowMs'>) {
  const [all, setAll] = useState(false);
  const hidden = all ? 0 : Math.max(0, incidents.length - rowsShown);
  return (
    <>
      <ul class="rows">
        {incidents.slice(0, incidents.length - hidden).map((incident) => (
          <li key={incident.id}>
            <Row incident={incident} nowMs={nowMs} />
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" onClick={() => setAll(true)}>
          {words.showAll(hidden)}
        </button>
      )}
    </>
  );
}

function Row({ incident, nowMs }: { readonly incident: Incident; readonly nowMs: number }) {
  return (
    <a href={`/incidents/${encodeURIComponent(incident.id)}`} class={`row row-${incident.status}`}>
      <span class="row-head">
        <StatusMark status={incident.status} />
        <span class={`severity severity-${incident.severity}`}>{incident.severity}</span>
        <TriageMark triage={incident.triage} />
        <span class="quiet">{environmentsText(incident)}</span>
      </span>
      <strong class="row-title" dir="auto">
        {incident.title}
      </strong>
      <span class="row-cause">{listCauseText(incident)}</span>
      <span class="row-numbers quiet">
        {ago(incident.startedAt, nowMs)} · {count(incident.alertCount, 'alert')}
        {incident.resolvedAt !== null &&
          ` · took ${duration(Date.parse(incident.resolvedAt) - Date.parse(incident.startedAt)) || 'seconds'}`}
      </span>
    </a>
  );
}
