import type { WorkloadList, WorkloadSummary } from '../api/types.ts';
import { ago } from '../part/format.ts';
import { workloadPath } from '../part/route.ts';
import { podsText, stateWords, totalText, workloadWords } from './words.ts';

export interface WorkloadsPageProps {
  /** Null until the first answer. */
  readonly list: WorkloadList | null;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly problem: string;
  readonly nowMs: number;
}

/** Failing workloads first, with a search. */
export function WorkloadsPage({ list, search, onSearch, problem, nowMs }: WorkloadsPageProps) {
  const shown = list?.workloads ?? [];
  const total = list?.total ?? 0;
  return (
    <div class="list">
      <h1>{totalText(total, list !== null)}</h1>
      <input
        type="search"
        class="filter"
        aria-label={workloadWords.search}
        placeholder={workloadWords.search}
        value={search}
        onInput={(event) => onSearch(event.currentTarget.value)}
      />
      {problem !== '' && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
      {list !== null && total === 0 && (
        <p class="quiet">{search === '' ? workloadWords.none : workloadWords.noMatch}</p>
      )}
      <ul class="rows">
        {shown.map((summary) => (
          <li key={pathOf(summary)}>
            <Row summary={summary} nowMs={nowMs} />
          </li>
        ))}
      </ul>
      {total > shown.length && <p class="quiet">{workloadWords.more(total - shown.length)}</p>}
    </div>
  );
}

function pathOf({ workload }: WorkloadSummary): string {
  return workloadPath({ cluster: workload.cluster, ...workload.object });
}

function Row({ summary, nowMs }: { readonly summary: WorkloadSummary; readonly nowMs: number }) {
  const { workload, health, team, images, problem, lastChangedAt } = summary;
  const { kind, namespace, name } = workload.object;
  return (
    <a href={pathOf(summary)} class={`row row-${health.state}`}>
      <span class="row-head">
        <span class={`status state-${health.state}`}>{stateWords[health.state]}</span>
        <span>{kind}</span>
        <span class="quiet">{workload.cluster}</span>
        {team !== '' && <span class="quiet">{team}</span>}
      </span>
      <strong class="row-title">
        {namespace}/{name}
      </strong>
      <span class="row-cause" dir="auto">
        {problem || images.map(({ image }) => image).join(', ')}
      </span>
      <span class="row-numbers quiet">
        {podsText(health)}
        {lastChangedAt !== null && ` · changed ${ago(lastChangedAt, nowMs)}`}
      </span>
    </a>
  );
}
