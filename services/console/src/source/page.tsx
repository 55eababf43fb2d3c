import type { Catalogue, CatalogueEntry } from '../api/client.ts';
import type { Incident } from '../api/types.ts';
import { QueryView } from '../incident/query.tsx';
import { ago } from '../part/format.ts';
import { words } from '../words.ts';
import { rateText, type SourceRow, snippetFor, testWay, unheard } from './rows.ts';

export interface SentTestState {
  readonly service: string;
  readonly door: string;
  readonly incident: Incident | undefined;
}

export interface SourcesPageProps {
  readonly rows: readonly SourceRow[];
  /** Null: it could not be read. */
  readonly catalogue: Catalogue | null;
  /** False: why items were refused is not for this person. */
  readonly showsRefusals: boolean;
  readonly test: SentTestState | null;
  /** What went wrong with the last thing that was asked for; empty: nothing. */
  readonly problem: string;
  readonly origin: string;
  readonly nowMs: number;
  readonly onTest: () => void;
  /** Sends refused bodies again. */
  readonly onReplay: (ids: readonly string[]) => void;
}

/** Each source that was heard, and how to connect the others. */
export function SourcesPage(props: SourcesPageProps) {
  const { rows, catalogue, showsRefusals, problem, origin } = props;
  return (
    <div class="sources">
      <h1>{words.sources}</h1>
      <Test {...props} />
      {problem !== '' && <p role="alert">{problem}</p>}
      <Table {...props} />
      {!showsRefusals && <p class="quiet">{words.noRefusals}</p>}
      <h2>{words.connectSource}</h2>
      {catalogue === null ? (
        <p class="quiet">{words.noCatalogue}</p>
      ) : (
        unheard(catalogue, rows).map((entry) => <Connect key={entry.name} entry={entry} origin={origin} />)
      )}
      <p>
        <a href="/mapping">{words.tryMapping}</a>
      </p>
    </div>
  );
}

function Test({ test, onTest }: SourcesPageProps) {
  return (
    <section class="card">
      <button type="button" onClick={onTest}>
        {words.sendTest}
      </button>{' '}
      <span class="quiet">{words.sendTestHint}</span>
      {test !== null && (
        <ol class="test-way">
          {testWay(test.door, test.incident).map(({ text, isDone }) => (
            <li key={text} class={isDone ? 'done' : 'quiet'}>
              {isDone ? '✓' : '…'} {text}
            </li>
          ))}
        </ol>
      )}
      {test?.incident !== undefined && (
        <a href={`/incidents/${encodeURIComponent(test.incident.id)}`}>{test.incident.title}</a>
      )}
    </section>
  );
}

function Table({ rows, catalogue, nowMs, origin, onReplay }: SourcesPageProps) {
  if (rows.length === 0) return null;
  const entries = new Map(catalogue?.sources.map((entry) => [entry.name, entry]));
  return (
    <table>
      <thead>
        <tr>
          <th>{words.source}</th>
          <th>{words.lastHeard}</th>
          <th>{words.rate}</th>
          <th>{words.waiting}</th>
          <th>{words.refusedItems}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={`${row.source}/${row.signal}`}
            row={row}
            entry={entries.get(row.source)}
            nowMs={nowMs}
            origin={origin}
            onReplay={onReplay}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly row: SourceRow;
  readonly entry: CatalogueEntry | undefined;
  readonly nowMs: number;
  readonly origin: string;
  readonly onReplay: SourcesPageProps['onReplay'];
}

function Row({ row, entry, nowMs, origin, onReplay }: RowProps) {
  return (
    <tr>
      <td>
        <strong>{entry?.title ?? row.source}</strong> <span class="quiet">{row.signal}</span>
        {entry !== undefined && <QueryView query={snippetFor(entry, origin)} title={words.snippet} />}
        {entry !== undefined && entry.expression !== '' && <a href={`/mapping/${entry.name}`}>{words.tryMapping}</a>}
      </td>
      <td data-label={words.lastHeard}>{row.lastHeard === null ? words.never : ago(row.lastHeard, nowMs)}</td>
      <td data-label={words.rate}>{rateText(row.perMinute)}</td>
      <td data-label={words.waiting}>{row.waiting}</td>
      <td data-label={words.refusedItems}>
        {row.refused}
        {row.why !== '' && <p class="quiet">{row.why}</p>}
        {row.refusedIds.length > 0 && (
          <button type="button" class="plain" onClick={() => onReplay(row.refusedIds)}>
            {words.sendAgain}
          </button>
        )}
      </td>
    </tr>
  );
}

function Connect({ entry, origin }: { readonly entry: CatalogueEntry; readonly origin: string }) {
  return (
    <details class="card">
      <summary>
        <strong>{entry.title}</strong> <span class="quiet">{entry.kinds.join(', ')}</span>
      </summary>
      <p>{entry.summary}</p>
      <ol>
        {entry.setup.map((step) => (
          <li key={step}>{step.replaceAll('https://FAULTLINE', origin)}</li>
        ))}
      </ol>
      <QueryView query={snippetFor(entry, origin)} title={words.snippet} />
    </details>
  );
}
