import { useEffect, useState } from 'preact/hooks';
import {
  ApiError,
  type Catalogue,
  getCatalogue,
  getLedger,
  listIncidents,
  listRefusals,
  replayRefusals,
  sendTest,
} from '../api/client.ts';
import type { LiveProps } from '../list/live.tsx';
import { words } from '../words.ts';
import { type SentTestState, SourcesPage } from './page.tsx';
import { incidentOfTest, replayText, type SourceRow, sourceRows } from './rows.ts';

interface Read {
  readonly rows: readonly SourceRow[];
  readonly showsRefusals: boolean;
}

/** The sources, read again every few seconds. */
export function LiveSources({ nowMs, onConnection }: LiveProps) {
  const [read, setRead] = useState<Read>({ rows: [], showsRefusals: true });
  const [catalogue, setCatalogue] = useState<Catalogue | null>(null);
  const [test, setTest] = useState<SentTestState | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    document.title = `${words.sources} · Faultline`;
    void getCatalogue().then(setCatalogue, () => setCatalogue(null));
  }, []);
  useEffect(() => {
    void readSources().then(
      (next) => {
        setRead(next);
        onConnection({ state: 'live' });
      },
      (error: unknown) => onConnection(connectionAfter(error, nowMs)),
    );
    if (test !== null)
      void listIncidents().then(
        ({ incidents }) => setTest({ ...test, incident: incidentOfTest(incidents, test.service) ?? test.incident }),
        () => {},
      );
  }, [nowMs]);
  const onTest = () => {
    setProblem('');
    sendTest().then(
      ({ service, door }) => setTest({ service, door, incident: undefined }),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  const onReplay = (ids: readonly string[]) => {
    setProblem('');
    replayRefusals(ids).then(
      (answer) => setProblem(replayText(answer)),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  return <SourcesPage {...read} {...{ catalogue, test, problem, nowMs, onTest, onReplay }} origin={location.origin} />;
}

async function readSources(): Promise<Read> {
  const [{ sources }, refusals] = await Promise.all([getLedger(), refusalsIfAllowed()]);
  return { rows: sourceRows(sources, refusals ?? []), showsRefusals: refusals !== null };
}

/** Refused bodies are for administrators. Everybody else sees the counts. */
async function refusalsIfAllowed() {
  try {
    return (await listRefusals()).deadLetters;
  } catch (error) {
    if (error instanceof ApiError && error.httpStatus === 403) return null;
    throw error;
  }
}

export function connectionAfter(error: unknown, sinceMs: number) {
  const isRefused = error instanceof ApiError && (error.httpStatus === 401 || error.httpStatus === 403);
  return isRefused ? ({ state: 'refused', message: error.message } as const) : ({ state: 'lost', sinceMs } as const);
}
