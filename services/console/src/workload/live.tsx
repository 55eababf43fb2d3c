import { useEffect } from 'preact/hooks';
import { getWorkload } from '../api/client.ts';
import type { LiveProps } from '../list/live.tsx';
import { type WorkloadNames, workloadPath } from '../part/route.ts';
import { WorkloadPage } from './page.tsx';
import { usePoll } from './poll.ts';
import { workloadWords } from './words.ts';

/** One workload, read again every few seconds. */
export function LiveWorkload({ names, nowMs, onConnection }: LiveProps & { readonly names: WorkloadNames }) {
  const { answer, problem } = usePoll(workloadPath(names), (signal) => getWorkload(names, signal), onConnection);
  useEffect(() => {
    document.title = `${names.namespace}/${names.name} · Faultline`;
  }, [names]);
  if (answer !== null) return <WorkloadPage workload={answer} nowMs={nowMs} />;
  return <p class="quiet">{problem || workloadWords.reading}</p>;
}
