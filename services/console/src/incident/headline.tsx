import type { Incident } from '../api/types.ts';
import { ago, count, dayTime, percent, timeOfDay } from '../part/format.ts';
import { StatusMark } from '../part/status.tsx';
import { mechanism, verdictLabel } from './verdict.ts';

interface HeadlineProps {
  readonly incident: Incident;
  readonly nowMs: number;
}

/** What is wrong, since when, and the one line to act on. */
export function Headline({ incident, nowMs }: HeadlineProps) {
  return (
    <header class="headline">
      <p class="meta">
        <StatusMark status={incident.status} />
        <span class={`severity severity-${incident.severity}`}>{incident.severity}</span>
        <span>{incident.scope.environment}</span>
        <span>
          since <time dateTime={incident.startedAt}>{dayTime(incident.startedAt)}</time>,{' '}
          {ago(incident.startedAt, nowMs)}
        </span>
        <span>
          {count(incident.alertCount, 'alert')}
          {incident.firingCount < incident.alertCount && `, ${incident.firingCount} firing`}
        </span>
      </p>
      <h1>{incident.title}</h1>
      {incident.resolution !== '' && <p class="meta">It ended: {incident.resolution}</p>}
      <Verdict incident={incident} />
    </header>
  );
}

function Verdict({ incident }: Pick<HeadlineProps, 'incident'>) {
  const first = incident.hypotheses[0];
  const owner = incident.owners[0];
  return (
    <section class={`verdict verdict-${incident.verdict}`} aria-label="Verdict">
      <p class="verdict-label">{verdictLabel(incident)}</p>
      {first === undefined ? (
        <p class="verdict-cause">Nothing points to one cause so far.</p>
      ) : (
        <>
          <p class="verdict-cause">
            <strong>{first.cause.service}</strong> <span>{mechanism(first.cause.kind)}</span>
            <b class="verdict-odds">{percent(first.probability)}</b>
          </p>
          <p class="verdict-detail">
            {first.since !== null && (
              <span>
                Began <time dateTime={first.since}>{timeOfDay(first.since)}</time>
              </span>
            )}
            {first.cause.instance !== '' && <span>on {first.cause.instance}</span>}
            {first.change !== null && <span>after {first.change.summary}</span>}
          </p>
        </>
      )}
      {owner !== undefined && owner.contact !== '' && (
        <p class="verdict-detail">
          Call <b>{owner.team}</b> {owner.contact}
        </p>
      )}
    </section>
  );
}
