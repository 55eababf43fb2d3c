/**
 * The console: a list of incidents and one of workloads, and a page for each, live from the query API. It consists of static files and
 * decides nothing about an incident.
 */
import { render } from 'preact';
import { useState } from 'preact/hooks';
import { LiveAlert } from './alert/live.tsx';
import { isSignedIn, signOut } from './api/client.ts';
import type { Connection } from './api/watch.ts';
import { LiveIncident } from './incident/live.tsx';
import { LiveList } from './list/live.tsx';
import { ConnectionBanner, ConnectionMark } from './part/connection.tsx';
import { useNow, usePath } from './part/hooks.ts';
import { alertPath, routeOf, workloadPath } from './part/route.ts';
import { LiveSources } from './source/live.tsx';
import { LiveMapping } from './source/mapping-live.tsx';
import { words } from './words.ts';
import { LiveWorkload } from './workload/live.tsx';
import { LiveWorkloads } from './workload/live-list.tsx';
import './style/base.css';
import './style/incident.css';
import './style/graph.css';
import './style/source.css';
import './style/workload.css';

function App() {
  const [connection, setConnection] = useState<Connection>({ state: 'connecting' });
  const [session, setSession] = useState(0);
  const restart = () => setSession((before) => before + 1);
  const nowMs = useNow();
  const route = routeOf(usePath());
  return (
    <>
      <header class="top">
        <a href="/" class="brand">
          <svg viewBox="0 0 32 20" aria-hidden="true">
            <path d="M2 13h7l3-9 4 13 3-8h11" />
          </svg>
          Faultline
        </a>
        {route.page !== 'list' && <a href="/">{words.allIncidents}</a>}
        <a href="/sources">{words.sources}</a>
        {route.page !== 'workloads' && <a href="/workloads">{words.workloads}</a>}
        <ConnectionMark connection={connection} />
        {isSignedIn() && (
          <button type="button" class="plain" onClick={() => void signOut().then(restart)}>
            {words.signOut}
          </button>
        )}
      </header>
      <ConnectionBanner connection={connection} nowMs={nowMs} onSignedIn={restart} />
      <main>
        {route.page === 'list' && <LiveList key={session} nowMs={nowMs} onConnection={setConnection} />}
        {route.page === 'incident' && (
          <LiveIncident key={`${session}${route.id}`} id={route.id} nowMs={nowMs} onConnection={setConnection} />
        )}
        {route.page === 'sources' && <LiveSources key={session} nowMs={nowMs} onConnection={setConnection} />}
        {route.page === 'mapping' && (
          <LiveMapping key={`${session}${route.source}`} source={route.source} onConnection={setConnection} />
        )}
        {route.page === 'alert' && (
          <LiveAlert key={`${session}${alertPath(route)}`} names={route} onConnection={setConnection} />
        )}
        {route.page === 'workloads' && <LiveWorkloads key={session} nowMs={nowMs} onConnection={setConnection} />}
        {route.page === 'workload' && (
          <LiveWorkload
            key={`${session}${workloadPath(route)}`}
            names={route}
            nowMs={nowMs}
            onConnection={setConnection}
          />
        )}
        {route.page === 'none' && <p class="quiet">{words.noSuchPage}</p>}
      </main>
    </>
  );
}

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
