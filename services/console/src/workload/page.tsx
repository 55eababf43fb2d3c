import type { Workload } from '../api/types.ts';
import { SafeLink } from '../incident/side.tsx';
import { ago, dayTime } from '../part/format.ts';
import { Changes, Rollouts } from './changes.tsx';
import { DriftList } from './drift.tsx';
import { Findings } from './findings.tsx';
import { Requests } from './use.tsx';
import { podsText, stateWords, workloadWords } from './words.ts';

export interface WorkloadPageProps {
  readonly workload: Workload;
  readonly nowMs: number;
}

/** One workload: why its rollout does not finish first, then the faults behind it, then what changed. */
export function WorkloadPage({ workload, nowMs }: WorkloadPageProps) {
  return (
    <article class="incident workload">
      <Headline workload={workload} nowMs={nowMs} />
      <div class="columns">
        <div class="column-main">
          <Findings workload={workload} />
          <Rollouts rollouts={workload.rollouts} />
          <Changes changes={workload.changes} />
          <DriftList drift={workload.drift} nowMs={nowMs} />
          <Requests rightsizing={workload.rightsizing} />
        </div>
        <div class="column-side">
          <About workload={workload} />
          <Pods workload={workload} nowMs={nowMs} />
          <Missing workload={workload} />
        </div>
      </div>
    </article>
  );
}

function Headline({ workload, nowMs }: WorkloadPageProps) {
  const { workload: reference, environment, service, health } = workload.summary;
  const { kind, namespace, name } = reference.object;
  return (
    <header class="headline">
      <p class="meta">
        <span class={`status state-${health.state}`}>{stateWords[health.state]}</span>
        <span>{kind}</span>
        <span>{reference.cluster}</span>
        <span>{environment}</span>
        {service !== name && <span>service {service}</span>}
        <span>{podsText(health)}</span>
        {health.since !== null && (
          <span>
            since <time dateTime={health.since}>{dayTime(health.since)}</time>, {ago(health.since, nowMs)}
          </span>
        )}
      </p>
      <h1>
        {namespace}/{name}
      </h1>
      <section
        class={`verdict ${health.state === 'failing' ? '' : 'verdict-inconclusive'}`}
        aria-label={workloadWords.answer}
      >
        <p dir="auto">{workload.answer || workloadWords.nothingWrong}</p>
      </section>
    </header>
  );
}

function About({
  workload: { summary, contact, runbookUrl, commit, incidentIds },
}: Pick<WorkloadPageProps, 'workload'>) {
  return (
    <section class="card owners">
      <h2>{workloadWords.images}</h2>
      <ul class="plain">
        {summary.images.map(({ container, image }) => (
          <li key={container}>
            <strong>{container}</strong> <code>{image}</code>
          </li>
        ))}
        {commit !== '' && (
          <li>
            commit <code>{commit}</code>
          </li>
        )}
        {(summary.team !== '' || contact !== '') && (
          <li>
            {workloadWords.owner}: <strong>{summary.team}</strong> {contact}
          </li>
        )}
        {runbookUrl !== '' && (
          <li>
            <SafeLink url={runbookUrl}>{workloadWords.runbook}</SafeLink>
          </li>
        )}
        {incidentIds.map((id) => (
          <li key={id}>
            {workloadWords.incidents}: <a href={`/incidents/${encodeURIComponent(id)}`}>{id}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

const podsShown = 50;

function Pods({ workload: { pods }, nowMs }: WorkloadPageProps) {
  if (pods.length === 0) return null;
  return (
    <section class="card">
      <h2>{workloadWords.pods}</h2>
      <ul class="plain">
        {pods.slice(0, podsShown).map(({ name, node, startedAt, endedAt }) => (
          <li key={name} class={endedAt === null ? '' : 'quiet'}>
            {name}
            <p class="quiet">
              {node} · {endedAt === null ? ago(startedAt, nowMs) : `${workloadWords.ended} ${ago(endedAt, nowMs)}`}
            </p>
          </li>
        ))}
      </ul>
      {pods.length > podsShown && <p class="quiet">{workloadWords.omitted(pods.length - podsShown)}</p>}
    </section>
  );
}

function Missing({ workload: { missing } }: Pick<WorkloadPageProps, 'workload'>) {
  if (missing.length === 0) return null;
  return (
    <section class="card card-warn">
      <h2>{workloadWords.missing}</h2>
      <ul>
        {missing.map(({ part, reason }) => (
          <li key={part}>
            {part}: {reason}
          </li>
        ))}
      </ul>
    </section>
  );
}
