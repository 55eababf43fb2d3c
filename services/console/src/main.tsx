/**
 * The console: the list of incidents and the page of one, live from the query API. It is static files and knows no more than the API tells;
 * it decides nothing about an incident.
 */
import { render } from 'preact';
import { useState } from 'preact/hooks';
import type { Connection } from './api/watch.ts';
import { LiveIncident } from './incident/live.tsx';
import { LiveList } from './list/live.tsx';
import { ConnectionBanner, ConnectionMark } from './part/connection.tsx';
import { useNow, usePath } from './part/hooks.ts';
import './style/base.css';
import './style/incident.css';
import './style/graph.css';

function App() {
  const [connection, setConnection] = useState<Connection>({ state: 'connecting' });
  const [session, setSession] = useState(0);
  const nowMs = useNow();
  const path = usePath();
  const id = /^\/incidents\/([^/]+)$/.exec(path)?.[1];
  return (
    <>
      <header class="top">
        <a href="/" class="brand">
          <svg viewBox="0 0 32 20" aria-hidden="true">
            <path d="M2 13h7l3-9 4 13 3-8h11" />
          </svg>
          Faultline
        </a>
        {id !== undefined && <a href="/">All incidents</a>}
        <ConnectionMark connection={connection} />
      </header>
      <ConnectionBanner connection={connection} nowMs={nowMs} onToken={() => setSession(session + 1)} />
      <main>
        {id === undefined ? (
          <LiveList key={session} nowMs={nowMs} onConnection={setConnection} />
        ) : (
          <LiveIncident
            key={`${session}${id}`}
            id={decodeURIComponent(id)}
            nowMs={nowMs}
            onConnection={setConnection}
          />
        )}
      </main>
    </>
  );
}

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
