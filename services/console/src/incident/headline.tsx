import type { Incident } from '../api/types.ts';
import { ago, count, dayTime, environmentsText, timeOfDay } from '../part/format.ts';
import { StatusMark } from '../part/status.tsx';
import { causeKindText, certaintyText, shownCause, verdictText, words } from '../words.ts';

interface HeadlineProps {
  readonly incident: Incident;
  readonly nowMs: number;
}

/** What is wrong, since when, and the likely cause. */
export function Headline({ incident, nowMs }: HeadlineProps) {
  return (
    <header class="headline">
      <p class="meta">
        <StatusMark status={incident.status} />
        <span class={`severity severity-${incident.severity}`}>{incident.severity}</span>
        <span>{environmentsText(incident)}</span>
        <span>
          since <time dateTime={incident.startedAt}>{dayTime(incident.startedAt)}</time>,{' '}
          {ago(incident.startedAt, nowMs)}
        </span>
        <span>
          {count(incident.alertCount, 'alert')}
          {incident.firingCount < incident.alertCount && `, ${incident.firingCount} firing`}
        </span>
      </p>
      <h1 dir="auto">{incident.title}</h1>
      {incident.triage !== null && <p class="meta">{incident.triage.text}</p>}
      {incident.resolution !== '' && <p class="meta">{words.resolution(incident.resolution)}</p>}
      <Verdict incident={incident} />
    </header>
  );
}

function Verdict({ incident }: Pick<HeadlineProps, 'incident'>) {
  const first = shownCause(incident);
  const owner = incident.owners[0];
  return (
    <section class={`verdict verdict-${incident.verdict}`} aria-label={words.verdict}>
      <p class="verdict-label">{verdictText(incident)}</p>
      {first === undefined ? (
        <p class="verdict-cause">{words.noCause}</p>
      ) : (
        <>
          <p class="verdict-cause">
            <strong>{first.cause.service}</strong> <span>{causeKindText(first.cause.kind)}</span>
            <b class="verdict-odds">{certaintyText(first)}</b>
          </p>
          <p class="verdict-detail">
            {first.since !== null && (
              <span>
                {words.began} <time dateTime={first.since}>{timeOfDay(first.since)}</time>
              </span>
            )}
            {first.cause.instance !== '' && (
              <span>
                {words.on} {first.cause.instance}
              </span>
            )}
            {first.change !== null && (
              <span>
                {words.after} {first.change.summary}
              </span>
            )}
          </p>
        </>
      )}
      {owner !== undefined && owner.contact !== '' && (
        <p class="verdict-detail">
          {words.call} <b>{owner.team}</b> {owner.contact}
        </p>
      )}
    </section>
  );
}
