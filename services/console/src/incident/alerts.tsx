import { useState } from 'preact/hooks';
import { listAlerts } from '../api/client.ts';
import type { Alert, Incident } from '../api/types.ts';
import { entityName, timeOfDay } from '../part/format.ts';
import { alertPath } from '../part/route.ts';
import { words } from '../words.ts';
import { SafeLink } from './side.tsx';

const firstShown = 10;

/** The alerts of an incident: ten, then the hundred that the incident carries, then all of them, page by page. */
export function Alerts({ incident }: { readonly incident: Incident }) {
  const [all, setAll] = useState<AllAlerts | null>(null);
  const [expanded, setExpanded] = useState(false);
  const [problem, setProblem] = useState('');
  const carried = expanded ? incident.alerts : incident.alerts.slice(0, firstShown);
  const shown = all?.alerts ?? carried;
  const more = async () => {
    if (!expanded && incident.alerts.length > firstShown) return setExpanded(true);
    try {
      const page = await listAlerts(incident.id, all?.nextPageToken ?? '');
      setAll({ alerts: [...(all?.alerts ?? []), ...page.alerts], nextPageToken: page.nextPageToken });
      setProblem('');
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const isAll = shown.length >= incident.alertCount || all?.nextPageToken === '';
  return (
    <section class="card alerts">
      <h2>
        {words.alerts} <span class="quiet">{incident.alertCount}</span>
      </h2>
      <AlertTable alerts={shown} />
      {problem !== '' && <p role="alert">{problem}</p>}
      {!isAll && (
        <button type="button" onClick={() => void more()}>
          {words.showMore(shown.length, incident.alertCount)}
        </button>
      )}
    </section>
  );
}

interface AllAlerts {
  readonly alerts: readonly Alert[];
  readonly nextPageToken: string;
}

const marks = { firing: '▲', resolved: '✓', expired: '…' } as const;

function AlertTable({ alerts }: { readonly alerts: readonly Alert[] }) {
  return (
    <table>
      <thead>
        <tr>
          {words.alertColumns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {alerts.map((alert) => (
          <tr key={alert.fingerprint} class={`alert-${alert.status}`}>
            <td>
              <span aria-hidden="true">{marks[alert.status]}</span> {alert.status}
            </td>
            <td>
              <SafeLink url={alert.url}>{alert.name}</SafeLink>
            </td>
            <td>{entityName(alert.entity)}</td>
            <td>
              <time dateTime={alert.startsAt}>{timeOfDay(alert.startsAt)}</time>
            </td>
            <td>
              {alert.reason} <a href={alertPath(alert)}>{words.whyPaged}</a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
