import type { ComponentChildren } from 'preact';
import type { Incident } from '../api/types.ts';
import { dayTime, entityName, percent, timeOfDay, withArrows } from '../part/format.ts';
import { changeMarks, concurrentText, nextTryText, reportedText, stageNames, touchText, words } from '../words.ts';
import { newestFirst } from './timeline.ts';

interface SideProps {
  readonly incident: Incident;
}

/** Whom to call, and which runbook to follow. */
export function Owners({ incident: { owners, runbooks } }: SideProps) {
  return (
    <section class="card owners">
      <h2>{words.owner}</h2>
      {owners.length === 0 && <p class="quiet">{words.noOwner}</p>}
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
          <summary>{words.moreRunbooks(runbooks.length - runbooksShown)}</summary>
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
      <SafeLink url={url}>{words.runbook(title)}</SafeLink>
    </li>
  );
}

/** When each stage was reached. Hidden while nothing but the alert is known. */
export function Stages({ incident: { id, stages } }: SideProps) {
  if (stages === null) return null;
  const { onset } = stages;
  return (
    <section class="card">
      <h2>{words.stages}</h2>
      <ul class="plain">
        {stageNames.map(([key, name]) => {
          const time = stages[key];
          if (time === null) return null;
          return (
            <li key={key}>
              <strong>{name}</strong> {timeOfDay(time)}{' '}
              <span class="quiet">{onset !== null && key !== 'onset' ? words.afterOnset(onset, time) : ''}</span>
              {key === 'acted' && <p class="quiet">{stages.action}</p>}
            </li>
          );
        })}
      </ul>
      <a href={`/api/v1/incidents/${encodeURIComponent(id)}/postmortem`}>{words.postmortem}</a>
    </section>
  );
}

/** Telemetry that the verdict lacks, and which environment it is from where the alerts do not say it. */
export function Missing({ incident: { missingEvidence, evidenceRetry, environmentReading } }: SideProps) {
  const environment = environmentReading?.text ?? '';
  if (missingEvidence.length === 0 && environment === '') return null;
  return (
    <section class="card card-warn">
      <h2>{words.missing}</h2>
      <ul>
        {environment !== '' && <li>{environment}</li>}
        {missingEvidence.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {evidenceRetry !== null && <p class="quiet">{nextTryText(evidenceRetry)}</p>}
    </section>
  );
}

/** Other incidents of the same minutes. */
export function Concurrent({ incident: { concurrent } }: SideProps) {
  if (concurrent.count === 0) return null;
  return (
    <section class="card">
      <p>{concurrentText(concurrent.count)}</p>
      <ul>
        {concurrent.incidentIds.map((id) => (
          <li key={id}>
            <a href={`/incidents/${encodeURIComponent(id)}`}>{id}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Recent changes, each with its verdict, suspects first. */
export function Changes({ incident }: SideProps) {
  const verdicts = Object.keys(changeMarks);
  const changes = [...incident.changes].sort(
    (a, b) =>
      verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) || Date.parse(b.startedAt) - Date.parse(a.startedAt),
  );
  return (
    <section class="card recent-changes">
      <h2>{words.changes}</h2>
      {changes.length === 0 && <p class="quiet">{words.noChange}</p>}
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
              {change.actor !== '' && ` · ${words.by(change.actor)}`}
            </p>
            {change.reports.length > 0 && <p class="quiet">{reportedText(change)}</p>}
            <Commits change={change} isSuspicion={incident.verdict !== 'identified'} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface CommitsProps {
  readonly change: Incident['changes'][number];
  /** No cause is identified, so what the commits touch is only suspected to fail. */
  readonly isSuspicion: boolean;
}

/** The commits of a change. Those that touch what fails say how. */
function Commits({ change: { commits, commitCount }, isSuspicion }: CommitsProps) {
  if (commits.length === 0) return null;
  return (
    <details class="commits" open={commits.some(({ touches }) => touches.length > 0)}>
      <summary>
        {words.commits(commitCount)}
        {isSuspicion && ` · ${words.suspectedOnly}`}
      </summary>
      <ul class="plain">
        {commits.map((commit) => (
          <li key={commit.id} class={commit.touches.length > 0 ? 'commit-touches' : 'quiet'}>
            <SafeLink url={commit.url}>{commit.id.slice(0, 7)}</SafeLink> {commit.message}
            {commit.author !== '' && ` · ${words.by(commit.author)}`}
            {commit.touches.map((touch) => (
              <p key={`${touch.reason} ${touch.by}`}>{touchText(touch)}</p>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Similar past incidents and their resolution. */
export function Similar({ incident: { similar } }: SideProps) {
  if (similar.length === 0) return null;
  return (
    <section class="card">
      <h2>{words.similar}</h2>
      <ul class="plain">
        {similar.map((past) => (
          <li key={past.incidentId}>
            <a href={`/incidents/${encodeURIComponent(past.incidentId)}`}>{past.cause || past.incidentId}</a>
            {past.resolvedAt !== null && `, ${dayTime(past.resolvedAt)}`}, {percent(past.similarity)} {words.alike}
            {past.shared.length > 0 && <span class="quiet">: {words.sharedTraits(past.shared)}</span>}
            {past.remediations.map((one) => (
              <p key={one.text}>{remediationText(one)}</p>
            ))}
            <p>
              {past.resolution === '' ? words.noResolution : words.resolution(past.resolution)}
              {past.minutesToRecovery > 0 && (
                <span class="quiet"> {words.recovery(Math.round(past.minutesToRecovery))}</span>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function remediationText({ text, worked, minutes }: Incident['similar'][number]['remediations'][number]): string {
  if (!worked) return words.didNotHelp(text);
  return minutes < 0 ? text : words.afterMinutes(text, minutes);
}

/** What people did, and whether it helped. */
export function Remediations({ incident: { remediations } }: SideProps) {
  if (remediations.length === 0) return null;
  return (
    <section class="card">
      <h2>{words.remediations}</h2>
      <ul class="plain">
        {remediations.map(({ text, worked, actor, at }) => (
          <li key={`${at}${text}`}>
            {worked ? text : words.didNotHelp(text)} {actor !== '' && <span class="quiet">{words.by(actor)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The history of the incident, newest first. */
export function Timeline({ incident: { timeline } }: SideProps) {
  return (
    <section class="card">
      <h2>{words.timeline}</h2>
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

/** A link to a web address. Any other address that a source sends is left out, and only the text is shown. */
export function SafeLink({ url, children }: { readonly url: string; readonly children: ComponentChildren }) {
  if (!/^https?:\/\//i.test(url)) return <span>{children}</span>;
  return (
    <a href={url} rel="noreferrer" target="_blank">
      {children}
    </a>
  );
}
