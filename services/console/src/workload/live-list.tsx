import { useEffect, useState } from 'preact/hooks';
import { listWorkloads } from '../api/client.ts';
import type { LiveProps } from '../list/live.tsx';
import { words } from '../words.ts';
import { WorkloadsPage } from './list-page.tsx';
import { usePoll } from './poll.ts';

/** The list, read again every few seconds and at each letter of the search. */
export function LiveWorkloads({ nowMs, onConnection }: LiveProps) {
  const [search, setSearch] = useState('');
  const { answer, problem } = usePoll(search, (signal) => listWorkloads(search, signal), onConnection);
  useEffect(() => {
    document.title = `${words.workloads} · Faultline`;
  }, []);
  return <WorkloadsPage list={answer} search={search} onSearch={setSearch} problem={problem} nowMs={nowMs} />;
}
