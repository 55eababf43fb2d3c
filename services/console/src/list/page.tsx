import type { Incident } from '../api/types.ts';
import { mechanism } from '../incident/verdict.ts';
import { ago, count, duration, percent } from '../part/format.ts';
import { StatusMark } from '../part/status.tsx';

export interface ListPageProps {
  readonly incidents: readonly Incident[];
  /** False until the server has told all that stands. */
  readonly complete: boolean;
  readonly nowMs: number;
}

/** Open incidents first, newest first; then those lately resolved. */
export function ListPage({ incidents, complete, nowMs }: ListPageProps) {
  const newestFirst = [...incidents].sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  const open = newestFirst.filter(({ status }) => status !== 'resolved');
  const resolved = newestFirst.filter(({ status }) => status === 'resolved');
  return (
    <div class="list">
      <h1>{headlineOf(open.length, complete)}</h1>
      <Rows incidents={open} nowMs={nowMs} />
      {resolved.length > 0 && (
        <>
          <h2>Lately resolved</h2>
          <Rows incidents={resolved} nowMs={nowMs} />
        </>
      )}
    </div>
  );
}

function headlineOf(open: number, complete: boolean): string {
  if (!complete) return 'Reading incidents…';
  return open === 0 ? 'All quiet' : count(open, 'open incident');
}

function Rows({ incidents, nowMs }: Pick<ListPageProps, 'incidents' | 'nowMs'>) {
  return (
    <ul class="rows">
      {incidents.map((incident) => (
        <li key={incident.id}>
          <a href={`/incidents/${encodeURIComponent(incident.id)}`} class={`row row-${incident.status}`}>
            <span class="row-head">
              <StatusMark status={incident.status} />
              <span class={`severity severity-${incident.severity}`}>{incident.severity}</span>
              <span class="quiet">{incident.scope.environment}</span>
            </span>
            <strong class="row-title">{incident.title}</strong>
            <span class="row-cause">{causeOf(incident)}</span>
            <span class="row-numbers quiet">
              {ago(incident.startedAt, nowMs)} · {count(incident.alertCount, 'alert')}
              {incident.resolvedAt !== null &&
                ` · took ${duration(Date.parse(incident.resolvedAt) - Date.parse(incident.startedAt)) || 'seconds'}`}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function causeOf({ hypotheses, verdict }: Incident): string {
  const first = hypotheses[0];
  if (first === undefined) return 'No cause found yet';
  const lead = verdict === 'identified' ? '' : 'Inconclusive, best lead: ';
  return `${lead}${first.cause.service}, ${mechanism(first.cause.kind)} (${percent(first.probability)})`;
}
