import type { ComponentChildren } from 'preact';
import type { Incident } from '../api/types.ts';
import { dayTime, entityName, percent, timeOfDay, withArrows } from '../part/format.ts';
import { newestFirst } from './timeline.ts';

interface SideProps {
  readonly incident: Incident;
}

/** Who to call, and what to follow. */
export function Owners({ incident: { owners, runbooks } }: SideProps) {
  return (
    <section class="card">
      <h2>Who and how</h2>
      {owners.length === 0 && <p class="quiet">No owner is known for the cause.</p>}
      <ul class="plain">
        {owners.map((owner) => (
          <li key={`${owner.team}${owner.contact}`}>
            <strong>{owner.team}</strong> {owner.contact}
            <p class="quiet">{owner.why}</p>
          </li>
        ))}
        {runbooks.slice(0, runbooksShown).map(runbookItem)}
      </ul>
      {runbooks.length > runbooksShown && (
        <details class="less-likely">
          <summary>{runbooks.length - runbooksShown} more runbooks</summary>
          <ul class="plain">{runbooks.slice(runbooksShown).map(runbookItem)}</ul>
        </details>
      )}
    </section>
  );
}

const runbooksShown = 2;

function runbookItem({ title, url }: Incident['runbooks'][number]) {
  return (
    <li key={url}>
      <SafeLink url={url}>{/^runbook/i.test(title) ? title : `Runbook: ${title}`}</SafeLink>
    </li>
  );
}

/** What the page could not see. */
export function Missing({ incident: { missingEvidence } }: SideProps) {
  if (missingEvidence.length === 0) return null;
  return (
    <section class="card card-warn">
      <h2>Not seen</h2>
      <ul>
        {missingEvidence.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

const changeMarks = { suspect: '◆ suspect', possible: '◇ possible', innocent: '· innocent' } as const;

/** Each change of the time before, judged. */
export function Changes({ incident }: SideProps) {
  const verdicts = Object.keys(changeMarks);
  const changes = [...incident.changes].sort(
    (a, b) =>
      verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) || Date.parse(b.startedAt) - Date.parse(a.startedAt),
  );
  return (
    <section class="card">
      <h2>What changed</h2>
      {changes.length === 0 && <p class="quiet">No change is known for these services.</p>}
      <ul class="plain changes">
        {changes.map((change) => (
          <li key={change.id} class={`change-${change.verdict}`}>
            <p>
              <span class="change-mark">{changeMarks[change.verdict]}</span> <time>{timeOfDay(change.startedAt)}</time>
            </p>
            <p>
              <strong>{entityName(change.entity)}</strong> <SafeLink url={change.url}>{change.summary}</SafeLink>
            </p>
            <p class="quiet">
              {change.reason}
              {change.actor !== '' && ` · by ${change.actor}`}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How similar incidents ended. */
export function Similar({ incident: { similar } }: SideProps) {
  if (similar.length === 0) return null;
  return (
    <section class="card">
      <h2>Seen before</h2>
      <ul class="plain">
        {similar.map((past) => (
          <li key={past.incidentId}>
            <a href={`/incidents/${encodeURIComponent(past.incidentId)}`}>{past.cause}</a>, {percent(past.similarity)}{' '}
            alike
            <p>
              {past.resolution === '' ? 'How it ended was not written down.' : `It ended: ${past.resolution}`}
              {past.minutesToRecovery > 0 && (
                <span class="quiet"> {Math.round(past.minutesToRecovery)} min to recovery</span>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What happened, newest first. */
export function Timeline({ incident: { timeline } }: SideProps) {
  return (
    <section class="card">
      <h2>Timeline</h2>
      <ol class="timeline">
        {newestFirst(timeline).map((entry, index) => (
          <li key={`${entry.at}${entry.kind}${index}`} class={`entry-${entry.kind}`}>
            <time dateTime={entry.at} title={dayTime(entry.at)}>
              {timeOfDay(entry.at)}
            </time>
            <p>
              <span class="entry-kind">{entry.kind}</span> {withArrows(entry.text)}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A link, when the address is one of the web: whatever else a source sends is shown as text. */
export function SafeLink({ url, children }: { readonly url: string; readonly children: ComponentChildren }) {
  if (!/^https?:\/\//i.test(url)) return <span>{children}</span>;
  return (
    <a href={url} rel="noreferrer" target="_blank">
      {children}
    </a>
  );
}
