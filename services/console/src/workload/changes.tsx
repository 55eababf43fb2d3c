import type { RecordedChange } from '../api/types.ts';
import { SafeLink } from '../incident/side.tsx';
import { dayTime } from '../part/format.ts';
import { words } from '../words.ts';
import { rolloutMarks, workloadWords } from './words.ts';

/** The rollouts of the workload itself, newest first. */
export function Rollouts({ rollouts }: { readonly rollouts: readonly RecordedChange[] }) {
  return (
    <section class="card">
      <h2>{workloadWords.rollouts}</h2>
      {rollouts.length === 0 && <p class="quiet">{workloadWords.noRollouts}</p>}
      <ChangeList changes={rollouts} />
    </section>
  );
}

/** Changes of what the workload refers to, and of itself where nothing rolled out. */
export function Changes({ changes }: { readonly changes: readonly RecordedChange[] }) {
  return (
    <section class="card">
      <h2>{workloadWords.changes}</h2>
      {changes.length === 0 && <p class="quiet">{workloadWords.noChanges}</p>}
      <ChangeList changes={changes} />
    </section>
  );
}

function ChangeList({ changes }: { readonly changes: readonly RecordedChange[] }) {
  return (
    <ul class="plain changes">
      {changes.map((change) => (
        <li key={change.id}>
          <p>
            <RolloutMark change={change} /> <time dateTime={change.startedAt}>{dayTime(change.startedAt)}</time>
          </p>
          <p dir="auto">
            <SafeLink url={change.url}>{change.summary}</SafeLink>
          </p>
          <p class="quiet">
            {change.actor !== '' && words.by(change.actor)}
            {progressText(change)}
          </p>
          <Differences change={change} />
        </li>
      ))}
    </ul>
  );
}

function RolloutMark({ change: { kind, clusterChange } }: { readonly change: RecordedChange }) {
  const state = clusterChange?.rollout?.state;
  return <span class="change-mark">{state === undefined ? kind : (rolloutMarks[state] ?? state)}</span>;
}

function progressText({ clusterChange }: RecordedChange): string {
  const rollout = clusterChange?.rollout ?? null;
  if (rollout === null || rollout.state === 'complete' || rollout.state === 'superseded') return '';
  const reason = rollout.reason === '' ? '' : ` (${rollout.reason})`;
  return ` · ${rollout.updated} of ${rollout.desired} updated, ${rollout.available} available${reason}`;
}

function Differences({ change: { clusterChange } }: { readonly change: RecordedChange }) {
  const paths = clusterChange?.paths ?? [];
  const omitted = clusterChange?.omittedPaths ?? 0;
  if (paths.length === 0) return null;
  return (
    <details class="query">
      <summary>{workloadWords.differences(paths.length + omitted)}</summary>
      <ul class="plain">
        {paths.map(({ path, from, to }) => (
          <li key={path}>
            <code>{path}</code>
            <p class="quiet">
              {from || workloadWords.absent} → <b>{to || workloadWords.absent}</b>
            </p>
          </li>
        ))}
      </ul>
      {omitted > 0 && <p class="quiet">{workloadWords.omitted(omitted)}</p>}
    </details>
  );
}
