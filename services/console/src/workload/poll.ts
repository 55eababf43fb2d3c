/** Reads something again and again, and reports the connection as the live feed does. */
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/client.ts';
import type { Connection } from '../api/watch.ts';

export interface PollOptions<Answer> {
  readonly load: (signal: AbortSignal) => Promise<Answer>;
  readonly onAnswer: (answer: Answer) => void;
  /** The server refused for another reason than a missing sign-in: it is shown in place of an answer. */
  readonly onProblem: (message: string) => void;
  readonly onConnection: (connection: Connection) => void;
  readonly signal: AbortSignal;
  readonly wait: (signal: AbortSignal) => Promise<void>;
}

/** Runs until `signal` is aborted, or the server asks for a sign-in. An answer stays on the page while the connection is lost. */
export async function poll<Answer>(options: PollOptions<Answer>): Promise<void> {
  const { load, onAnswer, onProblem, onConnection, signal, wait } = options;
  let lostAtMs: number | null = null;
  while (!signal.aborted) {
    try {
      const answer = await load(signal);
      if (signal.aborted) return;
      lostAtMs = null;
      onConnection({ state: 'live' });
      onAnswer(answer);
    } catch (error) {
      if (signal.aborted) return;
      const status = error instanceof ApiError ? error.httpStatus : 0;
      if (error instanceof ApiError && (status === 401 || status === 403))
        return onConnection({ state: 'refused', message: error.message });
      if (error instanceof ApiError && status >= 400 && status < 500) {
        onConnection({ state: 'live' });
        onProblem(error.message);
      } else {
        lostAtMs ??= Date.now();
        onConnection({ state: 'lost', sinceMs: lostAtMs });
      }
    }
    await wait(signal);
  }
}

const pollMs = 5000;

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pollMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The last answer and the last problem. Starts over when `key` differs; the answer stays until the next one comes. */
export function usePoll<Answer>(
  key: string,
  load: (signal: AbortSignal) => Promise<Answer>,
  onConnection: (connection: Connection) => void,
): { readonly answer: Answer | null; readonly problem: string } {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const leaving = new AbortController();
    const onAnswer = (next: Answer) => {
      setAnswer(next);
      setProblem('');
    };
    void poll({ load, onAnswer, onProblem: setProblem, onConnection, signal: leaving.signal, wait: pause });
    return () => leaving.abort();
  }, [key, onConnection]);
  return { answer, problem };
}
