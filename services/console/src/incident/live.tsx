import { useEffect, useState } from 'preact/hooks';
import { ApiError, getIncident } from '../api/client.ts';
import type { Incident, WatchMessage } from '../api/types.ts';
import { watchIncidents } from '../api/watch.ts';
import type { LiveProps } from '../list/live.tsx';
import { useMedia } from '../part/hooks.ts';
import { words } from '../words.ts';
import { IncidentPage } from './page.tsx';

/** One incident, kept up to date by the feed. A past one is read from history once. */
export function LiveIncident({ id, nowMs, onConnection }: LiveProps & { readonly id: string }) {
  const [incident, setIncident] = useState<Incident | null>(null);
  const [problem, setProblem] = useState('');
  const narrow = useMedia('(max-width: 720px)');
  useEffect(() => {
    const leaving = new AbortController();
    let found = false;
    const onMessage = (message: WatchMessage) => {
      if (message.incident !== undefined) {
        found = true;
        setIncident(message.incident);
      } else if (message.caughtUp && !found) {
        getIncident(id).then(setIncident, (error: Error) => setProblem(describe(error)));
      }
    };
    void watchIncidents({ query: `id=${encodeURIComponent(id)}`, onMessage, onConnection, signal: leaving.signal });
    return () => leaving.abort();
  }, [id, onConnection]);
  useEffect(() => {
    if (incident !== null) document.title = `${incident.status === 'open' ? '● ' : ''}${incident.title} · Faultline`;
  }, [incident]);
  if (incident !== null) return <IncidentPage incident={incident} nowMs={nowMs} direction={narrow ? 'up' : 'right'} />;
  return <p class="quiet">{problem || words.reading}</p>;
}

function describe(error: Error): string {
  return error instanceof ApiError && error.httpStatus === 404 ? words.noSuchIncident : error.message;
}
