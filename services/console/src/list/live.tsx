import { useEffect, useState } from 'preact/hooks';
import type { Incident, WatchMessage } from '../api/types.ts';
import { type Connection, watchIncidents } from '../api/watch.ts';
import { ListPage } from './page.tsx';

export interface LiveProps {
  readonly nowMs: number;
  readonly onConnection: (connection: Connection) => void;
}

interface State {
  readonly incidents: ReadonlyMap<string, Incident>;
  readonly complete: boolean;
}

/** The list, kept up to date by the feed. */
export function LiveList({ nowMs, onConnection }: LiveProps) {
  const [state, setState] = useState<State>({ incidents: new Map(), complete: false });
  useEffect(() => {
    const leaving = new AbortController();
    const onMessage = (message: WatchMessage) => setState((before) => applyMessage(before, message));
    void watchIncidents({ query: 'view=summary', onMessage, onConnection, signal: leaving.signal });
    return () => leaving.abort();
  }, [onConnection]);
  useEffect(() => {
    document.title = 'Faultline';
  }, []);
  return <ListPage incidents={[...state.incidents.values()]} complete={state.complete} nowMs={nowMs} />;
}

/** The list after a message of the feed. */
export function applyMessage(before: State, { incident, retiredId, caughtUp }: WatchMessage): State {
  const incidents = new Map(before.incidents);
  if (incident !== undefined) incidents.set(incident.id, incident);
  if (retiredId) incidents.delete(retiredId);
  return { incidents, complete: before.complete || caughtUp === true };
}
