import { useEffect } from 'preact/hooks';
import { explainAlert } from '../api/client.ts';
import type { LiveProps } from '../list/live.tsx';
import { type AlertNames, alertPath } from '../part/route.ts';
import { usePoll } from '../workload/poll.ts';
import { AlertPage } from './page.tsx';
import { alertWords } from './words.ts';

interface LiveAlertProps extends Pick<LiveProps, 'onConnection'> {
  readonly names: AlertNames;
}

/** What became of one alert, read again every few seconds. */
export function LiveAlert({ names, onConnection }: LiveAlertProps) {
  const { answer, problem } = usePoll(alertPath(names), (signal) => explainAlert(names, signal), onConnection);
  useEffect(() => {
    document.title = `${alertWords.title(names.fingerprint)} · Faultline`;
  }, [names]);
  if (answer !== null) return <AlertPage fingerprint={names.fingerprint} explanation={answer} />;
  return <p class="quiet">{problem || alertWords.reading}</p>;
}
