import type { AlertExplanation } from '../api/types.ts';
import { dayTime } from '../part/format.ts';
import { alertPath } from '../part/route.ts';
import { alertWords, stepWords } from './words.ts';

interface AlertPageProps {
  readonly fingerprint: string;
  readonly explanation: AlertExplanation;
}

/** Why one alert was paged or not: the sentence, the steps, and what looks like it where nothing is known. */
export function AlertPage({ fingerprint, explanation }: AlertPageProps) {
  const { text, incidentId, steps } = explanation;
  return (
    <>
      <section class="card">
        <h1 dir="auto">{alertWords.title(fingerprint)}</h1>
        <p dir="auto">{text}</p>
        {incidentId !== '' && <a href={`/incidents/${encodeURIComponent(incidentId)}`}>{alertWords.incident}</a>}
      </section>
      {steps.length > 0 && <Steps steps={steps} />}
      {explanation.outcome === 'not-heard' && <NearMatches matches={explanation.nearMatches} />}
    </>
  );
}

function Steps({ steps }: Pick<AlertExplanation, 'steps'>) {
  return (
    <section class="card">
      <h2>{alertWords.steps}</h2>
      <ol class="plain">
        {steps.map(({ at, kind, text }) => (
          <li key={`${kind}${at}${text}`}>
            {at !== null && <time dateTime={at}>{dayTime(at)}</time>} <b>{stepWords[kind] ?? kind}</b>{' '}
            <span dir="auto">{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function NearMatches({ matches }: { readonly matches: AlertExplanation['nearMatches'] }) {
  if (matches.length === 0) return <p class="quiet">{alertWords.nothingNear}</p>;
  return (
    <section class="card">
      <h2>{alertWords.nearMatches}</h2>
      <ul class="plain">
        {matches.map((match) => (
          <li key={`${match.source}/${match.fingerprint}`}>
            <a href={alertPath(match)} dir="auto">
              {match.name || match.fingerprint}
            </a>{' '}
            <span class="quiet">
              {match.source} {match.fingerprint} {match.receivedAt !== null && dayTime(match.receivedAt)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
